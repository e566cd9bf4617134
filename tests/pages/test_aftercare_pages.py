"""Follow-up, the call, the patient's page and the hand-over as Streamlit runs them, over a real data folder."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import clock, paths, protocols, schedules, site
from core.records import index, sessions
from core.web.dress import DEVICE_COOKIE
from pages.parts.forms import filling
from pages.parts.frame import words
from tests.helpers import courses
from tests.helpers.courses import DAY_MS, HOUR_MS
from tests.helpers.tables import HEAD, LUMBAR, LUMBAR_TEXT, mark
from tests.helpers.taps import DEVICE, on_disk
from tests.pages.test_pages import SHELL, shown

Json = dict[str, Any]
Opens = Callable[..., AppTest]


@pytest.fixture
def opens(data: Path, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Opens a page by its file, with what stands in its address."""
    monkeypatch.setattr(ContextProxy, "cookies", {DEVICE_COOKIE: DEVICE})

    def page(file: str, **address: str) -> AppTest:
        page = AppTest.from_file(SHELL, default_timeout=30).run().switch_page(file)
        for key, content in address.items():
            page.query_params[key] = content
        return checked(page)

    return page


@pytest.fixture
def last(data: Path) -> str:
    """Case 2 four days after its fourth dose: its first call is overdue. The session. CK and WN are known names."""
    first, *_, fourth = courses.store(sessions.store(), "2", clock.now_ms() - 4 * DAY_MS - HOUR_MS)
    for name in ("CK", "WN"):
        sessions.add(sessions.store(), first, [("note", {"text": "Seen"}, None)], DEVICE, name, f"seen-{name}")
    return fourth


def checked(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def by(page: AppTest, kind: str, ending: str) -> Any:
    """The one widget of a kind whose key ends so: keys begin with the name of this filling of the form."""
    (widget,) = [candidate for candidate in getattr(page, kind) if str(candidate.key).endswith(ending)]
    return widget


def answer_question(page: AppTest, complication: str, answer: str) -> None:
    by(page, "button_group", f" {complication} asked").set_value(answer)
    checked(page)


def local(at: int) -> datetime:
    return site.local(at).replace(tzinfo=None, second=0, microsecond=0)


def press(page: AppTest, ending: str) -> AppTest:
    by(page, "button", ending).click()
    return checked(page)


def errors(page: AppTest) -> list[str]:
    return [error.value for error in page.error]


# ----------------------------------------------------------------------------------------------------------- follow-up
def test_the_worklist_names_every_call_that_is_to_be_made_and_how_it_stands(opens: Opens, last: str):
    page = opens("follow_up.py")
    assert [header.value for header in page.header] == [
        "Overdue · 1",
        "Due",
        "Unreachable",
        "Coming · 1",
        "Done · 6",
        "Missed",
    ]
    assert f"/call?s={last}&c=call_72h" in shown(page)


def test_start_lists_the_calls_that_are_due_and_leads_to_them(opens: Opens, last: str):
    page = opens("start.py")
    assert f"/call?s={last}&c=call_72h" in shown(page)
    assert "All calls" in shown(page)


def test_start_says_what_a_procedure_left_open_over_night_still_lacks(opens: Opens, last: str):
    events = [mark(0, "scan_started"), mark(60, "skin_puncture", interspace="L3-L4"), mark(90, "ct_guidance")]
    for patient, days in (("P-801", 2), ("P-802", 0)):
        courses.keep(sessions.store(), HEAD | {"patient": patient, "events": events}, clock.now_ms() - days * DAY_MS)
    text = shown(opens("start.py"))
    (left,) = [part for part in text.split("<a class") if "Left open over night" in part]
    assert "P-801" in left
    assert "Still missing: End compression, Dose given under CT, Leg movement and sensation checked" in left


def test_every_list_names_the_records_that_cannot_be_read(opens: Opens, last: str):
    (file,) = paths.data_folder().rglob(f"{last}*")
    file.write_text("{torn", encoding="utf-8")
    for page in (opens("start.py"), opens("follow_up.py"), opens("patient.py"), opens("records.py")):
        assert len([error for error in errors(page) if error.startswith(f"{last}: ")]) == 1


# ------------------------------------------------------------------------------------------------------------ the call
def test_initials_on_record_are_one_tap_and_others_are_typed(opens: Opens, last: str):
    page = opens("call.py", s=last, c="call_72h")
    names = by(page, "button_group", " by known").options
    assert names == sorted(names) != []
    by(page, "button_group", " by known").set_value(names[0])
    assert by(checked(page), "text_input", " by").value == names[0]
    by(page, "text_input", " by").set_value("NEW")
    assert by(checked(page), "text_input", " by").value == "NEW"


def test_a_call_is_recorded_symptom_by_symptom_with_onset_severity_and_what_was_not_asked(opens: Opens, last: str):
    before = on_disk(last)
    page = opens("call.py", s=last, c="call_72h")
    by(page, "text_input", " by").set_value("CK")
    began = local(clock.now_ms() - 30 * HOUR_MS)
    answer_question(page, "headache", "Yes")
    by(page, "datetime_input", " headache began").set_value(began)
    by(page, "button_group", " headache severity").set_value("moderate")
    by(page, "button_group", " headache postural").set_value("worse upright")
    answer_question(page, "fever", "No")
    assert "Red flag: headache worse upright" in shown(page)
    press(page, " save call")
    headache, call_made = on_disk(last)[len(before) :]
    assert headache["data"] == {
        "complication": "headache",
        "which_call": "72 h",
        "severity": "moderate",
        "postural": "worse upright",
    }
    assert headache["at"] == site.moment(began)
    assert call_made["data"]["mark"] == "call_made"
    assert "Leg weakness" in call_made["data"]["not_asked"]
    assert "Fever" not in call_made["data"]["not_asked"]
    assert {call_made["by"], headache["by"]} == {"CK"}
    assert "Recorded" in shown(page)
    assert not [button for button in page.button if str(button.key).endswith(" save call")]


def test_what_was_typed_stays_when_something_is_missing_and_nothing_is_stored(opens: Opens, last: str):
    before = len(on_disk(last))
    page = opens("call.py", s=last, c="call_72h")
    answer_question(page, "headache", "Yes")
    by(page, "text_input", " headache text").set_value("only upright")
    press(page, " save call")
    assert errors(page) == [
        "Called by: expected initials, found nothing.",
        "Headache: expected when it began, found nothing.",
    ]
    assert len(on_disk(last)) == before
    assert by(page, "text_input", " headache text").value == "only upright"
    answer_question(page, "headache", "No")
    answer_question(page, "headache", "Yes")
    assert by(page, "text_input", " headache text").value == "only upright"


def test_two_tabs_that_go_on_with_one_call_are_two_fillings_of_it(opens: Opens, last: str):
    before = on_disk(last)
    begun = opens("call.py", s=last, c="call_72h")
    by(begun, "text_area", " text").set_value("Feels well")
    checked(begun)
    tabs = [opens("call.py", s=last, c="call_72h") for _ in range(2)]
    for tab, sentence in zip(tabs, ("Slept badly", "Slept well"), strict=True):
        assert by(tab, "text_area", " text").value == "Feels well"
        by(tab, "text_area", " text").set_value(sentence)
        by(tab, "text_input", " by").set_value("CK")
        press(tab, " save call")
    assert [entry["data"].get("text") for entry in on_disk(last)[len(before) :]] == [
        "Slept badly",
        None,
        "Slept well",
        None,
    ]


def test_what_another_nurse_typed_says_whose_it_is_and_can_be_left(opens: Opens, last: str):
    page = opens("call.py", s=last, c="call_72h")
    assert not page.info
    by(page, "text_input", " by").set_value("CK")
    by(page, "text_area", " text").set_value("Feels well")
    checked(page)
    page = opens("call.py", s=last, c="call_72h")
    assert page.info[0].value.startswith(f"Typed by CK at {site.local(clock.now_ms()):%H:}")
    assert by(page, "text_input", " by").value == ""
    press(page, f"anew call {last} call_72h")
    assert not page.info
    assert by(page, "text_area", " text").value == ""
    assert not opens("call.py", s=last, c="call_72h").info


def test_what_was_typed_a_shift_ago_does_not_come_up_again(opens: Opens, last: str):
    page = opens("call.py", s=last, c="call_72h")
    by(page, "text_area", " text").set_value("Feels well")
    checked(page)
    form = DEVICE, f"call {last} call_72h"
    left = filling._drafts()[form]
    for ago, text in ((filling.DRAFT_LASTS_MS - 60_000, "Feels well"), (filling.DRAFT_LASTS_MS, "")):
        filling._drafts()[form] = msgspec.structs.replace(left, at=clock.now_ms() - ago)
        assert by(opens("call.py", s=last, c="call_72h"), "text_area", " text").value == text


def test_the_call_stands_first_and_below_it_what_the_patient_had_since_this_dose(opens: Opens, last: str):
    first = min(row.session for row in index.index().rows())
    for session, days, name in ((first, 40, "fever"), (last, 2, "headache"), (last, 1, "lumbar_pain")):
        content = ("complication", {"complication": name}, clock.now_ms() - days * DAY_MS)
        sessions.add(sessions.store(), session, [content], DEVICE, "CK", f"{name}-{days}")
    page = opens("call.py", s=last, c="call_72h")
    assert [header.value for header in page.header] == ["The call", "Symptoms", "Adverse events since this dose"]
    assert [expander.label.partition(",")[0] for expander in page.expander] == [
        "Is it over? Headache",
        "Is it over? Lumbar pain",
    ]
    assert "1 event before this dose: case-2" in shown(page)
    asked = [expander.label.partition(",")[0] for expander in opens("patient.py", p="case-2").expander]
    assert [label for label in asked if "over?" in label] == [
        "Is it over? Fever",
        "Is it over? Headache",
        "Is it over? Lumbar pain",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://example.org/x.png)",
        "[x](https://example.org)",
        "https://example.org",
        "www.example.org",
        "nurse@example.org",
        "<https://example.org>",
        ":red[x]",
        "$x$",
        "`x`",
        "**x**",
    ],
)
def test_free_text_makes_no_link_image_or_sign_of_a_sentence(text: str):
    plain = words.plain(text)
    assert plain != text
    assert "".join(letter for letter in plain if letter not in "\\\u2060") == text


def test_a_call_dated_before_the_procedure_is_kept_once_confirmed_and_listed_to_review(opens: Opens, last: str):
    before = len(on_disk(last))
    page = opens("call.py", s=last, c="call_72h")
    by(page, "text_input", " by").set_value("CK")
    by(page, "button_group", " when").set_value("Earlier…")
    checked(page)
    by(page, "datetime_input", " at").set_value(local(clock.now_ms() - 5 * DAY_MS))
    by(page, "text_area", " text").set_value("Feels well")
    press(page, " save call")
    assert "before the procedure" in page.warning[0].value
    assert len(on_disk(last)) == before
    by(page, "checkbox", " sure").check()
    checked(page)
    assert by(page, "text_area", " text").value == "Feels well"
    press(page, " save call")
    assert len(on_disk(last)) == before + 2
    row = next(candidate for candidate in index.index().rows() if candidate.session == last)
    assert row.to_review == 1
    assert row.calls[0].made_at is None


def test_three_attempts_make_a_patient_unreachable_and_none_is_counted_twice(opens: Opens, last: str):
    page = opens("call.py", s=last, c="call_72h")
    for n in (1, 2, 3):
        by(page, "text_input", " by").set_value("CK")
        press(page, " tried")
        tries = next(candidate for candidate in index.index().rows() if candidate.session == last).calls[0].tries
        assert len(tries) == n
        press(page, f"again call {last} call_72h")
    assert [header.value for header in opens("follow_up.py").header][2] == "Unreachable · 1"


def test_answers_speak_against_a_call_that_nobody_answered(opens: Opens, last: str):
    page = opens("call.py", s=last, c="call_72h")
    by(page, "text_input", " by").set_value("CK")
    answer_question(page, "fever", "Yes")
    by(page, "datetime_input", " fever began").set_value(local(clock.now_ms() - HOUR_MS))
    press(page, " tried")
    assert errors(page) == ["Not answered: expected no answers, found 1. Save the call instead, or take them back."]


def test_an_earlier_adverse_event_is_given_its_end_and_not_one_before_its_beginning(opens: Opens, last: str):
    began = clock.now_ms() - 50 * HOUR_MS
    sessions.add(sessions.store(), last, [("complication", {"complication": "headache"}, began)], DEVICE, "CK", "one")
    page = opens("call.py", s=last, c="call_72h")
    by(page, "datetime_input", " resolved").set_value(local(began - HOUR_MS))
    press(page, " resolved save")
    assert errors(page)[0].startswith("Headache, resolved: expected a time after it began")
    by(page, "datetime_input", " resolved").set_value(local(began + HOUR_MS))
    press(page, " resolved save")
    assert on_disk(last)[-1]["data"] == {"of": "one-0", "set": {"resolved": site.moment(local(began + HOUR_MS))}}
    assert "resolved" in shown(page)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [({}, "Expected a procedure in the address"), ({"s": "20260101-nothere000"}, "found “20260101-nothere000”")],
)
def test_an_address_without_a_procedure_gets_a_sentence(opens: Opens, address: dict[str, str], sentence: str):
    for page in (opens("call.py", **address), opens("handover.py", **address)):
        assert sentence in shown(page)


def test_a_call_that_the_protocol_does_not_know_gets_a_sentence_with_those_it_knows(opens: Opens, last: str):
    assert "(call_72h, call_day_5) in the address (&c=…), found “call_day_9”" in shown(
        opens("call.py", s=last, c="call_day_9")
    )


# --------------------------------------------------------------------------------------------------------- the patient
def test_a_patients_page_shows_doses_in_order_the_next_one_and_what_worked(opens: Opens, last: str):
    text = shown(opens("patient.py", p="case-2"))
    places = [text.index(f"Dose {n}<span>") for n in (1, 2, 3, 4)]
    assert places == sorted(places)
    for said_so in ("Dose 5", "12 mg/5 mL", "last reviewed", "What happened last time", "Puncture time", "<dd>3 min<"):
        assert said_so in text


def test_a_dose_outside_its_window_is_said_so_in_the_course(opens: Opens, data: Path):
    for dose, days in zip(courses.course("2"), (40, 30, 16), strict=False):
        courses.keep(sessions.store(), dose, clock.now_ms() - days * DAY_MS)
    cards = shown(opens("patient.py", p="case-2")).split('<section class="dose">')[1:]
    assert ["Given 4 days before its window opened" in card for card in cards] == [False, True, False]


def test_a_fifth_dose_is_not_left_out_of_what_happened_last_time_without_a_word(opens: Opens, last: str):
    fifth = HEAD | {"patient": "case-2", "dose": 5, "events": [mark(0, "scan_started")]}
    courses.keep(sessions.store(), fifth, clock.now_ms() - 2 * DAY_MS)
    assert "and 1 earlier dose, below" in shown(opens("patient.py", p="case-2"))


def test_a_patient_under_two_protocols_with_schedules_has_a_page(
    opens: Opens, last: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "schedules").mkdir()
    (tmp_path / "other.toml").write_text(LUMBAR_TEXT.replace(f'id = "{LUMBAR.id}"', 'id = "lumbar-other"', 1))
    for path in schedules.FOLDER.glob("*12mg*.toml"):
        text = path.read_text(encoding="utf-8").replace(LUMBAR.id, "lumbar-other").replace(path.stem, f"o-{path.stem}")
        (tmp_path / "schedules" / f"o-{path.name}").write_text(text, encoding="utf-8")
    monkeypatch.setenv("INTERSPACE_PROTOCOLS", str(tmp_path))
    caches = (protocols.shipped, schedules.shipped)
    for cache in caches:
        cache.cache_clear()
    try:
        dose = courses.course("2")[0] | {"protocol": "lumbar-other"}
        for code in (dose, courses.course("2")[1]):
            points = [{"t": "00:00:00", "value": "chop_intend", "is": 40}]
            record = code | {"patient": "P-1", "events": points + code["events"]}
            courses.keep(sessions.store(), record, clock.now_ms() - 4 * DAY_MS)
        page = opens("patient.py", p="P-1")
        assert [header.value for header in page.header].count("Next dose") == 2
    finally:
        monkeypatch.undo()
        for cache in caches:
            cache.cache_clear()


def test_a_record_whose_opening_is_missing_is_no_patient_without_a_code(opens: Opens, last: str):
    log, (head, text) = sessions.store(), (sessions.store().load(last).head, LUMBAR_TEXT)
    log.keep_protocol(head["hash"], text)
    entry = sessions.store().load(last).events[1]
    log.create(head | {"session": "20260101-nothere000"}, [entry | {"session": "20260101-nothere000"}])
    page = opens("patient.py")
    assert page.selectbox(key="find").options == ["case-2"]
    assert [title.value for title in page.title] == ["Patients"]


@pytest.mark.parametrize("resolved", ["on Tuesday", True, -5.5])
def test_an_end_that_is_no_moment_stands_on_the_pages_as_it_is(opens: Opens, last: str, resolved: Any):
    content = {"complication": "headache", "resolved": resolved}
    sessions.add(sessions.store(), last, [("complication", content, clock.now_ms() - HOUR_MS)], DEVICE, "CK", "one")
    for page in (opens("patient.py", p="case-2"), opens("call.py", s=last, c="call_72h")):
        assert "resolved" in shown(page)


def test_a_patient_who_is_not_on_record_gets_a_sentence_and_the_codes_that_are(opens: Opens, last: str):
    page = opens("patient.py", p="P-404")
    assert errors(page) == ["Patient: expected a code that is on record, found “P-404”, which is not."]
    assert page.selectbox(key="find").options == ["case-2"]
    page.selectbox(key="find").set_value("case-2")
    assert "What happened last time" in shown(checked(page))


def test_a_score_of_65_gets_a_sentence_and_what_was_typed_stays(opens: Opens, last: str):
    before = len(on_disk(last))
    page = opens("patient.py", p="case-2")
    by(page, "text_input", " chop_intend decimal").set_value("65")
    press(page, " save score")
    assert errors(page) == ["CHOP-INTEND: expected a whole number, 0 to 64 points; found 65."]
    assert by(page, "text_input", " chop_intend decimal").value == "65"
    assert len(on_disk(last)) == before
    by(page, "text_input", " chop_intend decimal").set_value("46")
    press(page, " save score")
    assert [entry["data"] for entry in on_disk(last)[before:]] == [{"value": "chop_intend", "is": 46}]
    assert "46 points" in shown(page)


def test_could_not_test_is_kept_with_its_reason_and_is_no_score(opens: Opens, last: str):
    page = opens("patient.py", p="case-2")
    press(page, " save score")
    assert errors(page) == ["CHOP-INTEND: expected a whole number, 0 to 64 points; found nothing."]
    by(page, "text_input", " chop_intend why").set_value("in a plaster")
    press(page, " save score")
    assert on_disk(last)[-1]["data"] == {"value": "chop_intend_untested", "is": "in a plaster"}
    assert "could not test: in a plaster" in shown(page)


def test_a_site_is_barred_with_its_reason_and_lifted_again(opens: Opens, last: str):
    page = opens("patient.py", p="case-2")
    by(page, "button_group", " option").set_value("L3-L4")
    press(page, " save bar")
    assert errors(page) == ["Barred until inflammation is ruled out: expected a reason, found nothing."]
    by(page, "text_input", " bar why").set_value("arachnoiditis suspected")
    press(page, " save bar")
    assert "<b>L3–L4</b> · arachnoiditis suspected" in shown(page)
    by(page, "button_group", " option").set_value("L4-L5")
    by(page, "text_input", " bar why").set_value("wound")
    press(page, " save bar")
    assert "<b>L3–L4</b> · arachnoiditis suspected" in shown(page)
    assert "<b>L4–L5</b> · wound" in shown(page)
    press(page, "L3-L4 lift")
    assert "arachnoiditis suspected" not in shown(page)
    assert "<b>L4–L5</b> · wound" in shown(page)
    press(page, "L4-L5 lift")
    assert "wound" not in shown(page)


def test_another_schedule_is_followed_once_it_was_chosen_and_the_record_keeps_it(opens: Opens, last: str):
    page = opens("patient.py", p="case-2")
    by(page, "selectbox", " choice").set_value("nusinersen-12mg-eu")
    checked(page)
    press(page, " save schedule")
    assert on_disk(last)[-1]["data"]["is"] == "nusinersen-12mg-eu"
    assert "Nusinersen 12 mg, EU" in shown(page)


# ------------------------------------------------------------------------------------------------------- the hand-over
def test_a_hand_over_names_both_and_stands_on_the_card(opens: Opens, last: str):
    page = opens("handover.py", s=last)
    by(page, "text_input", " handed_by").set_value("CK")
    press(page, " save")
    assert errors(page) == ["Handed over to: expected initials, found nothing."]
    by(page, "text_input", " handed_to").set_value("WN")
    press(page, " save")
    assert on_disk(last)[-1]["data"] == {"mark": "handed_over", "handed_by": "CK", "handed_to": "WN"}
    assert "CK to WN</b>" in shown(page)
    assert not [button for button in page.button if str(button.key).endswith(" save")]
    assert "CK to WN</b>" in shown(opens("handover.py", s=last))
    press(page, " tap")
    assert by(page, "text_input", " handed_by").value == ""
    for said_so in ("handed over by CK, handed over to WN", "not a validated medical device", "Red flag: leg weakness"):
        assert said_so in shown(page)

"""Follow-up, the call, the patient's page and the hand-over as Streamlit runs them, over a real data folder."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import clock, records, site
from core.dress import DEVICE_COOKIE
from tests import courses
from tests.courses import DAY_MS, HOUR_MS
from tests.tables import HEAD, mark
from tests.taps import DEVICE, on_disk
from tests.test_pages import SHELL, shown

Json = dict[str, Any]
Opens = Callable[..., AppTest]


@pytest.fixture
def opens(data: Path, monkeypatch: pytest.MonkeyPatch) -> Opens:
    """Opens a page by its file, with what stands in its address."""
    monkeypatch.setattr(ContextProxy, "cookies", {DEVICE_COOKIE: DEVICE})

    def page(file: str, **address: str) -> AppTest:
        found = AppTest.from_file(SHELL, default_timeout=30).run().switch_page(file)
        for key, content in address.items():
            found.query_params[key] = content
        return checked(found)

    return page


@pytest.fixture
def last(data: Path) -> str:
    """Case 2 four days after its fourth dose: its first call is overdue. The session. CK and WN are known names."""
    first, *_, fourth = courses.store(records.store(), "2", clock.now_ms() - 4 * DAY_MS - HOUR_MS)
    for name in ("CK", "WN"):
        records.add(records.store(), first, [("note", {"text": "Seen"}, None)], DEVICE, name, f"seen-{name}")
    return fourth


def checked(page: AppTest) -> AppTest:
    page.run()
    assert not page.exception
    return page


def by(page: AppTest, kind: str, ending: str) -> Any:
    """The one widget of a kind whose key ends so: keys begin with the name of this filling of the form."""
    (found,) = [one for one in getattr(page, kind) if str(one.key).endswith(ending)]
    return found


def said(page: AppTest, complication: str, answer: str) -> None:
    by(page, "button_group", f" {complication} asked").set_value(answer)
    checked(page)


def local(at: int) -> datetime:
    return site.local(at).replace(tzinfo=None, second=0, microsecond=0)


def press(page: AppTest, ending: str) -> AppTest:
    by(page, "button", ending).click()
    return checked(page)


def errors(page: AppTest) -> list[str]:
    return [one.value for one in page.error]


# ----------------------------------------------------------------------------------------------------------- follow-up
def test_the_worklist_names_every_call_that_is_to_be_made_and_how_it_stands(opens: Opens, last: str):
    page = opens("follow_up.py")
    assert [one.value for one in page.header] == [
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
    told = [mark(0, "scan_started"), mark(60, "skin_puncture", interspace="L3-L4"), mark(90, "ct_guidance")]
    for patient, days in (("P-801", 2), ("P-802", 0)):
        courses.keep(records.store(), HEAD | {"patient": patient, "events": told}, clock.now_ms() - days * DAY_MS)
    text = shown(opens("start.py"))
    (left,) = [one for one in text.split("<a class") if "Left open over night" in one]
    assert "P-801" in left
    assert "Still missing: End compression, Dose given under CT, Leg movement and sensation checked" in left


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
    said(page, "headache", "Yes")
    by(page, "datetime_input", " headache began").set_value(began)
    by(page, "button_group", " headache severity").set_value("moderate")
    by(page, "button_group", " headache postural").set_value("worse upright")
    said(page, "fever", "No")
    assert "Red flag: headache worse upright" in shown(page)
    press(page, " save call")
    headache, made = on_disk(last)[len(before) :]
    assert headache["data"] == {
        "complication": "headache", "which_call": "72 h", "severity": "moderate", "postural": "worse upright",
    }  # fmt: skip
    assert headache["at"] == site.moment(began)
    assert made["data"]["mark"] == "call_made"
    assert "Leg weakness" in made["data"]["not_asked"]
    assert "Fever" not in made["data"]["not_asked"]
    assert {made["by"], headache["by"]} == {"CK"}
    assert "Recorded" in shown(page)
    assert not [one for one in page.button if str(one.key).endswith(" save call")]


def test_what_was_typed_stays_when_something_is_missing_and_nothing_is_stored(opens: Opens, last: str):
    before = len(on_disk(last))
    page = opens("call.py", s=last, c="call_72h")
    said(page, "headache", "Yes")
    by(page, "text_input", " headache text").set_value("only upright")
    press(page, " save call")
    assert errors(page) == [
        "Called by: expected initials, found nothing.", "Headache: expected when it began, found nothing.",
    ]  # fmt: skip
    assert len(on_disk(last)) == before
    assert by(page, "text_input", " headache text").value == "only upright"
    said(page, "headache", "No")
    said(page, "headache", "Yes")
    assert by(page, "text_input", " headache text").value == "only upright"


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
    row = next(one for one in records.index().rows() if one["session"] == last)
    assert row["to_review"] == 1
    assert row["calls"][0]["made_at"] is None


def test_three_attempts_make_a_patient_unreachable_and_none_is_counted_twice(opens: Opens, last: str):
    page = opens("call.py", s=last, c="call_72h")
    for n in (1, 2, 3):
        by(page, "text_input", " by").set_value("CK")
        press(page, " tried")
        tries = next(one for one in records.index().rows() if one["session"] == last)["calls"][0]["tries"]
        assert len(tries) == n
        press(page, f"again call {last} call_72h")
    assert [one.value for one in opens("follow_up.py").header][2] == "Unreachable · 1"


def test_answers_speak_against_a_call_that_nobody_answered(opens: Opens, last: str):
    page = opens("call.py", s=last, c="call_72h")
    by(page, "text_input", " by").set_value("CK")
    said(page, "fever", "Yes")
    by(page, "datetime_input", " fever began").set_value(local(clock.now_ms() - HOUR_MS))
    press(page, " tried")
    assert errors(page) == ["Not answered: expected no answers, found 1. Save the call instead, or take them back."]


def test_an_earlier_adverse_event_is_given_its_end_and_not_one_before_its_beginning(opens: Opens, last: str):
    began = clock.now_ms() - 50 * HOUR_MS
    records.add(records.store(), last, [("complication", {"complication": "headache"}, began)], DEVICE, "CK", "one")
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
    for words in ("Dose 5", "12 mg/5 mL", "last reviewed", "What happened last time", "Puncture time", "3:00 min"):
        assert words in text


def test_a_patient_who_is_not_on_record_gets_a_sentence_and_the_codes_that_are(opens: Opens, last: str):
    page = opens("patient.py", p="P-404")
    assert errors(page) == ["Patient: expected a code that is on record, found “P-404”, which is not."]
    assert page.selectbox(key="find").options == ["case-2"]
    page.selectbox(key="find").set_value("case-2")
    assert "What happened last time" in shown(checked(page))


def test_a_score_of_65_gets_a_sentence_and_what_was_typed_stays(opens: Opens, last: str):
    before = len(on_disk(last))
    page = opens("patient.py", p="case-2")
    by(page, "number_input", " chop_intend").set_value(65)
    press(page, " save score")
    assert errors(page) == ["CHOP-INTEND: expected a whole number, 0 to 64 points; found 65."]
    assert by(page, "number_input", " chop_intend").value == 65
    assert len(on_disk(last)) == before
    by(page, "number_input", " chop_intend").set_value(46)
    press(page, " save score")
    assert [one["data"] for one in on_disk(last)[before:]] == [{"value": "chop_intend", "is": 46}]
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
    press(page, " lift")
    assert "arachnoiditis suspected" not in shown(page)


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
    for words in ("handed over by CK, handed over to WN", "not a validated medical device", "Red flag: leg weakness"):
        assert words in shown(page)

"""Start and New procedure as Streamlit runs them, over a real data folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core import clock, paths, site
from core.engine import scenario
from core.engine.session import fold
from core.records import sessions
from core.store import Store, new_session_id
from core.transfer import export_json
from core.web.dress import DEVICE_COOKIE
from pages.parts.frame import words
from tests.helpers import courses
from tests.helpers.courses import DAY_MS, keep
from tests.helpers.tables import HEAD, mark
from tests.helpers.taps import DEVICE

SHELL = str(Path(__file__).parents[2] / "pages" / "shell.py")
BAD_CODES = {
    "too long": "P" * 33,
    "bell": "P\x07006",
    "line break": "P\n006",
    "right to left": "P\u202e006",
    "bold": "<b>P-006</b>",
    "script": "P-006<script>",
    "a name": "Anna Bell",
    "hyphen first": "-P006",
    "path": "../P-006",
    "umlaut": "Päule",
}
SUCCESS_AT_L4_L5 = [
    mark(0, "scan_started"),
    mark(360, "skin_puncture", interspace="L4-L5", approach="near-spinous process"),
    mark(480, "csf_outflow"),
    mark(540, "injection_started"),
    mark(640, "injection_completed"),
    {"t": "00:11:00", "complication": "headache", "text": "mild"},
]
SUPINE_TO_THE_END = [
    mark(700, "needle_removed"),
    mark(710, "compression_started"),
    mark(1910, "compression_ended"),
    mark(1911, "supine_started"),
    mark(16400, "supine_ended"),
    mark(16500, "discharged", discharged_by="CK"),
]


@pytest.fixture
def start(data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AppTest]:
    """Opens Start on a tablet that has its name already: AppTest knows no cookies."""
    monkeypatch.setattr(ContextProxy, "cookies", {DEVICE_COOKIE: DEVICE})
    return lambda: AppTest.from_file(SHELL, default_timeout=30).run()


@pytest.fixture
def new(start: Callable[[], AppTest]) -> AppTest:
    """New procedure, reached from Start."""
    return new_procedure(start())


def new_procedure(page: AppTest) -> AppTest:
    page.button(key="new").click().run()
    assert [title.value for title in page.title] == ["New procedure"]
    return page


def code(page: AppTest, patient: str) -> AppTest:
    return page.text_input(key="patient").set_value(patient).run()


def open_bedside(page: AppTest) -> AppTest:
    page.button(key="open").click().run()
    assert not page.exception
    return page


def stored() -> list[dict[str, Any]]:
    """Every record in the data folder, the oldest first."""
    log = Store(paths.data_folder())
    return [export_json.export(log, session) for session in sorted(log.sessions())]


def earlier(patient: str, events: list[dict[str, Any]], **head: Any) -> None:
    """Stores a procedure of yesterday."""
    opening = {"protocol": "lumbar-nusinersen", "patient": patient, "dose": 1, "operator": "OLD"} | head
    read = scenario.parse(json.dumps(opening | {"events": events}))
    session, start = new_session_id(clock.now_ms()), clock.now_ms() - 24 * 3600 * 1000
    entries = read.events(session, start)
    assert fold(read.protocol, session, entries).patient == patient
    sessions.open_session(sessions.store(), read.text, read.opened, entries, session, start)


def shown(page: AppTest) -> str:
    """All that the page says."""
    texts = [element.value for kind in (page.markdown, page.warning, page.error) for element in kind]
    return "\n".join(texts + [block.proto.body for block in page.get("html")])


# --------------------------------------------------------------------------------------------------- the patient code
def test_without_a_patient_code_nothing_can_be_opened(new: AppTest):
    for nothing in ("", "   "):
        page = code(new, nothing)
        assert not page.error
        (error,) = [error.value for error in open_bedside(page).error]
        assert error.startswith("Patient code: expected a code")
        assert stored() == []


@pytest.mark.parametrize("bad", BAD_CODES.values(), ids=BAD_CODES)
def test_a_patient_code_that_cannot_be_one_gets_a_sentence_with_what_was_expected_and_found(new: AppTest, bad: str):
    page = code(new, bad)
    (error,) = [error.value for error in page.error]
    assert "expected a code of 1 to 32 letters, digits" in error
    assert f"found “{bad}”" in error.replace("\\", "")
    open_bedside(page)
    assert stored() == []


@pytest.mark.parametrize("good", ["P", "P" * 32, "P-006", "7.a_b"])
def test_a_patient_code_of_1_to_32_plain_characters_opens_bedside(new: AppTest, good: str):
    page = open_bedside(code(new, good))
    (record,) = stored()
    assert (record["patient"], record["dose"], record["drill"]) == (good, 1, False)
    assert page.query_params["s"] == record["session"]
    assert record["events"][0]["device"] == DEVICE


@pytest.mark.parametrize("dose", [0, -1, 1001])
def test_a_dose_that_cannot_be_one_gets_a_sentence_and_opens_nothing(new: AppTest, dose: int):
    page = code(new, "P-006")
    page.number_input(key="dose-0").set_value(dose)
    (error,) = [error.value for error in open_bedside(page).error]
    assert "Dose: expected a whole number" in error
    assert str(dose) in error
    assert stored() == []


# --------------------------------------------------------------------------------------------------------- the schedule
def test_new_procedure_says_when_the_next_dose_is_due_and_warns_of_one_that_is_too_early(new: AppTest):
    earlier("P-006", SUCCESS_AT_L4_L5)
    page = code(new, "P-006")
    assert "By the schedule: dose 2 · 12 mg/5 mL" in shown(page)
    assert "Due " in shown(page)
    (warning,) = [warning.value for warning in page.warning if "early" in warning.value]
    assert warning.startswith("Too early: the window of dose 2 opens in 13 days, on ")
    page.number_input(key="dose-1").set_value(3).run()
    assert "Dose 3 is chosen; by these records dose 2 is next." in shown(page)
    open_bedside(page)
    assert {record["dose"] for record in stored()} == {1, 3}


@pytest.mark.parametrize(("days", "warned"), [(14, False), (17, False), (18, True)])
def test_a_dose_outside_its_window_is_warned_of_and_one_within_is_not(new: AppTest, days: int, warned: bool):
    start = clock.now_ms() - days * 24 * 3600 * 1000
    courses.keep(sessions.store(), HEAD | {"patient": "P-006", "dose": 1, "events": SUCCESS_AT_L4_L5}, start)
    text = shown(code(new, "P-006"))
    assert ("Outside its window: that of dose 2 closed 1 day ago" in text) == warned


# ---------------------------------------------------------------------------------------------- what is known already
def test_a_second_procedure_for_one_patient_is_warned_of_and_can_be_opened(start: Callable[[], AppTest], new: AppTest):
    open_bedside(code(new, "P-006"))
    page = code(new_procedure(start()), "P-006")
    (warning,) = [warning.value for warning in page.warning]
    assert "P-006 has a procedure under way: dose 1, Preparation" in warning
    assert stored()[0]["session"] in warning
    assert page.button(key="open").label == "Open a second procedure at Bedside"
    open_bedside(page)
    assert [record["patient"] for record in stored()] == ["P-006", "P-006"]
    assert not code(new_procedure(start()), "P-007").warning


def test_the_next_patient_entered_on_the_same_page_gets_a_procedure_of_their_own(new: AppTest):
    page = open_bedside(code(new, "P-006"))
    page.switch_page("new_procedure.py").run()  # as the browser's own way back does: nothing was loaded afresh
    open_bedside(code(page, "P-007"))
    assert sorted(record["patient"] for record in stored()) == ["P-006", "P-007"]
    assert page.query_params["s"] == next(head["session"] for head in stored() if head["patient"] == "P-007")


def test_what_happened_last_time_is_shown_as_soon_as_the_code_is_known(new: AppTest):
    earlier("P-006", SUCCESS_AT_L4_L5, values={"weight_kg": 31.5})
    assert "last time" not in shown(code(new, "P-007"))
    page = code(new, "P-006")
    for part in ("<b>Success</b>", "L4–L5", "Near-spinous process", "nsertions", "Headache (mild)"):
        assert part in shown(page)
    assert page.number_input(key="dose-1").value == 2
    weight = page.text_input(key="lumbar-nusinersen-weight_kg-P-006 decimal")
    assert (weight.value, weight.placeholder) == ("", "last time 31.5")  # shown, and weighed again


def test_a_drill_and_a_procedure_opened_by_mistake_are_no_earlier_doses(new: AppTest):
    earlier("P-006", SUCCESS_AT_L4_L5, drill=True)
    earlier("P-006", [mark(0, "voided")])
    page = code(new, "P-006")
    assert "last time" not in shown(page)
    assert page.number_input(key="dose-0").value == 1


def test_the_interspace_that_worked_is_suggested_with_its_reason_unless_it_is_barred(new: AppTest):
    earlier("P-006", SUCCESS_AT_L4_L5)
    page = code(new, "P-006")
    assert "Interspace: L4–L5" in shown(page)
    assert "the last dose succeeded there" in shown(page)
    page.button_group(key="lumbar-nusinersen-reserved_channel-P-006").set_value("L3-L4")
    page.button_group(key="lumbar-nusinersen-barred_interspace-P-006").set_value("L4-L5").run()
    assert "Interspace: L3–L4" in shown(page)
    assert "the channel reserved at the operation" in shown(page)
    open_bedside(page)
    opened = next(record for record in stored() if record["dose"] == 2)["events"][0]["data"]
    assert (opened["suggested_interspace"], opened["suggested_interspace_why"]) == (
        "L3-L4",
        "the channel reserved at the operation",
    )


def test_what_a_procedure_under_way_barred_is_not_suggested_to_the_next(start: Callable[[], AppTest], new: AppTest):
    earlier("P-006", SUCCESS_AT_L4_L5)
    open_bedside(code(new, "P-006"))
    running = next(record for record in stored() if record["dose"] == 2)["session"]
    barred = ("value", {"value": "barred_interspace", "is": "L4-L5"}, None)
    sessions.add(sessions.store(), running, [barred], DEVICE, "AK", "bar")
    page = code(new_procedure(start()), "P-006")
    assert "the last dose succeeded there" not in shown(page)
    assert page.button_group(key="lumbar-nusinersen-barred_interspace-P-006").value == "L4-L5"


def test_names_typed_once_are_offered_again_and_go_into_the_record(new: AppTest):
    earlier("P-001", SUCCESS_AT_L4_L5, recorder="RR")
    page = code(new, "P-006")
    assert page.button_group(key="operator known").options == ["OLD", "RR"]
    page.button_group(key="operator known").set_value("OLD").run()
    page.text_input(key="recorder").set_value("RR").run()
    open_bedside(page)
    opened = next(record for record in stored() if record["patient"] == "P-006")["events"][0]
    assert (opened["data"]["operator"], opened["data"]["recorder"], opened["by"]) == ("OLD", "RR", "RR")


# ---------------------------------------------------------------------------------------------- who may be meant by it
def test_a_patient_who_may_be_meant_is_asked_about_and_yes_takes_the_code_on_record(new: AppTest):
    earlier("P-006", SUCCESS_AT_L4_L5, dose=3, values={"barred_interspace": "L2-L3"})
    page = code(new, "p-OO6")
    assert "<b>P-006 is on record: the same patient?</b>" in shown(page)
    assert "dose 3, Success" in shown(page)
    assert "L2–L3" in shown(page)
    (error,) = [error.value for error in open_bedside(page).error]
    assert "expected an answer whether P-006 is the same patient" in error
    assert len(stored()) == 1
    page.button(key="take P-006").click().run()
    assert "the same patient?" not in shown(page)
    assert "What happened last time" in shown(page)
    open_bedside(page)
    assert {record["patient"] for record in stored()} == {"P-006"}


def test_another_patient_is_opened_and_nobody_is_asked_again(start: Callable[[], AppTest], new: AppTest):
    earlier("P-006", SUCCESS_AT_L4_L5, dose=3)
    page = code(new, "p-006")
    page.button(key="another P-006").click().run()
    assert "the same patient?" not in shown(page)
    open_bedside(page)
    assert {record["patient"] for record in stored()} == {"P-006", "p-006"}
    for known in ("p-006", "P-006"):
        assert "the same patient?" not in shown(code(new_procedure(start()), known))


def test_initials_that_look_alike_are_told_and_go_into_the_record_as_they_were_left(new: AppTest):
    earlier("P-001", SUCCESS_AT_L4_L5)
    page = code(new, "P-002")
    page.text_input(key="operator").set_value("O.L.D").run()
    assert "O.L.D looks like OLD." in shown(page)
    open_bedside(page)
    opened = next(record for record in stored() if record["patient"] == "P-002")["events"][0]["data"]
    assert (opened["operator"], opened["another"]) == ("O.L.D", "OLD")


def test_the_patients_own_last_protocol_is_chosen_until_another_is_tapped(start: Callable[[], AppTest], new: AppTest):
    earlier("N-001", [], protocol="cervical-fluoroscopy")
    assert new.button_group(key="protocol").value == "lumbar-nusinersen"
    assert code(new, "N-001").button_group(key="protocol").value == "cervical-fluoroscopy"
    earlier("L-001", SUCCESS_AT_L4_L5)
    page = new_procedure(start())
    page.button_group(key="protocol").set_value("cervical-fluoroscopy").run()
    assert code(page, "L-001").button_group(key="protocol").value == "cervical-fluoroscopy"
    assert any("The last procedure of this patient was" in warning.value for warning in page.warning)


@pytest.mark.parametrize(
    ("typed", "recorded"), [("38,5", 38.5), ("38.5", 38.5), ("38,5 kg", 38.5), (" 38 ", 38), ("380", 380)]
)
def test_a_weight_is_read_with_a_comma_or_a_point(new: AppTest, typed: str, recorded: float):
    page = code(new, "P-002")
    page.text_input(key="lumbar-nusinersen-weight_kg-P-002 decimal").set_value(typed).run()
    open_bedside(page)
    values = {
        event["data"]["value"]: event["data"]["is"] for event in stored()[0]["events"] if event["kind"] == "value"
    }
    assert values["weight_kg"] == recorded


@pytest.mark.parametrize("typed", ["38,5,1", "about 38", "1.234,5"])
def test_a_weight_that_cannot_be_read_gets_a_sentence_and_opens_nothing(new: AppTest, typed: str):
    page = code(new, "P-002")
    page.text_input(key="lumbar-nusinersen-weight_kg-P-002 decimal").set_value(typed).run()
    assert any(f"Weight: expected a number, 1 to 250 kg; found “{typed}”." in error.value for error in page.error)
    open_bedside(page)
    assert stored() == []


# -------------------------------------------------------------------------------------------------------------- Start
def test_start_tells_what_is_under_way_from_what_ended_today_and_hides_mistakes(start: Callable[[], AppTest]):
    earlier("P-101", SUCCESS_AT_L4_L5)
    earlier("P-102", [*SUCCESS_AT_L4_L5, *SUPINE_TO_THE_END])
    earlier("P-103", [mark(0, "voided")])
    earlier("P-104", [mark(0, "scan_started"), mark(5, "patient_stop")])
    text = shown(start())
    for patient in ("P-101", "P-104"):
        assert f"Resume {patient}" in text
    assert "Use CT guidance" in text
    assert "Open P-102" in text
    assert "P-103" not in text


def test_start_says_in_one_line_what_was_left_open_with_the_way_to_it(start: Callable[[], AppTest]):
    assert "Left open" not in shown(start())
    for patient, days in (("P-006", 1), ("P-104", 3), ("P-007", 0)):
        opened = HEAD | {"patient": patient, "events": [mark(0, "scan_started")]}
        keep(sessions.store(), opened, clock.now_ms() - days * DAY_MS)
    oldest = words.near_day(site.day(clock.now_ms() - 3 * DAY_MS))
    page = shown(start())
    assert f'href="#under-way" target="_self">Left open: 2, oldest P-104 since {oldest} ›' in page
    assert 'id="under-way"' in page


def test_a_record_that_cannot_be_read_is_named_on_start_and_hides_no_other(start: Callable[[], AppTest], data: Path):
    earlier("P-101", SUCCESS_AT_L4_L5)
    earlier("P-102", SUCCESS_AT_L4_L5)
    torn = next(record["session"] for record in stored() if record["patient"] == "P-102")
    path = next(data.glob(f"sessions/*/{torn}.json"))
    path.write_bytes(path.read_bytes()[:100])
    page = start()
    (error,) = [error.value for error in page.error]
    assert torn in error
    assert "P-101" in shown(page)

"""One patient over several doses: the published cohort with invented dates; what Start lists as due.

Dates are those of tests/courses.py: doses on day 0, 14, 28 and 58, and case 5's fifth on day 178.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core import site
from core.care import dosing, patient, today
from core.engine import events, words
from core.records import barred as bars
from core.records import history, index, sessions
from core.store import new_session_id
from tests.helpers import courses
from tests.helpers.courses import DAY_MS, HOUR_MS, keep, leaves
from tests.helpers.tables import HEAD, LUMBAR, LUMBAR_TEXT, mark

NOW = 1_764_000_000_000  # Mon 24 Nov 2025, 16:00 UTC
Row = dict[str, Any]


@pytest.fixture(autouse=True)
def _vienna(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INTERSPACE_TIME_ZONE", "Europe/Vienna")
    site.zone.cache_clear()
    yield
    site.zone.cache_clear()


@pytest.fixture
def cohort(data: Path) -> dict[str, list[str]]:
    """The whole cohort, stored as if now were NOW: the last dose of case n was n + 3 days ago."""
    return courses.store_all(sessions.store(), NOW)


def rows() -> list[Row]:
    return index.index().rows()


def own(case: str) -> list[Row]:
    return history.procedures(rows(), f"case-{case}")


FILLINGS = count()  # a form is saved once: each has a name of its own


def add(session: str, *contents: tuple[str, dict[str, Any], int | None]) -> None:
    sessions.add(sessions.store(), session, contents, "tablet0001", "CK", f"filled-{next(FILLINGS)}")


def value(key: str, content: Any, at: int | None = None) -> tuple[str, dict[str, Any], int | None]:
    return "value", {"value": key, "is": content}, at


# ------------------------------------------------------------------------------------------------------ doses in order
def test_the_doses_of_a_patient_stand_in_order_with_the_published_figures(cohort: dict[str, list[str]]):
    procedures = own("2")
    assert [row.dose for row in procedures] == [1, 2, 3, 4]
    assert [row.figures["insertions"] for row in procedures] == [3, 2, 1, 1]
    assert [row.figures["puncture_time_s"] // 60 for row in procedures] == [20, 10, 3, 2]
    assert [row.carried["approach"] for row in procedures] == ["parasagittal oblique"] + 3 * ["near-spinous process"]


def test_drills_and_what_was_opened_by_mistake_are_no_procedures_of_a_patient(cohort: dict[str, list[str]]):
    store, head = sessions.store(), HEAD | {"patient": "case-2", "dose": 5}
    keep(store, head | {"drill": True, "events": [mark(0, "scan_started")]}, NOW)
    keep(store, head | {"events": [mark(0, "voided")]}, NOW)
    assert [row.dose for row in own("2")] == [1, 2, 3, 4]
    assert history.codes(rows()) == [f"case-{n}" for n in range(1, 8)]


def test_a_record_without_its_opening_is_nobodys_and_has_no_next_dose(data: Path):
    session = new_session_id(NOW)
    taps = [
        events.read(
            {
                "id": f"tap-{n}",
                "session": session,
                "kind": "mark",
                "at": NOW - 200 * DAY_MS + n,
                "tapped": NOW,
                "device": "tablet0001",
                "seq": n,
                "data": {"mark": mark_id},
            }
        )
        for n, mark_id in enumerate(("scan_started", "csf_outflow", *LUMBAR.dosed[:1]))
    ]
    sessions.open_session(sessions.store(), LUMBAR_TEXT, {"protocol": LUMBAR.id}, taps, session, NOW)
    (row,) = rows()
    assert (row.patient, history.codes([row]), history.procedures([row], "")) == ("", [], [])
    assert dosing.due([msgspec.structs.replace(row, dose=1)], NOW) == []


def test_adverse_events_of_all_doses_make_one_list_with_the_time_since_their_dose(cohort: dict[str, list[str]]):
    dosed = own("1")[3].dosed_at
    add(cohort["1"][3], ("complication", {"complication": "headache", "severity": "mild"}, dosed + 30 * HOUR_MS))
    events = patient.adverse(own("1"))
    assert [(event.adverse.label, event.row.dose, event.after) for event in events] == [
        ("Leg numbness or paraesthesia", 2, 0),
        ("Headache", 4, 30 * HOUR_MS),
    ]


# ------------------------------------------------------------------------------------------------------------- scores
def test_a_score_that_could_not_be_tested_is_kept_apart_from_0(cohort: dict[str, list[str]]):
    first, second, *_ = cohort["3"]
    opened = [row.opened_at for row in own("3")]
    add(first, value("chop_intend", 0, opened[0]))
    add(second, value("chop_intend_untested", "asleep after sedation", opened[1]))
    scores = [(row.dose, score.value, score.points, score.why) for row, score in patient.scores(own("3"))]
    assert scores == [(1, "chop_intend", 0, ""), (2, "chop_intend", None, "asleep after sedation")]


def test_the_last_of_several_readings_of_a_day_corrects_those_before(cohort: dict[str, list[str]]):
    at = own("3")[0].opened_at
    add(cohort["3"][0], value("chop_intend", 31, at), value("chop_intend", 13, at + 60_000), value("rulm", 9, at))
    add(cohort["3"][0], value("chop_intend", 14, at + DAY_MS))
    assert [(score.value, score.points) for _, score in patient.scores(own("3"))] == [
        ("rulm", 9),
        ("chop_intend", 13),
        ("chop_intend", 14),
    ]


# ------------------------------------------------------------------------------------------------------- barred sites
def test_a_site_stays_barred_over_later_doses_until_somebody_lifts_it(cohort: dict[str, list[str]]):
    assert bars.barred(LUMBAR, own("6")) == []
    add(cohort["6"][1], value("barred_interspace", "L3-L4"), value("barred_why", "arachnoiditis suspected"))
    (bar,) = bars.barred(LUMBAR, own("6"))
    assert (bar.key, bar.option, bar.why, bar.row.dose) == (
        "interspace",
        "L3-L4",
        "arachnoiditis suspected",
        2,
    )
    before = own("6")[3].to_review
    add(cohort["6"][3], value("barred_interspace", None), value("barred_why", None))
    assert bars.barred(LUMBAR, own("6")) == []
    assert own("6")[3].to_review == before
    assert words.shown(LUMBAR, "barred_interspace", own("6")[3].values["barred_interspace"]) == "taken back"


def test_two_sites_stay_barred_each_until_it_is_lifted_itself(cohort: dict[str, list[str]]):
    add(cohort["6"][1], value("barred_interspace", "L3-L4"), value("barred_why", "arachnoiditis suspected"))
    add(cohort["6"][2], value("barred_interspace", "L2-L3"), value("barred_why", "wound"))
    add(cohort["6"][3], value("barred_interspace", "L3-L4"))  # New procedure asks for no reason
    standing = bars.barred(LUMBAR, own("6"))
    assert [(bar.option, bar.why, bar.row.dose) for bar in standing] == [
        ("L2-L3", "wound", 3),
        ("L3-L4", "arachnoiditis suspected", 4),
    ]
    to_review = own("6")[3].to_review
    add(cohort["6"][3], *bars.lifts(LUMBAR, standing[1], standing))
    (left,) = bars.barred(LUMBAR, own("6"))
    assert (left.option, left.why, left.row.dose) == ("L2-L3", "wound", 3)
    newest = own("6")[3]
    assert (newest.values["barred_interspace"], newest.values["barred_why"]) == ("L2-L3", "wound")
    assert newest.to_review == to_review
    assert bars.known(LUMBAR, [left]) == {"barred_interspace": "L2-L3"}
    add(cohort["6"][3], *bars.lifts(LUMBAR, left, [left]))
    assert bars.barred(LUMBAR, own("6")) == []
    assert own("6")[3].values["barred_interspace"] is None
    assert bars.known(LUMBAR, []) == {"barred_interspace": None}


@pytest.mark.parametrize("hours", [1, 100])
def test_every_barred_site_is_left_out_of_the_suggestion_one_of_a_procedure_under_way_too(data: Path, hours: int):
    ward("P-1", [*WARD, *leaves()], 2000)
    running = ward("P-1", WARD[:1], hours)
    earlier = history.doses(rows(), "P-1", LUMBAR.id, NOW)
    known = {"reserved_channel": "L2-L3"}
    assert [suggestion.option for suggestion in history.suggestions(LUMBAR, earlier, known)][:1] == ["L3-L4"]
    add(running, value("barred_interspace", "L3-L4"), value("barred_why", "wound"))
    add(running, value("barred_interspace", "L2-L3"), value("barred_why", "wound"))
    barred = [(barred.key, barred.option) for barred in bars.barred(LUMBAR, history.procedures(rows(), "P-1"))]
    assert barred == [("interspace", "L3-L4"), ("interspace", "L2-L3")]
    suggested = history.suggestions(LUMBAR, earlier, known, barred)
    assert not {"L3-L4", "L2-L3"} & {suggestion.option for suggestion in suggested}


def test_a_barred_site_is_not_suggested_although_the_last_dose_succeeded_there(cohort: dict[str, list[str]]):
    add(cohort["6"][3], value("barred_interspace", "L4-L5"))
    earlier = history.doses(rows(), "case-6", LUMBAR.id, NOW)
    suggested = history.suggestions(LUMBAR, earlier, history.known_values(LUMBAR, earlier))
    assert "L4-L5" not in [suggestion.option for suggestion in suggested]


def test_a_dose_without_its_interspace_does_not_hide_where_the_one_before_it_succeeded(cohort: dict[str, list[str]]):
    start = NOW - 3 * DAY_MS
    fifth = keep(sessions.store(), HEAD | {"patient": "case-6", "dose": 5, "events": [mark(0, "scan_started")]}, start)
    marks = ("skin_puncture", "csf_outflow", "injection_started", "injection_completed")
    add(fifth, *(("mark", {"mark": mark_id}, start + n * 60_000) for n, mark_id in enumerate(marks, 1)))
    earlier = history.doses(rows(), "case-6", LUMBAR.id, NOW)
    assert [row.outcome == earlier[1].outcome for row in earlier[:2]] == [True, True]
    assert [suggestion.option for suggestion in history.suggestions(LUMBAR, earlier, {})][:1] == ["L4-L5"]


# ---------------------------------------------------------------------------------------------------------- next dose
def test_the_next_dose_follows_the_last_one_by_the_sites_first_schedule(cohort: dict[str, list[str]]):
    coming = dosing.coming(own("2"), LUMBAR.id, NOW)
    assert coming is not None
    assert (coming.next.number, coming.next.state, str(coming.next.due)) == (5, "not_yet", "2026-03-19")
    assert coming.schedule.title.endswith("US")


def test_a_schedule_chosen_for_a_patient_is_followed_until_another_is_chosen(cohort: dict[str, list[str]]):
    add(cohort["2"][1], value(LUMBAR.profile or "", "nusinersen-12mg-eu"))
    coming = dosing.coming(own("2"), LUMBAR.id, NOW)
    assert coming is not None
    assert coming.schedule.id == "nusinersen-12mg-eu"
    add(cohort["2"][3], value(LUMBAR.profile or "", "no such schedule"))
    again = dosing.coming(own("2"), LUMBAR.id, NOW)
    assert again is not None
    assert again.schedule.id == "nusinersen-12mg-eu"


@pytest.mark.parametrize(
    ("days", "state"), [(112, None), (113, "in_window"), (120, "due"), (127, "in_window"), (128, "overdue")]
)
def test_a_dose_is_due_on_start_from_the_first_day_of_its_window(data: Path, days: int, state: str | None):
    (*_, last) = courses.store(sessions.store(), "2", NOW)
    lists = today.today(rows(), NOW + days * DAY_MS)
    assert [dose.next.state for dose in lists.doses] == ([state] if state else [])
    assert last == own("2")[-1].session


def test_a_protocol_without_a_schedule_has_no_next_dose(data: Path):
    keep(sessions.store(), {"protocol": "cervical-fluoroscopy", "patient": "P-1", "dose": 1, "events": []}, NOW)
    assert dosing.coming(history.procedures(rows(), "P-1"), "cervical-fluoroscopy", NOW) is None
    assert today.today(rows(), NOW).doses == []


# -------------------------------------------------------------------------------------------------------------- today
WARD = [
    mark(0, "scan_started"),
    mark(300, "skin_puncture", interspace="L3-L4"),
    mark(600, "csf_outflow"),
    mark(900, "injection_started"),
    mark(1000, "injection_completed"),
    mark(1100, "needle_removed"),
    mark(1200, "compression_started"),
]
SUPINE = [mark(2400, "compression_ended"), mark(2400, "supine_started")]


def ward(code: str, events: list[dict[str, Any]], hours_ago: float, **head: Any) -> str:
    start = NOW - round(hours_ago * HOUR_MS)
    return keep(sessions.store(), HEAD | {"patient": code, "events": events} | head, start)


def on_the_ward(now: int = NOW) -> list[tuple[str, str, int]]:
    """(patient, what is to be done, in how many minutes)."""
    return [
        (patient_due.row.patient, patient_due.does.label, (patient_due.due_at - now) // 60_000)
        for patient_due in today.today(rows(), now).ward
    ]


def test_the_ward_is_listed_by_what_comes_first_the_end_of_a_timer_or_a_mark_that_starts_one(data: Path):
    ct = [mark(0, "scan_started"), mark(60, "ct_guidance"), mark(600, "dose_given_ct")]
    ward("P-1", WARD, 0.5)
    ward("P-2", WARD + SUPINE, 1)
    ward("P-3", WARD, 0.5, drill=True)
    ward("P-4", WARD[:-1], 0.5)  # the needle is out, no compression begun
    ward("P-5", WARD + SUPINE[:1], 1)  # compression ended, not supine
    ward("P-6", ct, 1)
    ward("P-7", WARD + SUPINE + [mark(17_000, "supine_ended")], 5)  # awaits no clock
    ward("P-8", WARD + leaves(), 7)
    assert on_the_ward() == [
        ("P-6", "Start compression", -50),
        ("P-5", "Start supine", -20),
        ("P-4", "Start compression", -12),
        ("P-1", "Compression", 10),
        ("P-2", "Supine", 220),
    ]


def test_a_patient_whom_nobody_discharged_fills_the_list_no_longer_than_the_recovery_board(data: Path):
    ward("P-1", WARD, 47)
    ward("P-2", WARD[:-1], 47)
    assert [stay[0] for stay in on_the_ward()] == ["P-2", "P-1"]
    assert on_the_ward(NOW + 2 * HOUR_MS) == []
    assert {row.patient for row in today.today(rows(), NOW + 2 * HOUR_MS).left_open} == {"P-1", "P-2"}


def test_what_was_left_open_over_night_is_told_the_oldest_first_without_drills(data: Path):
    ward("P-1", WARD[:3], 30)
    ward("P-2", WARD[:3], 60)
    ward("P-3", WARD[:3], 70, drill=True)
    ward("P-4", WARD[:3], 1)
    ward("P-5", [*WARD, *leaves()], 80)
    assert [row.patient for row in today.today(rows(), NOW).left_open] == ["P-2", "P-1"]


def test_a_timer_that_was_interrupted_ends_later_by_the_time_that_it_stood_still(data: Path):
    again = [mark(1800, "compression_ended"), mark(2400, "compression_started")]
    ward("P-1", WARD + again, 1)
    (stay,) = today.today(rows(), NOW).ward
    assert stay.due_at == NOW - HOUR_MS + (2400 + 1200 - 600) * 1000


def test_calls_to_make_stand_the_most_overdue_first_and_others_not_at_all(cohort: dict[str, list[str]]):
    due_calls = [(due.row.patient, due.call.label, due.state) for due in today.today(rows(), NOW).calls]
    assert due_calls[0] == ("case-7", "72 h call", "overdue")
    assert ("case-1", "72 h call", "due") in due_calls
    assert ("case-3", "Day 5 call", "due") in due_calls
    assert ("case-2", "Day 5 call") not in [due[:2] for due in due_calls]  # due in a few minutes
    assert len(due_calls) == 12  # of the last doses alone: those before were called


@pytest.mark.parametrize(
    ("hours", "events", "left"),
    [
        (10, WARD[:3], False),
        (30, WARD[:3], True),
        (30, WARD + leaves(), False),
        (30, [mark(0, "voided")], False),
        (30, WARD, True),
    ],
)
def test_a_procedure_of_an_earlier_day_that_nobody_closed_was_left_open(
    data: Path, hours: int, events: list[dict[str, Any]], left: bool
):
    ward("P-1", events, hours)
    assert [history.left_open(row, NOW) for row in rows()] == [left]


def test_a_patient_who_lies_down_over_midnight_was_not_left(data: Path):
    ward("P-1", WARD + SUPINE, 1)
    midnight = NOW + 7 * HOUR_MS + 30 * 60_000
    assert history.left_open(rows()[0], NOW + 3 * HOUR_MS) is False
    ward("P-2", WARD + SUPINE, -7)
    assert {row.patient: history.left_open(row, midnight + HOUR_MS) for row in rows()} == {"P-1": True, "P-2": False}


def test_what_is_added_to_a_closed_record_does_not_make_it_end_today(cohort: dict[str, list[str]]):
    add(cohort["1"][0], ("note", {"text": "Vial lot called back"}, NOW))
    assert own("1")[0].last_at == NOW
    assert history.ended_today(rows(), NOW) == []
    newest = history.ended_today(rows(), own("1")[3].ended_at + HOUR_MS)[0]
    assert newest.session == cohort["1"][3]


def test_everybody_who_was_named_is_offered_again(data: Path):
    keep(
        sessions.store(),
        HEAD | {"recorder": "RR", "events": [mark(0, "handed_over", handed_by="RR", handed_to="WN")]},
        NOW,
    )
    assert patient.names(rows(), most=12) == ["AK", "RR", "WN"]

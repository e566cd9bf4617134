"""Cases of a learning curve: who is in, whose they are, what a success is, which are chosen."""

from datetime import date
from typing import Any

import msgspec
import pytest

from core.curves import cases, choice
from core.curves.cases import FIRST, REPEAT
from core.curves.choice import Choice
from core.engine.session import Session
from core.protocols.tables import Protocol
from core.records.row import Row
from core.records.row import row as row_of
from tests.helpers import invented
from tests.helpers.tables import CERVICAL, LUMBAR, mark, play, session_of

DAY_MS, NOON_MS = 24 * 3600 * 1000, 12 * 3600 * 1000
assert LUMBAR.curve
CURVE = LUMBAR.curve
PUNCTURE, OPERATION, INSERTIONS, INTERSPACES = cases.figures(LUMBAR)


def row(n: int = 1, session: Session | None = None, **changed: Any) -> Row:
    """The row of a good case on day `n`."""
    derived = row_of(session or found_csf())
    changes = {"session": f"202601{n:02}-case", "opened_at": n * DAY_MS + NOON_MS} | changed
    return msgspec.structs.replace(derived, **changes)


def found_csf(insertions: int = 1, minutes: int = 4, **head: Any) -> Session:
    """CSF after so many insertions and minutes."""
    events = [mark(0, "scan_started")]
    for n in range(insertions):
        at = 600 + n * 60 * minutes // insertions
        events.append(mark(at, "skin_puncture", interspace="L3-L4", approach="near-spinous process"))
        events += [mark(at + 5, "withdrawn")] if n + 1 < insertions else []
    events += [
        mark(600 + 60 * minutes, "csf_outflow"),
        mark(2900, "injection_started"),
        mark(3000, "injection_completed"),
    ]
    return session_of(events, **head)


def frame(*rows: Row, p: Protocol = LUMBAR) -> Any:
    return cases.cases(rows, p).frame


# ------------------------------------------------------------------------------------------------ who is in, who is not
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"drill": True}, "drill"),
        ({"mistaken": True}, "mistaken"),
        ({"operator": "Not Published"}, "published"),
        ({"to_review": 1}, "to_review"),
        ({"outcome": "open"}, "undecided"),
        ({"figures": {"insertions": 0}}, "untouched"),
        ({"dose": None}, "unnumbered"),
        ({"drill": True, "to_review": 3}, "drill"),
    ],
    ids=str,
)
def test_a_record_that_is_no_case_is_left_out_and_counted_once(changed: dict[str, Any], reason: str):
    counted = cases.cases([row(1), row(2, **changed), row(3)], LUMBAR)
    assert list(counted.frame["session"]) == ["20260101-case", "20260103-case"]
    assert counted.left_out == {reason: 1}
    assert reason in cases.REASONS


def test_procedures_of_another_protocol_are_neither_cases_nor_left_out():
    counted = cases.cases([row(1), row(2, protocol=CERVICAL.id)], LUMBAR)
    assert (len(counted.frame), counted.left_out) == (1, {})


def test_no_record_at_all_is_no_case_and_every_column_stands():
    counted = cases.cases([], LUMBAR)
    assert len(counted.frame) == 0
    assert {"case", "own", "at", "doses", PUNCTURE.column, "by_spine"} <= set(counted.frame.columns)
    assert len(choice.chosen(counted.frame, Choice(operator="AK", doses=FIRST), CURVE)) == 0


def test_a_protocol_without_a_curve_has_no_cases():
    bare = msgspec.structs.replace(LUMBAR, curve=None)
    assert len(cases.cases([row(1)], bare).frame) == 0
    assert cases.figures(bare) == []


def test_every_record_is_a_case_or_left_out_and_their_order_in_the_store_says_nothing():
    rows = invented.rows(300, seed=3)
    counted = cases.cases(rows, LUMBAR)
    assert len(counted.frame) + sum(counted.left_out.values()) == 300
    assert counted.frame.equals(cases.cases(reversed(rows), LUMBAR).frame)
    for name, own in counted.frame.groupby("operator"):
        assert list(own["own"]) == ([0] * len(own) if name == "" else list(range(1, len(own) + 1)))
        assert own["at"].is_monotonic_increasing


# --------------------------------------------------------------------------------------------------------- what it says
def test_dose_1_is_a_first_dose_and_every_other_a_repeat():
    assert list(frame(row(1), row(2, dose=2), row(3, dose=5))["doses"]) == [FIRST, REPEAT, REPEAT]


def test_times_are_minutes_and_one_that_never_ended_is_missing():
    stopped = play("""
time  | tap
00:00 | start scan
06:00 | skin puncture L3-L4
07:00 | withdrawn
08:00 | CT guidance
""")
    table = frame(row(1, found_csf(minutes=7)), row(2, stopped))
    assert list(table[PUNCTURE.column].fillna(-1)) == [7, -1]
    assert list(table[OPERATION.column].fillna(-1)) == [50, -1]
    assert list(table[INSERTIONS.column]) == [1, 1]


@pytest.mark.parametrize(("insertions", "success"), [(1, True), (2, True), (3, False)])
def test_csf_in_at_most_two_insertions_is_a_success(insertions: int, success: bool):
    assert cases.good(row(1, found_csf(insertions)), CURVE) is success


def test_csf_that_ended_in_ct_guidance_is_no_success_and_a_wish_to_stop_afterwards_takes_none_away():
    begun = "time | tap\n00:00 | start scan\n06:00 | skin puncture L3-L4\n08:00 | CSF outflow\n"
    assert cases.good(row(1, play(begun)), CURVE)
    assert not cases.good(row(1, play(begun + "09:00 | CT guidance\n")), CURVE)
    assert cases.good(row(1, play(begun + "09:00 | patient wishes to stop\n")), CURVE)


@pytest.mark.parametrize(("rule", "whose"), [("left_out", ""), ("first", "AK"), ("last", "BL")])
def test_a_case_in_which_the_operator_changed_counts_as_the_protocol_says_and_stays_the_teams(rule: str, whose: str):
    curve = msgspec.structs.replace(CURVE, hand_over=rule)
    p = msgspec.structs.replace(LUMBAR, curve=curve)
    table = frame(row(1), row(2, case_operators=["AK", "BL"]), row(3), p=p)
    assert list(table["operator"]) == ["AK", whose, "AK"]
    assert list(table["handed"]) == [False, True, False]
    assert list(table["case"]) == [1, 2, 3]
    assert list(table["own"]) == {"": [1, 0, 2], "AK": [1, 2, 3], "BL": [1, 1, 2]}[whose]


def test_what_a_mark_carried_last_goes_before_what_was_recorded_of_the_patient():
    table = frame(row(1, found_csf(values={"spine": "spinal fusion", "approach": "transforaminal"})), row(2))
    assert list(table["by_approach"]) == ["near-spinous process"] * 2
    assert list(table["by_spine"]) == ["spinal fusion", cases.UNKNOWN]


# ------------------------------------------------------------------------------------------------------------- choosing
def test_filters_keep_the_case_numbers_and_dates_hold_their_whole_last_day():
    table = frame(*(row(n, case_operators=["AK" if n % 2 else "BL"], dose=1 + n % 3) for n in range(1, 13)))
    chosen = choice.chosen(table, Choice(operator="AK", since=date(1970, 1, 4), until=date(1970, 1, 8)), CURVE)
    assert list(chosen["place"]) == [2, 3, 4]  # of days 3, 5 and 7
    assert list(choice.chosen(table, Choice(doses=FIRST), CURVE)["place"]) == [3, 6, 9, 12]
    assert Choice(since=date(1970, 1, 4)).narrowed
    assert not Choice(operator="AK", doses=FIRST, values={"spine": []}).narrowed


def test_experience_is_an_operators_own_case_number_at_the_bounds_of_the_protocol():
    table = frame(*(row(1 + n % 28, opened_at=n * DAY_MS) for n in range(35)))
    assert choice.experience(CURVE) == ["cases 1–10", "cases 11–30", "from case 31"]
    for bands, places in (
        ([0], range(1, 11)),
        ([1], range(11, 31)),
        ([2], range(31, 36)),
        ([0, 2], [*range(1, 11), *range(31, 36)]),
    ):
        assert list(choice.chosen(table, Choice(operator="AK", experience=bands), CURVE)["place"]) == list(places)


def test_options_of_one_value_add_up_and_values_narrow_each_other():
    table = frame(
        row(1, values={"spine": "spinal fusion", "nash_moe": "IV"}),
        row(2, values={"spine": "other"}),
        row(3, values={"spine": "spinal fusion", "nash_moe": "I"}),
    )
    both = Choice(values={"spine": ["spinal fusion", "other"], "nash_moe": []})
    assert len(choice.chosen(table, both, CURVE)) == 3
    narrow = Choice(values={"spine": ["spinal fusion"], "nash_moe": ["IV", cases.UNKNOWN]})
    assert list(choice.chosen(table, narrow, CURVE)["place"]) == [1]


def test_dates_the_wrong_way_get_a_sentence():
    wrong = Choice(since=date(2026, 2, 1), until=date(2026, 1, 31))
    assert choice.problem(wrong) == "Dates: expected the end on or after 2026-02-01, found 2026-01-31."
    assert choice.problem(Choice(since=date(2026, 2, 1), until=date(2026, 2, 1))) is None
    assert len(choice.chosen(frame(row(1)), wrong, CURVE)) == 0

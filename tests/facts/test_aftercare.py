"""After the needle: what a session still lacks, when its calls are due, what is a red flag."""

from typing import Any

import pytest

from core.care import follow_up
from core.engine import session
from core.engine.summary import summary
from core.facts import aftercare
from core.records.row import row
from tests.helpers.tables import CERVICAL, LUMBAR, mark, play, session_of

HOUR_MS = 3600 * 1000
DOSE = """
time    | tap
00:00   | start scan
06:00   | skin puncture L4-L5
08:00   | CSF outflow
10:00   | start injection
11:30   | injection complete 5 mL
12:00   | needle out
12:10   | start compression
32:10   | end compression
32:10   | start supine
4:32:10 | end supine
"""
LEAVES = "4:33:00 | check legs\n4:33:10 | Vial lot A17\n4:34:00 | discharge CK\n"
OUTFLOW_MS = 8 * 60_000


def kinds(table: str) -> list[str]:
    return [review["kind"] for review in summary(play(table))["to_review"]]


# --------------------------------------------------------------------------------------------------------- the end
def test_a_success_that_lacks_nothing_closes_and_has_nothing_to_review():
    session = play(DOSE + LEAVES)
    assert session.closed
    assert (summary(session)["to_review"], aftercare.missing(session)) == ([], [])


def test_what_is_missing_is_told_before_the_discharge_and_listed_after_it():
    before, after = play(DOSE), play(DOSE + "4:34:00 | discharge CK\n")
    assert aftercare.missing(before) == ["Leg movement and sensation checked", "Vial lot"]
    assert not before.closed
    assert [review["text"].split(". ")[0] for review in summary(after)["to_review"]] == [
        "Missing before Discharge at 04:34:00: Leg movement and sensation checked",
        "Missing before Discharge at 04:34:00: Vial lot",
    ]


def test_a_patient_who_stopped_before_any_needle_is_discharged_and_lacks_nothing():
    session = play(
        """
    time  | tap                     | state                  | prompt
    00:00 | start scan              | scan and sterile setup |
    03:00 | patient wishes to stop  | scan and sterile setup | ct guidance
    05:00 | discharge CK            | discharged             |
    """.replace("00:00 | start", "00:00 | start")
    )
    assert (session.walk.outcome, session.closed, aftercare.missing(session)) == ("stopped", True, [])
    assert aftercare.dosed_at(session) is None


def test_after_ct_guidance_the_dose_under_ct_is_missing_until_it_was_given():
    stopped = """
    time    | tap                       | state
    00:00   | start scan                | scan and sterile setup
    06:00   | skin puncture L4-L5       | the needle is in
    08:00   | withdrawn                 | between insertions
    09:00   | switch to CT guidance     | CT guidance
    """
    assert "Dose given under CT" in aftercare.missing(play(stopped))
    dosed = play(stopped + "1:30:00 | dose given under CT | dose given under CT\n")
    assert "Dose given under CT" not in aftercare.missing(dosed)
    assert aftercare.dosed_at(dosed) == 90 * 60_000
    assert [call.due_at - 90 * 60_000 for call in aftercare.calls(dosed)] == [72 * HOUR_MS, 120 * HOUR_MS]
    assert aftercare.on_ward(dosed)


def test_a_second_discharge_is_kept_and_listed():
    table = DOSE + LEAVES + "4:50:00 | discharge RR\n"
    assert [review["text"] for review in summary(play(table))["to_review"]] == [
        "Discharge at 04:50:00 was not expected: discharged."
    ]


def test_an_end_before_its_start_is_kept_and_listed():
    table = DOSE.replace("4:32:10 | end supine", "4:32:10 | end supine, at 30:00")
    texts = [review["text"] for review in summary(play(table))["to_review"]]
    assert texts == ["End supine at 00:30:00 was not expected: compression."]


def test_a_discharge_straight_from_compression_is_kept_and_what_it_lacks_is_listed():
    lines = DOSE.strip().splitlines()
    table = "\n".join(lines[:8]) + "\n20:00 | discharge CK\n"
    assert kinds(table) == [
        "out_of_order",
        "missing_evidence",
        "missing_evidence",
        "missing_evidence",
        "missing_evidence",
    ]


# ----------------------------------------------------------------------------------------------------------- calls
CALL = DOSE + LEAVES


def standing(table: str, hours: float) -> list[tuple[str, str]]:
    """(call, how it stands) so many hours after the outflow."""
    listed = row(play(table))
    worklist = follow_up.worklist([listed], OUTFLOW_MS + round(hours * HOUR_MS))
    return sorted((due.call.label, due.state) for due in worklist)


@pytest.mark.parametrize(
    ("hours", "first", "second"),
    [
        (71.99, "coming", "coming"),
        (72, "due", "coming"),
        (95.99, "due", "coming"),
        (96, "overdue", "coming"),
        (119.99, "overdue", "coming"),
        (120, "overdue", "due"),
        (144, "overdue", "overdue"),
        (335.99, "overdue", "overdue"),
        (336, "missed", "missed"),
    ],
)
def test_a_call_is_coming_due_overdue_and_missed_by_the_hour(hours: float, first: str, second: str):
    assert standing(CALL, hours) == [("72 h call", first), ("Day 5 call", second)]


def test_three_unanswered_calls_are_unreachable_and_an_answered_one_is_done():
    tried = CALL + "".join(f"{hours}:00:00 | follow-up call not answered 72 h\n" for hours in (73, 74))
    assert standing(tried, 75)[0] == ("72 h call", "due")
    tried += "75:00:00 | follow-up call not answered 72 h\n"
    assert standing(tried, 76)[0] == ("72 h call", "unreachable")
    with_call = tried + "77:00:00 | follow-up call made 72 h\n"
    assert standing(with_call, 78) == [("72 h call", "done"), ("Day 5 call", "coming")]


def test_a_call_recorded_before_the_procedure_is_kept_listed_and_counts_for_none():
    session = play("time | tap\n00:00 | follow-up call made 72 h\n00:10 | start scan\n08:00 | CSF outflow")
    texts = [review["text"] for review in summary(session)["to_review"]]
    assert "Follow-up call made at 00:00:00 was not expected: before the scan." in texts
    assert [call.made_at for call in aftercare.calls(session)] == [None, None]


def test_no_call_is_asked_for_where_nothing_was_given_or_the_record_was_a_mistake():
    assert aftercare.calls(play("time | tap\n00:00 | start scan")) == []
    assert aftercare.calls(play(DOSE + "5:00:00 | opened by mistake\n")) == []


# ------------------------------------------------------------------------------------------------------- red flags
@pytest.mark.parametrize(
    ("data", "flagged"),
    [
        ({"complication": "leg_weakness"}, True),
        ({"complication": "urinary_retention"}, True),
        ({"complication": "fever"}, True),
        ({"complication": "drowsiness"}, True),
        ({"complication": "headache"}, False),
        ({"complication": "headache", "postural": "not postural"}, False),
        ({"complication": "headache", "postural": "worse upright"}, True),
        ({"complication": "lumbar_pain"}, False),
    ],
)
def test_red_flags_are_those_of_the_protocol(data: dict[str, Any], flagged: bool):
    flag = aftercare.red_flag(LUMBAR, data)
    assert bool(flag) is flagged
    assert flag is None or flag.startswith("Red flag")


def test_adverse_events_of_procedure_and_follow_up_make_one_list_in_order():
    session = play(DOSE + "4:32:30 | complication headache\n80:00:00 | complication fever, at 70:00:00\n")
    assert [
        (adverse.label, adverse.at // HOUR_MS, adverse.red_flag is not None) for adverse in aftercare.adverse(session)
    ] == [
        ("Headache", 4, False),
        ("Fever", 70, True),
    ]


@pytest.mark.parametrize("p", [LUMBAR, CERVICAL], ids=lambda p: p.id)
def test_every_procedure_can_be_closed_and_every_call_be_made(p: Any):
    assert len(session.closing(p)) == 1
    assert all(call.made and call.tried and call.late_hours and call.lapses_hours for call in p.follow_up)


def test_a_score_beyond_its_range_is_kept_and_listed_and_not_tested_is_not_0():
    session = session_of([mark(0, "scan_started"), {"t": "00:01:00", "value": "chop_intend", "is": 65}])
    assert "expected a whole number, 0 to 64 points" in summary(session)["to_review"][0]["text"]
    untested = session_of([{"t": "00:01:00", "value": "chop_intend_untested", "is": "asleep after sedation"}])
    assert "chop_intend" not in untested.walk.values

"""A follow-up call as it is written down: what is wrong with it in sentences, the entries that it becomes."""

from typing import Any

import msgspec
import pytest

from core.care import call, handover
from core.care.call import Answer, Call
from core.engine.session import Session, fold
from core.facts import aftercare
from tests.care.test_patient import WARD
from tests.facts.test_aftercare import CALL, DOSE, OUTFLOW_MS
from tests.helpers.courses import HOUR_MS
from tests.helpers.tables import CERVICAL, LUMBAR, mark, play, session_of

DAY_3 = OUTFLOW_MS + 73 * HOUR_MS
NOW = OUTFLOW_MS + 80 * HOUR_MS
FIRST = LUMBAR.follow_up[0]


def call_with(
    *answers: Answer, at: int | None = DAY_3, by: str = "CK", session: Session | None = None, **more: Any
) -> Call:
    return Call(session or play(CALL), FIRST, at, by, list(answers), **more)


def headache(**described: Any) -> Answer:
    return Answer("headache", DAY_3 - 20 * HOUR_MS, described)


# --------------------------------------------------------------------------------------------- what has to be corrected
def test_a_call_with_everything_in_it_has_no_fault_and_no_doubt():
    report = call_with(headache(severity="mild", postural="not postural", resolved=DAY_3 - HOUR_MS))
    assert (call.faults(report, NOW), call.doubts(report)) == ([], [])


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (call_with(by=""), "Called by: expected initials, found nothing."),
        (call_with(at=None), "The call: expected when it was, found nothing."),
        (call_with(at=NOW + 1), "The call: expected a time that is past, found"),
        (call_with(Answer("fever", None)), "Fever: expected when it began, found nothing."),
        (call_with(Answer("fever", DAY_3 + 1)), "Fever: expected a beginning before the call, found"),
        (call_with(Answer("other", DAY_3 - 1)), "Other: expected what it was, found nothing."),
        (call_with(headache(resolved=DAY_3 - 21 * HOUR_MS)), "Headache, resolved: expected a time after it began ("),
        (
            call_with(headache(severity="awful")),
            "Headache, severity: expected one of mild, moderate, severe; found awful.",
        ),
    ],
)
def test_what_cannot_be_right_gets_one_sentence(report: Call, sentence: str):
    (fault,) = call.faults(report, NOW)
    assert fault.startswith(sentence)


def test_an_onset_before_the_procedure_is_no_fault_it_happened():
    assert call.faults(call_with(Answer("headache", 0)), NOW) == []


@pytest.mark.parametrize(("at", "doubted"), [(OUTFLOW_MS - 1, True), (OUTFLOW_MS, False)])
def test_a_call_dated_before_the_procedure_is_doubted_in_a_sentence(at: int, doubted: bool):
    doubts = call.doubts(call_with(at=at))
    assert bool(doubts) is doubted
    assert all("before the procedure" in sentence and "stays to be made" in sentence for sentence in doubts)


def test_a_call_of_a_procedure_without_a_dose_is_doubted_too():
    (doubt,) = call.doubts(call_with(session=play("time | tap\n00:00 | start scan")))
    assert "has not got so far" in doubt


# ------------------------------------------------------------------------------------------------------ what it becomes
def test_a_call_becomes_its_symptoms_at_their_onset_the_note_and_the_mark():
    report = call_with(
        headache(severity="mild"), Answer("other", DAY_3 - 1, {}, "itching"), unasked=["fever"], text="Well."
    )
    assert call.answered(report) == [
        ("complication", {"complication": "headache", "which_call": "72 h", "severity": "mild"}, DAY_3 - 20 * HOUR_MS),
        ("complication", {"complication": "other", "which_call": "72 h", "text": "itching"}, DAY_3 - 1),
        ("note", {"text": "Well."}, DAY_3),
        ("mark", {"mark": "call_made", "which_call": "72 h", "not_asked": "Fever"}, DAY_3),
    ]


def test_a_call_that_nobody_answered_becomes_its_mark_alone():
    assert call.tried(call_with()) == [("mark", {"mark": "call_tried", "which_call": "72 h"}, DAY_3)]


def test_what_a_call_becomes_is_known_to_the_record_and_has_nothing_to_review():
    entries = [{"t": "73:08:00", "mark": "call_made", "which_call": "72 h", "not_asked": "Fever, Drowsiness"}]
    session = session_of([*WARD, *entries])
    assert session.walk.review == []
    assert [call.made_at for call in aftercare.calls(session)] == [73 * HOUR_MS + 480_000, None]


# -------------------------------------------------------------------------------------------------------- the hand-over
def test_the_card_says_times_counts_what_to_watch_for_and_when_the_calls_are_due_and_no_name():
    card = handover.card(play(DOSE))
    assert (card.patient, card.dose, card.figures, card.groups) == ("P-001", 1, {"Insertions": 1}, {"L4–L5": 1})
    assert [(timer.label, timer.bound, timer.lasted // 1000) for timer in card.timers] == [
        ("Compression", "20 min", 1200),
        ("Supine", "4 h", 14400),
    ]
    assert card.watch == [
        "Headache",
        "Leg numbness or paraesthesia",
        "Leg weakness",
        "Lumbar pain",
        "Bleeding at the site",
    ]
    assert card.to_do == ["Urine passed", "Leg movement and sensation checked"]
    assert len(card.red_flags) == len(LUMBAR.red_flag)
    assert [call.due_at - OUTFLOW_MS for call in card.calls] == [72 * HOUR_MS, 120 * HOUR_MS]


def test_the_card_says_what_was_observed_red_flags_first_the_bed_and_why_a_time_was_short():
    events = [
        *WARD,
        mark(1500, "compression_ended", reason="bed needed"),
        {"t": "00:26:00", "complication": "headache"},
        {"t": "00:27:00", "complication": "leg_weakness"},
        {"t": "00:28:00", "check": "legs"},
        {"t": "00:29:00", "value": "bed", "is": "12 B"},
    ]
    card = handover.card(session_of(events))
    assert [(event_seen.label, event_seen.red_flag is not None) for event_seen in card.seen] == [
        ("Leg weakness", True),
        ("Headache", False),
    ]
    assert card.checked == [("Leg movement and sensation checked", 28 * 60_000)]
    assert (card.to_do, card.bed, card.reasons) == (["Urine passed"], "12 B", {"compression": "bed needed"})


def test_a_puncture_without_its_interspace_is_counted_as_one_whose_interspace_is_not_recorded():
    told = session_of([mark(0, "scan_started"), mark(360, "skin_puncture", interspace="L3-L4")])
    bare = [{key: one for key, one in line.data.items() if key != "interspace"} for line in told.entries]
    events = [msgspec.structs.replace(line.event, data=data) for line, data in zip(told.entries, bare, strict=True)]
    assert handover.card(fold(LUMBAR, "s", events)).groups == {"interspace not recorded": 1}


@pytest.mark.parametrize("p", [LUMBAR, CERVICAL], ids=lambda p: p.id)
def test_a_red_flag_is_right_on_the_ward_and_on_the_telephone(p: Any):
    assert [flag.do for flag in p.red_flag if "the patient comes in" in flag.do] == []


def test_a_timer_on_the_card_runs_until_its_bound_and_one_to_come_says_how_long_it_takes():
    compression, supine = handover.card(play("\n".join(DOSE.strip().splitlines()[:8]))).timers
    assert (compression.since, compression.ends_at) == (730_000, 730_000 + 1_200_000)
    assert (supine.since, supine.ends_at, supine.ended_at, supine.bound) == (None, None, None, "4 h")


def test_the_record_keeps_who_handed_over_to_whom():
    session = session_of([mark(0, "handed_over", handed_by="RR", handed_to="WN")])
    (given_dose,) = handover.handovers(session)
    assert (given_dose.at, given_dose.names) == (0, {"Handed over by": "RR", "Handed over to": "WN"})
    kind, data, at = handover.entry(session, {"handed_by": "RR", "handed_to": "WN"})
    assert (kind, data, at) == ("mark", {"mark": "handed_over", "handed_by": "RR", "handed_to": "WN"}, None)


@pytest.mark.parametrize("p", [LUMBAR, CERVICAL], ids=lambda p: p.id)
def test_every_protocol_names_its_hand_over_and_where_a_call_keeps_what_was_not_asked(p: Any):
    assert p.handover in p.everywhere
    assert len(p.mark[p.handover].needs) == 2
    assert all(table.left_out in p.mark[table.made].may for table in p.follow_up)

"""Correcting a record from Records: what happened is added, what stood there stays."""

from pathlib import Path
from typing import Any

import pytest

from core import clock
from core.engine.log import Entry
from core.engine.session import Session
from core.engine.summary import summary
from core.records import correct, index, sessions
from core.records.correct import Content, Faults
from tests.helpers.kept import INJECTED, add, entry, keep, with_everything
from tests.helpers.tables import mark

WHY = "read off the paper"


def read(session: str) -> Session:
    return sessions.read(sessions.store(), session)


def line(session: str, kind: str, named: str) -> Entry:
    return next(one for one in read(session).entries if one.event.id == entry(session, kind, named))


def put(session: str, contents: list[Content]) -> Session:
    """Adds a correction as the page does; the record after it."""
    once = f"form{len(read(session).entries)}"
    sessions.add(sessions.store(), session, contents, "office0001", "LEAD", once)
    return read(session)


def faults(call: Any, *inputs: Any) -> list[str]:
    with pytest.raises(Faults) as error:
        call(*inputs)
    return error.value.sentences


def test_an_amended_value_counts_and_the_original_is_kept(data: Path):
    session = keep(INJECTED)
    before = sessions.store().load(session).events
    tap = line(session, "mark", "injection_completed")
    after = put(session, correct.amended(read(session), tap, tap.at, {"injected_ml": 4}, WHY))
    assert line(session, "mark", "injection_completed").data["injected_ml"] == 4
    assert sessions.store().load(session).events[: len(before)] == before
    (last,) = sessions.store().load(session).events[len(before) :]
    assert (last["kind"], last["by"], last["device"]) == ("amend", "LEAD", "office0001")
    assert last["data"] == {"of": tap.event.id, "set": {"injected_ml": 4}, "reason": WHY}
    assert after.entries[-1].event.by == "LEAD"


def test_an_amended_time_moves_the_clocks(data: Path):
    session = keep(INJECTED)
    tap = line(session, "mark", "csf_outflow")
    after = put(session, correct.amended(read(session), tap, tap.at + 60_000, {}, WHY))
    assert summary(after)["puncture_time_s"] == 180


def test_the_patients_code_can_be_amended_when_it_was_mistyped(data: Path):
    session = keep(INJECTED, patient="P-600")
    opening = read(session).entries[0]
    assert "patient" in correct.fields(read(session).protocol, opening)
    after = put(session, correct.amended(read(session), opening, None, {"patient": "P-006"}, WHY))
    assert after.patient == "P-006"
    assert index.index().rows()[0].patient == "P-006"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"dose": -7}, "Dose: expected a whole number from 1 to 1000, found -7."),
        ({"dose": 0}, "Dose: expected a whole number from 1 to 1000, found 0."),
        ({"dose": 10**9}, "Dose: expected a whole number from 1 to 1000, found 1000000000."),
        ({"dose": None}, "Dose: expected a whole number from 1 to 1000, found nothing."),
        (
            {"patient": "Mary Jones"},
            "Patient code: expected a code of 1 to 32 letters, digits, '.', '_' or '-', "
            "beginning with a letter or digit (never a name); found “Mary Jones”.",
        ),
        (
            {"patient": None},
            "Patient code: expected a code of 1 to 32 letters, digits, '.', '_' or '-', "
            "beginning with a letter or digit (never a name); found nothing.",
        ),
        (
            {"patient": "drill-1"},
            "Patient code: expected a patient's, found “drill-1”, which is a drill's. Drills begin at Start.",
        ),
        ({"operator": "A" * 65}, "Operator: expected initials or a code of at most 64 characters, found others."),
        ({"recorder": "A\nB"}, "Recorder: expected initials or a code of at most 64 characters, found others."),
    ],
)
def test_an_opening_cannot_be_amended_to_what_new_procedure_would_not_take(
    data: Path, values: dict[str, Any], sentence: str
):
    session = read(keep(INJECTED, patient="P-600"))
    assert faults(correct.amended, session, session.entries[0], None, values, WHY) == [sentence]


def test_amending_asks_for_a_reason_a_difference_and_a_moment_that_is_past(data: Path):
    session = read(keep(INJECTED))
    tap = next(one for one in session.entries if one.data.get("mark") == "injection_completed")
    assert faults(correct.amended, session, tap, tap.at, {"injected_ml": 5}, "") == [
        "Why it is corrected: expected a reason, found nothing.",
        "Injection complete: expected something that differs from the record, found no difference.",
    ]
    ahead = clock.now_ms() + 60_000
    assert faults(correct.amended, session, tap, ahead, {}, WHY) == [
        "When: expected a moment that is past, found one to come."
    ]
    assert faults(correct.amended, session, tap, tap.at, {"injected_ml": "much"}, WHY) == [
        "Injected: expected a number, 0 to 10 mL; found much."
    ]


def test_a_forgotten_mark_stands_where_it_happened_as_a_late_entry_with_its_reason(data: Path):
    session = keep([event for event in INJECTED if event["mark"] != "csf_outflow"])
    assert summary(read(session))["puncture_time_s"] is None
    at = read(session).opened_at + 480_000
    after = put(session, correct.forgotten(read(session), "mark", "csf_outflow", at, {}, WHY))
    assert summary(after)["puncture_time_s"] == 120
    (added,) = [one for one in after.entries if one.data.get("mark") == "csf_outflow"]
    assert (added.late, added.data["reason"], summary(after)["to_review"]) == (True, WHY, [])


@pytest.mark.parametrize(
    ("kind", "about", "values"),
    [
        ("check", "consent", {}),
        ("value", "weight_kg", {"is": 31.5}),
        ("complication", "headache", {"text": "mild"}),
        ("note", "", {"text": "slept"}),
        ("mark", "skin_puncture", {"interspace": "L3-L4", "approach": ""}),
    ],
)
def test_anything_that_was_forgotten_can_be_added(data: Path, kind: str, about: str, values: dict[str, Any]):
    session = keep(INJECTED)
    at = read(session).opened_at + 200_000
    after = put(session, correct.forgotten(read(session), kind, about, at, values, WHY))
    (added,) = [one for one in after.entries if one.event.by == "LEAD"]
    content = {key: value for key, value in values.items() if value != ""} | {"reason": WHY}
    assert (added.event.kind, added.at) == (kind, at)
    assert added.data == content | ({} if kind == "note" else {kind: about})


def test_a_forgotten_entry_lacks_neither_its_moment_nor_what_it_needs(data: Path):
    session = read(keep(INJECTED))
    assert faults(correct.forgotten, session, "mark", "skin_puncture", None, {}, WHY) == [
        "When: expected the moment when it happened, found nothing.",
        "Interspace: expected it with Skin puncture, found nothing.",
    ]
    assert faults(correct.forgotten, session, "note", "", session.opened_at, {}, WHY) == [
        "Note: expected words, found nothing."
    ]


def test_a_pair_from_two_tablets_is_two_events_when_a_review_says_so(data: Path):
    session = keep([mark(0, "scan_started"), mark(60, "skin_puncture", interspace="L2-L3")])
    add(session, {"kind": "mark", "at": 65, "data": {"mark": "skin_puncture", "interspace": "L2-L3"}})
    (item,) = read(session).walk.review
    assert (item.kind, summary(read(session))["insertions"]) == ("double", 1)
    after = put(session, correct.reviewed(item, "two needles", "separate"))
    assert summary(after)["insertions"] == 2
    assert "double" not in [review.kind for review in after.walk.review]


def test_a_mark_recorded_twice_is_merged_with_the_one_before_it_and_both_stay_visible(data: Path):
    session = keep(
        [
            mark(0, "scan_started"),
            mark(60, "skin_puncture", interspace="L2-L3"),
            mark(200, "skin_puncture", interspace="L2-L3"),
        ]
    )
    assert summary(read(session))["insertions"] == 2
    (second,) = correct.repeated(read(session))
    after = put(session, correct.merged(second, "the nurse tapped again"))
    assert summary(after)["insertions"] == 1
    assert summary(after)["to_review"] == []
    assert correct.repeated(after) == []
    assert sum(one.data.get("mark") == "skin_puncture" for one in after.entries) == 2


def test_two_insertions_with_a_withdrawal_between_them_or_at_two_places_are_not_offered_as_one(data: Path):
    session = keep(
        [
            mark(0, "scan_started"),
            mark(60, "skin_puncture", interspace="L2-L3"),
            mark(90, "withdrawn"),
            mark(120, "skin_puncture", interspace="L2-L3"),
            mark(150, "skin_puncture", interspace="L3-L4"),
        ]
    )
    assert correct.repeated(read(session)) == []


def test_a_reviewed_item_leaves_the_list_and_the_row_and_stays_visible(data: Path):
    session = with_everything()
    waiting = len(read(session).walk.review)
    item = read(session).walk.review[0]
    after = put(session, correct.reviewed(item, "as it was"))
    assert (len(after.walk.review), len(after.walk.reviewed)) == (waiting - 1, 2)
    (row,) = index.index().rows()
    assert (row.to_review, row.reviewed) == (waiting - 1, 2)


def test_what_did_not_happen_is_undone_with_a_reason_and_can_be_restored(data: Path):
    session = keep(INJECTED)
    outflow = line(session, "mark", "csf_outflow")
    assert faults(correct.undone, outflow, " ") == ["Why it is corrected: expected a reason, found nothing."]
    after = put(session, correct.undone(outflow, WHY))
    assert summary(after)["puncture_time_s"] is None
    undo = next(one for one in after.entries if one.event.kind == "undo")
    assert summary(put(session, correct.undone(undo, WHY)))["puncture_time_s"] == 120


def test_a_correction_can_be_taken_back_and_what_was_taken_back_restored(data: Path):
    session = keep(INJECTED)
    tap = line(session, "mark", "injection_completed")
    after = put(session, correct.amended(read(session), tap, tap.at, {"injected_ml": 4}, WHY))
    amendment = next(candidate for candidate in correct.revocable(after) if candidate.event.kind == "amend")
    assert correct.described(after, amendment) == "Amend: Injection complete"
    after = put(session, correct.undone(amendment, WHY))
    assert line(session, "mark", "injection_completed").data["injected_ml"] == 5
    undo = next(candidate for candidate in correct.revocable(after) if candidate.event.kind == "undo")
    put(session, correct.undone(undo, WHY))
    assert line(session, "mark", "injection_completed").data["injected_ml"] == 4


def test_a_voided_record_is_kept_and_is_no_procedure_of_the_patient(data: Path):
    session = keep(INJECTED)
    after = put(session, correct.voided(read(session), "the wrong patient"))
    assert after.mistaken
    assert len(after.entries) == len(INJECTED) + 2
    assert index.index().rows()[0].mistaken
    assert faults(correct.voided, read(session), "") == ["Why it is corrected: expected a reason, found nothing."]

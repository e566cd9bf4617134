"""Drills: files read strictly, debriefs as tables, limits at their bounds, and nothing of a drill among the records."""

from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.drills import drill
from core.drills.debrief import debrief
from core.drills.drill import DrillError
from core.engine.sentences import clock_time
from core.engine.session import Session
from core.records import history, sessions
from core.records.row import row as row_of
from core.store import Store, new_session_id
from core.transfer import export_json
from core.web.routes import ROUTES
from tests.helpers.tables import CERVICAL, LUMBAR, mark, play, session_of

TEXT = (drill.FOLDER / "dry-taps.toml").read_text(encoding="utf-8")
FIRST = 'after = { mark = "skin_puncture", nth = 1 }'
DRILLS = sorted(drill.shipped())
# One question: four seconds after the first insertion the needle is dry; half a minute to withdraw it.
ONE = TEXT.partition('[[step]]\nafter = { mark = "skin_puncture", nth = 2 }')[0]


def debrief_rows(scenario: drill.Drill, session: Session) -> list[tuple[str, int, str | None, int | None, int | None]]:
    """(asked at, step, done at, seconds after, seconds late) of each question."""
    return [
        (
            clock_time(row.asked_at),
            row.step,
            row.done_at if row.done_at is None else clock_time(row.done_at),
            row.after_s,
            row.late_s,
        )
        for row in debrief(scenario, session)
    ]


# ------------------------------------------------------------------------------------------------------------ the files
def test_three_lumbar_drills_and_one_for_the_neck_come_with_interspace():
    assert {scenario.id: scenario.protocol for scenario in drill.shipped().values()} == {
        "dry-taps": LUMBAR.id,
        "paraesthesia": LUMBAR.id,
        "patient-stop": LUMBAR.id,
        "neck-tip-lost": CERVICAL.id,
    }


@pytest.mark.parametrize("id_", DRILLS)
def test_every_drill_has_an_invented_patient_of_its_own(id_: str):
    patients = [scenario.patient for scenario in drill.shipped().values()]
    assert drill.shipped()[id_].patient.startswith("DRILL-")
    assert patients.count(drill.shipped()[id_].patient) == 1


REFUSED = [
    ("no TOML", "dose = 1", "dose = ", ["expected TOML", "found", "line"]),
    ("a key twice", "dose = 1", "dose = 1\ndose = 2", ["expected TOML", "found"]),
    ("an unknown key", "dose = 1", "dose = 1\nage = 3", ["expected only keys of the reference, found 'age'"]),
    ("no title", 'title = "Dry', 'about2 = "Dry', ["found 'about2'"]),
    ("an unknown key in a step", "wait_s = 4", "wait_s = 4\npause = 2", ["[[step]] 1", "found 'pause'"]),
    ("a step without words", 'tell = "No CSF. The needle is dry."\n', "", ["[[step]] 1", "expected the key 'tell'"]),
    ("words too long for a phone", "No CSF. The needle is dry.", "dry " * 21, ["[[step]] 1: tell", "<= 80"]),
    ("a patient's code that could be real", '"DRILL-1"', '"P-006"', ["patient", "DRILL-", "P-006"]),
    ("no dose", "dose = 1", "dose = 0", ["dose", ">= 1", "found '0'"]),
    ("a protocol that does not exist", '"lumbar-nusinersen"', '"sacral"', ["expected one of", "found 'sacral'"]),
    ("a mark that does not exist", FIRST, 'after = { mark = "stab" }', ["[[step]] 1: after.mark", "found 'stab'"]),
    ("a prompt that does not exist", FIRST, 'after = { prompt = "stab" }', ["[[step]] 1: after.prompt", "'stab'"]),
    ("nothing to wait for", FIRST, "after = { nth = 1 }", ["after: expected one of mark, prompt; found none"]),
    ("two things to wait for", FIRST, 'after = { mark = "withdrawn", prompt = "ct_guidance" }', ["found mark, prompt"]),
    ("the 0th time", FIRST, 'after = { mark = "skin_puncture", nth = 0 }', ["[[step]] 1: after.nth", ">= 1"]),
    ("nothing expected", 'expect = { mark = "withdrawn" }', "expect = {}", ["expect: expected one of", "found none"]),
    ("a complication that does not exist", '{ mark = "withdrawn" }', '{ complication = "boredom" }', ["'boredom'"]),
    ("a complication that Bedside does not offer", '{ mark = "withdrawn" }', '{ complication = "fever" }', ["'fever'"]),
    ("a check that does not exist", '{ mark = "withdrawn" }', '{ check = "legz" }', ["expect.check", "'legz'"]),
    ("no time to do it", "within_s = 30", "within_s = 0", ["[[step]] 1: within_s", ">= 1", "found '0'"]),
    ("a limit that is no number", "within_s = 30", "within_s = inf", ["[[step]] 1: within_s", "int"]),
    ("a wait that runs backwards", "wait_s = 4", "wait_s = -1", ["[[step]] 1: wait_s", ">= 0"]),
    ("a limit without a source", 'source = "site"', "", ["[[step]] 1", "expected the key 'source'"]),
    ("a limit of unknown source", 'source = "site"', 'source = "Bob"', ["[[step]] 1: source", "site", "found 'Bob'"]),
    ("the same question twice", "nth = 2", "nth = 1", ["[[step]] 2", "in step 1", "found the same"]),
    ("a value that does not exist", "age_y", "shoe_size", ["[values] shoe_size", "found 'shoe_size'"]),
    ("a value of the wrong type", "age_y = 15", 'age_y = "15"', ["[values] age_y", "a number, 0 to 110 y", "'15'"]),
    ("a value out of its range", "age_y = 15", "age_y = 111", ["[values] age_y", "0 to 110", "found 111"]),
    ("no number at all", "age_y = 15", "age_y = nan", ["age_y", "expected"]),
    ("an option that is not offered", '"L3-L4"', '"C5-C6"', ["[values] least_rotation", "L5-S1", "'C5-C6'"]),
]


@pytest.mark.parametrize(("old", "new", "parts"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_bad_drill_is_refused_with_a_sentence_that_names_the_place(old: str, new: str, parts: list[str]):
    assert old in TEXT
    with pytest.raises(DrillError) as error:
        drill.parse(TEXT.replace(old, new, 1), "dry-taps.toml")
    problems = "\n".join(error.value.problems)
    for part in ["dry-taps.toml: ", *parts]:
        assert part in problems, problems


def test_a_drill_without_steps_is_refused():
    with pytest.raises(DrillError, match="step"):
        drill.parse("step = []\n" + TEXT.partition("[[step]]")[0])


def test_every_problem_of_a_drill_is_told_at_once():
    with pytest.raises(DrillError) as error:
        drill.parse(TEXT.replace('"withdrawn"', '"pulled"'))
    assert len(error.value.problems) == 3


def test_a_drill_file_is_named_as_its_id(tmp_path: Path):
    (tmp_path / "other.toml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(DrillError, match="expected the file's name 'other', found 'dry-taps'"):
        drill.load(tmp_path / "other.toml")


@pytest.mark.parametrize(("content", "says"), [(None, "readable file"), (b"\xff", "UTF-8")])
def test_a_drill_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None, says: str):
    if content is not None:
        (tmp_path / "one.toml").write_bytes(content)
    with pytest.raises(DrillError, match=says):
        drill.load(tmp_path / "one.toml")


# -------------------------------------------------------------------------------------------------------------- debrief
# Dry taps: an answer in time, one late, one before it was asked; then the change of interspace, and CSF.
DRY = """
time  | tap                       | insertions | prompt
00:00 | start scan                | 0          |
01:00 | skin puncture L2-L3       | 1          |
01:14 | withdrawn                 | 1          |
02:00 | skin puncture L2-L3       | 2          |
02:44 | withdrawn                 | 2          |
03:00 | skin puncture L2-L3       | 3          |
03:02 | withdrawn                 | 3          | change interspace
03:22 | change interspace L3-L4   | 3          |
04:00 | skin puncture L3-L4       | 4          |
04:15 | csf outflow               | 4          |
"""


def test_a_debrief_tells_what_was_asked_what_was_done_and_how_late_it_was():
    assert debrief_rows(drill.shipped()["dry-taps"], play(DRY)) == [
        ("00:01:04", 1, "00:01:14", 10, 0),
        ("00:02:04", 2, "00:02:44", 40, 10),
        ("00:03:02", 4, "00:03:22", 20, 0),
        ("00:03:04", 3, "00:03:02", -2, 0),
        ("00:04:04", 5, "00:04:15", 11, 1),
    ]


def test_what_was_never_done_is_told_and_what_nothing_set_off_is_not():
    session = play("\n".join(DRY.strip().splitlines()[:8]))
    assert debrief_rows(drill.shipped()["dry-taps"], session)[2:] == [
        ("00:03:02", 4, None, None, None),
        ("00:03:04", 3, "00:03:02", -2, 0),
    ]


def test_reported_paraesthesia_is_answered_by_the_complication_not_by_the_withdrawal():
    session = play("""
time    | tap                       | insertions | prompt
00:00   | skin puncture L4-L5       | 1          |
00:10   | complication leg numbness | 1          |
00:50   | withdrawn                 | 1          |
02:00   | skin puncture L4-L5       | 2          |
02:10   | csf outflow               | 2          |
03:00   | start compression         | 2          |
03:30   | check legs                | 2          |
""")
    assert debrief_rows(drill.shipped()["paraesthesia"], session) == [
        ("00:00:04", 1, "00:00:10", 6, 0),
        ("00:00:12", 2, "00:00:50", 38, 8),
        ("00:02:04", 3, "00:02:10", 6, 0),
        ("00:03:02", 4, "00:03:30", 28, 0),
    ]


def test_a_patient_who_wishes_to_stop_ends_in_ct_guidance_and_every_answer_is_timed():
    session = play("""
time    | tap                     | insertions | prompt      | outcome
00:00   | skin puncture L4-L5     | 1          |             | open
00:10   | withdrawn               | 1          |             | open
01:00   | skin puncture L4-L5     | 2          |             | open
01:06   | patient wishes to stop  | 2          | ct guidance | stopped
01:36   | switch to CT guidance   | 2          |             | ct_guidance
02:00   | dose given under CT     | 2          |             | ct_guidance
""")
    assert debrief_rows(drill.shipped()["patient-stop"], session) == [
        ("00:00:04", 1, "00:00:10", 6, 0),
        ("00:01:04", 2, "00:01:06", 2, 0),
        ("00:01:06", 3, "00:01:36", 30, 10),
        ("00:01:40", 4, "00:02:00", 20, 0),
    ]


def test_a_lost_tip_uptake_and_a_faint_in_the_neck_are_each_answered_and_the_second_contrast_too():
    session = play(
        """
time    | tap                                              | insertions | to review
00:00   | check limited evidence                           | 0          |
00:01   | check risk profile                               | 0          |
00:10   | start scan                                       | 0          |
00:30   | level imaged 1                                   | 0          |
01:00   | skin puncture medial branch block C5 left        | 1          |
01:10   | tip lost                                         | 1          |
01:20   | tip in view again                                | 1          |
02:00   | final tip imaged 2                               | 1          |
02:10   | intravascular uptake                             | 1          |
02:50   | withdrawn                                        | 1          |
03:00   | complication vasovagal                           | 1          |
05:00   | skin puncture medial branch block C5 left        | 2          |
06:00   | final tip imaged 3                               | 2          |
06:20   | contrast: no uptake 4                            | 2          |
06:40   | start injectate                                  | 2          |
07:00   | injectate complete                               | 2          |
07:10   | needle out                                       | 2          |
07:20   | start observation                                | 2          |
08:00   | check neurology                                  | 2          |
""",
        protocol=CERVICAL.id,
    )
    assert debrief_rows(drill.shipped()["neck-tip-lost"], session) == [
        ("00:01:04", 1, "00:01:10", 6, 0),
        ("00:01:16", 2, "00:01:20", 4, 0),
        ("00:02:04", 3, "00:02:10", 6, 0),
        ("00:02:14", 4, "00:02:50", 36, 6),
        ("00:02:54", 5, "00:03:00", 6, 0),
        ("00:06:04", 6, "00:06:20", 16, 0),
        ("00:07:22", 7, "00:08:00", 38, 0),
    ]


@pytest.mark.parametrize(("seconds", "late"), [(29, 0), (30, 0), (31, 1), (600, 570)])
def test_a_limit_is_kept_just_below_and_at_it_and_passed_just_above(seconds: int, late: int):
    session = session_of([mark(0, "skin_puncture", interspace="L2-L3"), mark(4 + seconds, "withdrawn")])
    assert debrief_rows(drill.parse(ONE), session)[0][3:] == (seconds, late)


def test_the_scripted_moment_counts_from_the_tap_even_if_the_insertion_was_entered_late():
    session = play("time | tap | insertions\n05:00 | skin puncture L2-L3, at 02:00 | 1\n05:10 | withdrawn | 1")
    assert debrief_rows(drill.parse(ONE), session) == [("00:05:04", 1, "00:05:10", 6, 0)]


def test_an_answer_entered_late_counts_from_when_it_was_given():
    session = play("time | tap | insertions\n00:00 | skin puncture L2-L3 | 1\n02:00 | withdrawn, at 00:20 | 1")
    assert debrief_rows(drill.parse(ONE), session) == [("00:00:04", 1, "00:00:20", 16, 0)]


def test_an_insertion_that_was_undone_asks_nothing_and_an_answer_that_was_undone_answers_nothing():
    asked = "time | tap | insertions\n00:00 | skin puncture L2-L3 | 1\n00:10 | withdrawn | 1\n00:20 | undo of 00:10 | 1"
    assert debrief_rows(drill.parse(ONE), play(asked)) == [("00:00:04", 1, None, None, None)]
    assert debrief_rows(drill.parse(ONE), play(asked + "\n00:30 | undo of 00:00 | 0")) == []


def test_one_withdrawal_answers_the_needle_that_went_in_last():
    session = play("""
time  | tap                 | insertions
00:00 | skin puncture L2-L3 | 1
00:20 | skin puncture L2-L3 | 2
00:30 | withdrawn           | 2
""")
    assert debrief_rows(drill.shipped()["dry-taps"], session) == [
        ("00:00:04", 1, None, None, None),
        ("00:00:24", 2, "00:00:30", 6, 0),
    ]


def test_trouble_that_was_due_only_after_the_end_was_not_asked():
    opened = [mark(0, "skin_puncture", interspace="L2-L3"), mark(3, "voided")]
    assert debrief_rows(drill.parse(ONE), session_of(opened)) == []
    assert debrief_rows(drill.parse(ONE), session_of([opened[0], mark(5, "voided")])) == [
        ("00:00:04", 1, None, None, None)
    ]


# ---------------------------------------------------------------------------------------------------- kept from records
def begun(store: Store, patient: str, **opened: Any) -> str:
    head = {"patient": patient, "dose": 1, "operator": "AK", "recorder": "RR", **opened}
    return sessions.begin(store, new_session_id(1_795_168_800_000), LUMBAR.id, head, {}, "tablet0001")


def test_a_drill_is_exported_only_when_asked_for(tmp_path: Path):
    store = Store(tmp_path)
    real, played = begun(store, "P-001", drill=False), begun(store, "DRILL-1", drill=True, drill_id="dry-taps")
    assert [
        record["session"] for record in export_json.export_all(store, drills=False) if isinstance(record, dict)
    ] == [real]
    both = {
        record["session"]: record["drill"]
        for record in export_json.export_all(store, drills=True)
        if isinstance(record, dict)
    }
    assert both == {real: False, played: True}
    assert export_json.export(store, played)["drill"] is True


def test_a_drill_is_no_dose_of_a_patient_even_under_a_real_code_but_start_lists_it(tmp_path: Path):
    store = Store(tmp_path)
    real, played = begun(store, "P-001", drill=False), begun(store, "P-001", drill=True, drill_id="dry-taps")
    rows = [row_of(sessions.read(store, session)) for session in (real, played)]
    tomorrow = rows[0].opened_at + history.DAY_MS
    assert [row.session for row in history.doses(rows, "P-001", LUMBAR.id, tomorrow)] == [real]
    assert {row.session: row.drill for row in history.under_way(rows)} == {real: False, played: True}


# ---------------------------------------------------------------------------------------------------------------- route
def test_a_tablet_gets_a_drill_by_its_id_and_a_sentence_where_there_is_none():
    client = TestClient(Starlette(routes=ROUTES))
    answer = client.get("/api/drills/dry-taps").json()
    assert (answer["id"], answer["patient"], len(answer["step"])) == ("dry-taps", "DRILL-1", 5)
    assert answer["step"][3]["after"] == {"mark": None, "prompt": "change_interspace", "nth": 1}
    missing = client.get("/api/drills/nothing")
    assert missing.status_code == 404
    assert "found 'nothing'" in missing.json()["error"]

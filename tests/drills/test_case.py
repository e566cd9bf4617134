"""A real case repeated as a drill: the same troubles at the same moments, and nothing that tells whose it was."""

import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.drills import case, drill, own
from core.drills.case import NoDrill
from core.drills.debrief import debrief
from core.engine.session import Session
from core.records import sessions
from core.web.routes import ROUTES
from tests.helpers.app import ROOT, Json
from tests.helpers.kept import AFTER, INJECTED, keep, with_everything
from tests.helpers.tables import CERVICAL, LUMBAR, mark

HEADACHE = {"t": "01:00:00", "complication": "headache", "text": "Anna Example says so"}


def fails(first: int, place: str, times: int = 3) -> list[Json]:
    """So many insertions, two minutes apart, that stay dry after 40 s."""
    return [
        entry
        for n in range(times)
        for entry in (
            mark(first + 120 * n, "skin_puncture", interspace=place),
            mark(first + 120 * n + 40, "withdrawn", result="bone contact"),
        )
    ]


HARD = [
    mark(0, "scan_started"),
    *fails(300, "L2-L3"),
    mark(650, "interspace_changed", interspace="L4-L5"),
    {"t": "00:11:00", "mark": "operator_changed", "operator": "ZZ"},
    mark(700, "skin_puncture", interspace="L4-L5"),
    {"t": "00:11:55", "complication": "leg_numbness"},
    mark(760, "csf_outflow"),
    mark(800, "injection_started"),
    mark(900, "injection_completed", injected_ml=5),
    mark(920, "needle_removed"),
]
NECK = [
    mark(0, "scan_started"),
    mark(100, "skin_puncture", target="facet joint", level="C5-C6", side="left"),
    mark(120, "tip_lost"),
    mark(130, "tip_found"),
    mark(160, "tip_imaged", image_number="7"),
    mark(175, "uptake_seen"),
    mark(184, "withdrawn", reason="Anna's artery"),
]
WISH = [mark(0, "scan_started"), mark(100, "patient_stop", reason="Anna's mother"), mark(160, "ct_guidance")]


def read(session: str) -> Session:
    return sessions.read(sessions.store(), session)


def asked(session: Session) -> list[tuple[str, int, int, str, str | None]]:
    """(after, nth, wait, told, expected) of each step."""
    return [
        (
            step.after.mark or f"prompt {step.after.prompt}",
            step.after.nth,
            step.wait_s,
            step.tell,
            step.expect.mark or step.expect.complication,
        )
        for step in case.as_drill(session).step
    ]


def test_the_troubles_come_so_long_after_the_marks_before_them_as_in_the_case(data: Path):
    assert asked(read(keep(HARD))) == [
        ("skin_puncture", 1, 40, "Result: Bone contact", "withdrawn"),
        ("skin_puncture", 2, 40, "Result: Bone contact", "withdrawn"),
        ("skin_puncture", 3, 40, "Result: Bone contact", "withdrawn"),
        ("skin_puncture", 4, 15, "The patient: Leg numbness or paraesthesia", "leg_numbness"),
        ("skin_puncture", 4, 60, "CSF outflow", "csf_outflow"),
        ("prompt change_interspace", 1, 0, "Change interspace", "interspace_changed"),
    ]


def test_a_wish_to_stop_is_told_and_what_the_team_did_about_it_is_asked(data: Path):
    assert asked(read(keep(WISH))) == [
        ("scan_started", 1, 100, "Patient wishes to stop", "patient_stop"),
        ("prompt ct_guidance", 1, 0, "Use CT guidance", "ct_guidance"),
    ]


def test_in_the_neck_what_the_picture_shows_is_told_and_what_the_team_does_is_not(data: Path):
    assert asked(read(keep(NECK, protocol=CERVICAL.id))) == [
        ("skin_puncture", 1, 20, "Tip lost", "tip_lost"),
        ("tip_lost", 1, 10, "Tip in view again", "tip_found"),
        ("tip_found", 1, 30, "Final tip imaged", "tip_imaged"),
        ("tip_imaged", 1, 15, "Intravascular uptake", "uptake_seen"),
        ("uptake_seen", 1, 9, "Withdrawn", "withdrawn"),
    ]


@pytest.mark.parametrize(
    "happened", [HARD, WISH, [*INJECTED, *AFTER[:3], HEADACHE, *AFTER[3:]]], ids=["hard", "wish", "headache"]
)
def test_a_team_that_does_as_in_the_case_did_everything_in_time(data: Path, happened: list[Json]):
    session = read(keep(happened))
    script = case.as_drill(session)
    answers = debrief(script, session)
    assert len(answers) == len(script.step)
    assert {answer.late_s for answer in answers if script.step[answer.step - 1].after.mark} == {0}
    assert all(answer.done_at is not None for answer in answers)


def test_nothing_tells_whose_it_was(data: Path):
    happened = [
        *INJECTED,
        {"t": "00:12:00", "note": "Anna Example"},
        {"t": "00:12:30", "value": "vial_lot", "is": "LOT-77"},
        {"t": "00:12:40", "value": "bed", "is": "Bed-9"},
        {"t": "00:13:00", "mark": "operator_changed", "operator": "QQ"},
        HEADACHE,
    ]
    session = keep(happened, patient="P-4711", dose=7, operator="XYZ", recorder="UVW")
    text = own.text(case.as_drill(read(session)))
    for secret in ("4711", "XYZ", "UVW", "QQ", "Anna", "LOT-77", "Bed-9", session, session[:8], "2026"):
        assert secret not in text, secret
    assert 'patient = "DRILL-' in text
    assert "dose = 1\n" in text


def test_what_was_undone_or_mistyped_is_not_repeated(data: Path):
    text = own.text(case.as_drill(read(with_everything())))
    assert "900" not in text  # a weight that no patient has
    undone = [*INJECTED, HEADACHE, {"t": "01:00:10", "undo": len(INJECTED)}]
    assert "headache" not in own.text(case.as_drill(read(keep(undone, patient="P-018"))))


def test_a_record_without_a_trouble_is_a_sentence(data: Path):
    with pytest.raises(NoDrill, match="Expected a record with a finding"):
        case.as_drill(read(keep([mark(0, "scan_started")])))
    with pytest.raises(NoDrill):
        case.as_drill(read(keep([*INJECTED, mark(700, "voided")], patient="P-019")))


@pytest.mark.parametrize("protocol", [LUMBAR.id, CERVICAL.id])
def test_a_kept_case_is_read_back_as_it_was_and_is_offered_once(data: Path, protocol: str):
    session = read(keep(HARD if protocol == LUMBAR.id else NECK, protocol=protocol))
    script = own.keep(session)
    assert own.keep(session) == script
    assert drill.load(data / "drills" / f"{script.id}.toml") == script
    assert list(own.offered()) == [*drill.shipped(), script.id]
    answer = TestClient(Starlette(routes=ROUTES)).get(f"/api/drills/{script.id}")
    assert (answer.status_code, answer.json()["patient"]) == (200, script.patient)


def test_a_file_that_cannot_be_used_is_a_sentence_and_hides_no_other(data: Path):
    script = own.keep(read(with_everything()))
    (data / "drills" / "broken.toml").write_text("dose =", encoding="utf-8")
    assert script.id in own.offered()
    (problem,) = own.problems()
    assert problem.startswith("broken.toml: expected TOML")


def command(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, capture_output=True, check=False)


def test_the_command_line_prints_the_script_and_keeps_it(data: Path):
    session = with_everything()
    printed = command("drill", session).stdout.decode()
    assert drill.parse(printed) == case.as_drill(read(session))
    assert not (data / "drills").exists()
    saved = command("drill", session, "--save").stdout.decode().strip()
    assert (data / "drills" / f"{saved}.toml").read_text(encoding="utf-8") == printed
    nothing = command("drill", keep([mark(0, "scan_started")], patient="P-020"))
    assert (nothing.returncode, nothing.stdout) == (1, b"")
    assert nothing.stderr.startswith(b"Expected a record with a finding")

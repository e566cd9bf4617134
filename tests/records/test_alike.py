"""Codes and initials that look alike: who is asked about, what is at stake, and an answer that is kept."""

from pathlib import Path
from typing import Any

import pytest

from core import clock
from core.records import alike, sessions
from core.store import new_session_id
from tests.helpers.kept import rows
from tests.helpers.tables import LUMBAR


def opened(patient: str, dose: int = 1, values: dict[str, Any] | None = None, **more: object) -> None:
    head: dict[str, Any] = {"patient": patient, "dose": dose, "operator": "AK", "recorder": "", "drill": False}
    session = new_session_id(clock.now_ms())
    sessions.begin(sessions.store(), session, LUMBAR.id, head | more, values or {}, "tablet0001")


@pytest.mark.parametrize("typed", ["p-006", "P-OO6", "P006", "P-006.", "P.006", "P-6", "p-0o6", "P_006"])
def test_a_code_that_is_written_otherwise_finds_the_patient_on_record(data: Path, typed: str):
    opened("P-006", 3)
    assert alike.patients(typed, rows()) == ["P-006"]


@pytest.mark.parametrize("typed", ["P-006", "P-007", "P-060", "Q-006", "P-0061", "---", "DRILL-1"])
def test_a_code_that_is_the_same_or_another_finds_nobody(data: Path, typed: str):
    opened("P-006", 3)
    assert alike.patients(typed, rows()) == []


@pytest.mark.parametrize(("typed", "on_record"), [("7", "007"), ("l0", "10"), ("I-1", "11"), ("Lo.3", "1O3")])
def test_what_spreadsheets_and_hands_make_of_a_code_finds_it(data: Path, typed: str, on_record: str):
    opened(on_record)
    assert alike.patients(typed, rows()) == [on_record]


def test_what_is_at_stake_names_history_dose_and_bar(data: Path):
    opened("P-006", 3, values={"barred_interspace": "L2-L3"})
    (stakes,) = {alike.at_stake("P-006", rows(), [LUMBAR])}
    assert "1 procedure, the last" in stakes
    assert "dose 3, Open" in stakes
    assert "L2–L3" in stakes


@pytest.mark.parametrize("asked", [("p-006", "P-006"), ("P-006", "p-006")])
def test_another_patient_is_asked_about_once(data: Path, asked: tuple[str, str]):
    opened("P-006", 3)
    opened("p-006", 1, another="P-006")
    code, other = asked
    assert alike.patients(code, rows()) == []
    assert alike.patients("P-OO6", rows()) == ["P-006", "p-006"]  # of this one nobody has said anything
    assert other in {row.patient for row in rows()}


def test_initials_that_look_alike_are_told_and_those_typed_in_small_letters_are_the_same(data: Path):
    opened("P-001")
    assert alike.people("A.K.", ["AK"], rows()) == ["AK"]
    assert alike.people("ak", ["AK"], rows()) == []
    opened("P-002", another="AK", operator="A.K.")
    assert alike.people("A.K.", ["AK"], rows()) == []


@pytest.mark.parametrize(("kept", "others"), [("P-01; AK", ["P-01", "AK"]), (7, []), (None, []), ("", [])])
def test_whatever_an_opening_holds_there_is_a_row(data: Path, kept: object, others: list[str]):
    opened("P-001", another=kept)
    assert rows()[0].another == others

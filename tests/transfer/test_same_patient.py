"""An import asks of each patient whose code looks like one on record, before anything is written; answers are kept."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.records import sessions
from core.store import Store
from core.transfer import export_archive
from tests.helpers.kept import INJECTED, keep, rows
from tests.helpers.tables import LUMBAR

HEADER = "sheet,protocol,patient,dose,operator,date,time,kind,what"


@pytest.fixture
def on_record(data: Path) -> None:
    keep(INJECTED, patient="007", dose=3)


def sheet(tmp_path: Path, *codes: str) -> str:
    lines = [
        f"{n},{LUMBAR.id},{code},4,AK,2026-02-0{n + 1},10:0{n},mark,Start preprocedure scan"
        for n, code in enumerate(codes)
    ]
    (tmp_path / "sheets.csv").write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return str(tmp_path / "sheets.csv")


def foreign(tmp_path: Path, code: str) -> str:
    """The archive of another data folder with one record of a patient."""
    theirs = Store(tmp_path / "theirs")
    session = keep(INJECTED, "2026-03-01T09:00:00Z", patient=code, dose=4)
    sessions.store().load(session)
    out = io.BytesIO()
    list(export_archive.write(sessions.store(), [session], out))
    for path in sessions.store().folder.rglob(f"{session}*"):
        path.unlink()
    (tmp_path / "archive.json").write_bytes(out.getvalue())
    assert list(theirs.sessions()) == []
    return str(tmp_path / "archive.json")


def patients() -> list[tuple[str, list[str]]]:
    return sorted((row.patient, row.another) for row in rows())


@pytest.mark.usefixtures("on_record")
@pytest.mark.parametrize("file", [sheet, foreign])
def test_nothing_is_imported_while_a_look_alike_waits_for_an_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Any
):
    path = file(tmp_path, "7")
    assert main(["import", path]) == 2
    ran = capsys.readouterr()
    assert ran.out == ""
    assert "7 looks like 007 (1 procedure, the last Sat 31 Jan 2026, dose 3, Success): expected whether" in ran.err
    assert "Say --same 7=007 or --another 7" in ran.err
    assert patients() == [("007", [])]


@pytest.mark.usefixtures("on_record")
@pytest.mark.parametrize("file", [sheet, foreign])
def test_the_same_patient_is_imported_under_the_code_on_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Any
):
    path = file(tmp_path, "7")
    assert main(["import", path, "--same", "7=007"]) == 0
    assert json.loads(capsys.readouterr().out)["added"] == 1
    assert patients() == [("007", []), ("007", [])]
    assert main(["import", path, "--same", "7=007"]) == 0
    ran = json.loads(capsys.readouterr().out)
    assert (ran["added"], ran["unchanged"]) == (0, 1)


@pytest.mark.usefixtures("on_record")
@pytest.mark.parametrize("file", [sheet, foreign])
def test_another_patient_keeps_the_code_and_the_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str], file: Any):
    path = file(tmp_path, "7")
    assert main(["import", path, "--another", "7"]) == 0
    assert patients() == [("007", []), ("7", ["007"])]
    (tmp_path / "more").mkdir()
    assert main(["import", sheet(tmp_path / "more", "7")]) == 0  # nobody is asked again
    capsys.readouterr()


def test_two_codes_of_one_file_that_look_alike_are_asked_about(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = sheet(tmp_path, "P-6", "P-006", "P-6")
    assert main(["import", path]) == 2
    assert "P-006 looks like P-6 (in this file)" in capsys.readouterr().err
    assert main(["import", path, "--same", "P-006=P-6"]) == 0
    assert [code for code, _ in patients()] == ["P-6"] * 3


def test_an_answer_that_cannot_be_read_gets_a_sentence(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["import", sheet(tmp_path, "P-6"), "--same", "P-6"]) == 2
    assert "--same: expected two codes like 7=007, found 'P-6'" in capsys.readouterr().err

"""Excel workbooks: typed cells, real dates, codes as texts; and the template that comes back filled in."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core import site
from core.__main__ import main
from core.records import sessions
from core.transfer import exports, workbook
from core.transfer import sheets as paper_table
from tests.helpers.kept import INJECTED, keep, rows
from tests.helpers.tables import LUMBAR, mark
from tests.transfer.test_imports_paper import imported

Book = dict[str, list[dict[str, Any]]]


def book_of(content: bytes) -> Book:
    """The sheets by name, each row by the names of the first."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheets = {}
    for sheet in book:
        header, *lines = sheet.iter_rows(values_only=True)
        sheets[sheet.title] = [dict(zip(map(str, header), line, strict=True)) for line in lines]
    return sheets


def exported() -> bytes:
    out = io.BytesIO()
    assert [step.problem for step in exports.write("xlsx", sessions.store(), rows(), out)] == [""] * len(rows())
    return out.getvalue()


def test_cells_have_types_and_codes_stay_texts(data: Path):
    keep([{"t": "00:00:00", "value": "weight_kg", "is": 38.5}, *INJECTED], patient="007", operator="=A1+1")
    (row,) = book_of(exported())["Procedures"]
    assert (row["patient"], row["operator"]) == ("007", "=A1+1")
    assert (row["lum_weight_kg"], row["lum_puncture_time_s"], row["dose"]) == (38.5, 120, 1)
    assert row["lum_at_skin_puncture"] == site.local(rows()[0].opened_at + 360_000).replace(tzinfo=None)
    assert isinstance(row["opened_at"], datetime)
    assert row["drill"] is False


def test_a_formula_is_a_text_and_a_control_character_a_blank(data: Path):
    keep([{"t": "00:00:00", "note": "=HYPERLINK(1)"}], recorder="@RR")
    sheet = openpyxl.load_workbook(io.BytesIO(exported()))["Procedures"]
    for cells in sheet.iter_rows():
        assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b"}


def test_insertions_and_the_dictionary_have_sheets_of_their_own(data: Path):
    keep(INJECTED)
    book = book_of(exported())
    assert [row["lum_interspace"] for row in book["Insertions"]] == ["L4-L5"] or len(book["Insertions"]) == 1
    described = {(row["sheet"], row["column"]) for row in book["Dictionary"]}
    assert described == {(name, column) for name in ("Procedures", "Insertions") for column in book[name][0]}
    zone = site.zone() or "this machine's zone"
    assert {row["type"] for row in book["Dictionary"] if row["column"] == "opened_at"} == {f"date and time, {zone}"}


def test_a_text_too_long_for_a_cell_is_cut_off_and_told(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook, "TEXT_MAX", 20)
    keep([{"t": "00:00:00", "note": "n" * 100}])
    steps = list(exports.write("xlsx", sessions.store(), rows(), io.BytesIO()))
    assert "cut off: " in steps[0].problem
    assert "notes" in steps[0].problem


def test_the_template_comes_back_filled_in(data: Path):
    book = openpyxl.load_workbook(io.BytesIO(paper_table.workbook(LUMBAR)))
    sheet, about = book.worksheets
    header = [cell.value for cell in sheet[1]]

    def filled(**cells: Any) -> list[Any]:
        return [cells.get(str(name)) for name in header]

    first = {"sheet": "1", "protocol": LUMBAR.id, "patient": "007", "dose": 2, "date": datetime(2021, 5, 3)}
    sheet.append(filled(**first, time="10:05", kind="mark", what="Start preprocedure scan"))
    sheet.append(filled(sheet="1", time="10:20", kind="mark", what="Skin puncture", interspace="L4-L5"))
    out = io.BytesIO()
    book.save(out)
    imported(out.getvalue())
    (row,) = rows()
    assert (row.patient, row.dose, row.group) == ("007", 2, "L4-L5")
    taken = [str(line[0].value) for line in about.iter_rows(min_row=2)]
    assert {str(name) for name in header} <= set(taken)


@pytest.mark.parametrize("format_", ["csv", "redcap", "events", "xes", "xlsx", "fhir"])
def test_no_control_character_reaches_an_export(data: Path, format_: str):
    session = keep([mark(0, "scan_started")])
    text = "a\x0bb\x1dc\u2028d\u202ee\x85f"
    note = {"id": "n1", "session": session, "kind": "note", "at": 1, "tapped": 1, "device": "d", "seq": 1}
    sessions.store().append(session, [note | {"by": "", "data": {"text": text}}])
    out = io.BytesIO()
    list(exports.write(format_, sessions.store(), rows(), out))
    content = str(book_of(out.getvalue())) if format_ == "xlsx" else out.getvalue().decode("utf-8-sig")
    assert "a b c d e f" in content
    assert not any(sign in content for sign in "\x0b\x1d\u2028\u202e\x85")


def test_the_file_is_saved_as_a_workbook(data: Path):
    assert exports.saved_as("xlsx", "2026-01-31") == "interspace-xlsx-2026-01-31.xlsx"
    out = io.BytesIO()
    list(exports.download("xlsx", sessions.store(), rows(), out))
    assert set(book_of(out.getvalue())) == {"Procedures", "Insertions", "Dictionary"}


def test_the_command_line_prints_the_workbook_and_tells_what_cannot_be_read(
    data: Path, capfdbinary: pytest.CaptureFixture[bytes]
):
    keep(INJECTED, patient="P-001")
    torn = keep(INJECTED, "2026-02-01T09:00:00Z", patient="P-002")
    path = next(data.glob(f"sessions/*/{torn}.json"))
    path.write_bytes(path.read_bytes()[:200])
    assert main(["export", "--format", "xlsx"]) == 1
    out, err = capfdbinary.readouterr()
    assert [row["patient"] for row in book_of(out)["Procedures"]] == ["P-001"]
    assert torn in err.decode()

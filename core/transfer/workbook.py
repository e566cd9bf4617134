"""Excel workbooks: records with typed cells, and the template of paper records.

Numbers, yes or no, and moments as the site's clocks showed them are cells of their type. Codes are texts, so that 007
stays 007, and no text is taken for a formula.
"""

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core import site
from core.facts.columns import Column
from core.records.row import Row
from core.store import Store, StoreError
from core.transfer.export_csv import DICTIONARY, described, number
from core.transfer.progress import Progress, counted
from core.transfer.shared_table import table
from core.transfer.signs import legible

ROWS_MAX, TEXT_MAX = 1_048_576, 32_767  # of a sheet and of a cell, as Excel specifies them
MOMENT, TEXT = "yyyy-mm-dd hh:mm:ss", "@"
WIDTHS = {"moment": 20, "text": 24, "option": 20}
BOLD = Font(bold=True)


def write(store: Store, rows: list[Row], out: BinaryIO) -> Iterator[Progress]:
    """Writes records and a dictionary. What is too long for a cell is cut off and told. Raises StoreError."""
    book = Workbook(write_only=True)
    whole, each = table(store, "whole"), table(store, "each")
    procedures = _sheet(book, "Procedures", whole.columns)
    insertions = _sheet(book, "Insertions", each.columns)
    written = 1
    for progress, row in counted(rows):
        cut: list[str] = []
        for cells in whole.rows(row, "whole"):
            procedures.append([_cell(procedures, column, cells.get(column.name), cut) for column in whole.columns])
        for cells in each.rows(row, "each"):
            insertions.append([_cell(insertions, column, cells.get(column.name), cut) for column in each.columns])
            written += 1
        if max(written, progress.done + 1) > ROWS_MAX:
            raise StoreError(f"Expected at most {ROWS_MAX - 1} rows in a workbook, found more: export in parts.")
        long = f"{row.session}: longer than a cell can be, and cut off: {', '.join(cut)}." if cut else ""
        yield progress._replace(problem=long)
    meanings = book.create_sheet("Dictionary")
    meanings.append([_bold(meanings, name) for name in ("sheet", *DICTIONARY)])
    for sheet, shared in (("Procedures", whole), ("Insertions", each)):
        for column in shared.columns:
            meanings.append([_typed(meanings, cell) for cell in (sheet, *described(shared, column, _of_type))])
    book.save(out)


def write_template(out: BinaryIO, header: Iterable[str], meanings: Iterable[Iterable[str]]) -> None:
    """An empty table to fill in, and a sheet that says what each column takes. What is typed stays as it is typed."""
    book = Workbook(write_only=True)
    names = list(header)
    sheet = book.create_sheet("Paper records")
    for letter, name in zip(map(get_column_letter, range(1, len(names) + 1)), names, strict=True):
        sheet.column_dimensions[letter].width = max(12, len(name) + 2)
        sheet.column_dimensions[letter].number_format = TEXT
    sheet.freeze_panes = "A2"
    sheet.append([_bold(sheet, name) for name in names])
    about = book.create_sheet("What they take")
    for letter, width in (("A", 16), ("B", 40), ("C", 80)):
        about.column_dimensions[letter].width = width
    for row in meanings:
        about.append([_typed(about, cell) for cell in row])
    book.save(out)


def _sheet(book: Workbook, title: str, columns: list[Column]) -> Any:
    sheet = book.create_sheet(title)
    for letter, column in zip(map(get_column_letter, range(1, len(columns) + 1)), columns, strict=True):
        sheet.column_dimensions[letter].width = max(WIDTHS.get(column.type, 10), len(column.name) + 2)
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(columns), 1))}1"
    sheet.append([_bold(sheet, column.name) for column in columns])
    return sheet


def _of_type(column: Column) -> str:
    zone = f"{site.zone()}" if site.zone() else "this machine's zone"
    return {"moment": f"date and time, {zone}", "yesno": "TRUE or FALSE"}.get(column.type, "")


def _cell(sheet: Any, column: Column, content: Any, cut: list[str]) -> Any:
    if content is None or content == "":
        return None
    if column.type == "moment":
        cell = WriteOnlyCell(sheet, site.local(content).replace(tzinfo=None, microsecond=0))
        cell.number_format = MOMENT
        return cell
    if column.type == "yesno":
        return bool(content)
    if column.type in ("number", "whole"):
        return number(content)
    text = legible(str(content))
    if len(text) > TEXT_MAX:
        cut.append(column.name)
        text = text[: TEXT_MAX - 1] + "…"
    return _typed(sheet, text)


def _typed(sheet: Any, content: Any) -> Any:
    """A text as a cell of text, whatever it begins with; a number as it is."""
    if not isinstance(content, str):
        return content
    cell = WriteOnlyCell(sheet, "")
    cell.value = content
    cell.data_type = "s"
    cell.number_format = TEXT
    return cell


def _bold(sheet: Any, name: str) -> Any:
    cell = _typed(sheet, name)
    cell.font = BOLD
    return cell

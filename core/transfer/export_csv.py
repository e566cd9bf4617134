"""Records as CSV: one row a procedure, or one row an insertion, and the data dictionary of either.

RFC 4180, UTF-8, every text in quotes. Safe to open in a spreadsheet: a text that a spreadsheet would take for a formula
gets an apostrophe before it (OWASP: CSV injection). The command line writes no byte-order mark; a file for people has
one (`bom`), as Excel shows other signs than were written without it.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from typing import Any, TextIO

from core.engine import words
from core.facts.columns import Column
from core.records.row import Row
from core.store import Store
from core.transfer.progress import Progress, counted
from core.transfer.shared_table import Kind, SharedTable, table
from core.transfer.signs import legible

BOM = "\ufeff"
# What a spreadsheet may take for the beginning of a formula, their full-width forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
DICTIONARY = ("column", "section", "label", "type", "unit", "minimum", "maximum", "options", "source", "protocols")
TYPES = {
    "text": "text",
    "number": "number",
    "whole": "whole number",
    "option": "one of the options",
    "yesno": "1 = yes, 0 = no",
    "moment": "UTC, ISO 8601",
}


def write(store: Store, rows: list[Row], out: TextIO, kind: Kind) -> Iterator[Progress]:
    """Writes the table of these records. Raises StoreError."""
    shared = table(store, kind)
    names = [column.name for column in shared.columns]
    types = [column.type for column in shared.columns]
    writer = _writer(out)
    writer.writerow(names)
    for progress, row in counted(rows):
        for cells in shared.rows(row, kind):
            writer.writerow([_cell(cells.get(name), type_) for name, type_ in zip(names, types, strict=True)])
        yield progress


def write_dictionary(store: Store, rows: list[Row], out: TextIO, kind: Kind) -> None:
    """Writes what each column of that table means. Raises StoreError."""
    shared = table(store, kind)
    write_rows(out, DICTIONARY, (described(shared, column) for column in shared.columns))


def write_rows(out: TextIO, header: Iterable[str], rows: Iterable[Iterable[Any]], guard: bool = True) -> None:
    """A header (none: more rows of the same) and rows of texts and numbers, safe to open in a spreadsheet.

    Without `guard` texts stay as they are: for a file that a database reads, and no spreadsheet.
    """
    writer = _writer(out)
    if header:
        writer.writerow(list(header))
    for row in rows:
        writer.writerow([_text(cell, guard) if isinstance(cell, str) else cell for cell in row])


def _text(text: str, guard: bool) -> str:
    return safe(legible(text)) if guard else legible(text)


def text_of(header: Iterable[str], rows: Iterable[Iterable[Any]], bom: bool = False) -> str:
    """The same as a text."""
    out = StringIO(newline="")
    out.write(BOM if bom else "")
    write_rows(out, header, rows)
    return out.getvalue()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and that `unsafe` makes what it was."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unsafe(text: str) -> str:
    """What a text was before `safe`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def number(figure: float) -> float:
    """60.0 as 60: a whole number stays one."""
    return int(figure) if isinstance(figure, float) and figure.is_integer() else figure


def _writer(out: TextIO) -> Any:
    return csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")


def _cell(content: Any, type_: str) -> Any:
    if content is None:
        return ""
    if type_ == "moment":
        return words.utc(content)
    if type_ == "yesno":
        return int(content)
    return number(content) if type_ in ("number", "whole") else _text(str(content), guard=True)


def described(shared: SharedTable, column: Column, of_type: Callable[[Column], str] = lambda _: "") -> list[Any]:
    """A row of the dictionary; `of_type`: what a type is called in another kind of file, empty where it is the same."""
    options = " | ".join(f"{option.id} = {option.label}" for option in column.options)
    low, high = ("" if bound is None else number(bound) for bound in (column.low, column.high))
    protocols = ", ".join(shared.protocols[column.name])
    return [
        column.name,
        column.section,
        column.label,
        of_type(column) or TYPES[column.type],
        column.unit,
        low,
        high,
        options,
        column.source,
        protocols,
    ]

"""A table's file as rows of texts, whatever program wrote it: CSV of any common encoding and separator, or a workbook.

Lines above the header, empty columns at its end and padding are left out. What stands in a cell is read later.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from core.transfer.progress import BadImport

UNPACKED_MAX = 64 * 1024 * 1024
SEPARATOR = re.compile(r'"?sep=(.)"?')  # what Excel writes, and understands, as a first line
ABOVE_MAX = 20  # lines above the header


class Grid(NamedTuple):
    """`lines`: (number in the file, cells), the header first. `comma`: a comma may separate decimals."""

    lines: Iterator[tuple[int, list[str]]]
    comma: bool


def is_workbook(data: bytes) -> bool:
    """Whether a file is an Excel workbook (.xlsx)."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except zipfile.BadZipFile:
        return False


def grid(data: bytes, needed: Iterable[str]) -> Grid:
    """The rows of a file, from the first that names all `needed` columns; else from its first. Raises BadImport."""
    names = set(needed)
    if is_workbook(data):
        return Grid(_from_header(_cells_of_workbook(data), names), comma=True)
    text = _decoded(data)
    lines = text.split("\n")
    declared = SEPARATOR.fullmatch(lines[0].strip())
    above = (line for line in lines[:ABOVE_MAX] if names <= _names(re.split(r"[,;\t|]", line)))
    header = next(above, lines[0])
    separator = declared[1] if declared else max(",;\t|", key=header.count)
    return Grid(_from_header(_cells_of_text(text, separator, bool(declared)), names), comma=separator != ",")


def _names(cells: Iterable[str]) -> set[str]:
    return {cell.strip().strip('"').lower() for cell in cells}


def _from_header(lines: Iterable[tuple[int, list[str]]], names: set[str]) -> Iterator[tuple[int, list[str]]]:
    """Without the lines above the header; empty cells at the end of a line are padding."""
    above: list[tuple[int, list[str]]] = []
    found = False
    for number, cells in lines:
        padded = next((n for n in range(len(cells), 0, -1) if cells[n - 1].strip()), 0)
        if not found:
            above.append((number, cells[:padded]))
            found = names <= _names(cells)
            if not found and len(above) <= ABOVE_MAX:
                continue
            yield from above[-1:] if found else above
            found = True
        elif padded:
            yield number, cells[:padded]
    if not found:
        yield from above


def _cells_of_text(text: str, separator: str, declared: bool) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 1
    try:
        for cells in reader:
            if not (declared and number == 1):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        raise BadImport([f"line {reader.line_num}: expected CSV, found: {error}."]) from None


def _decoded(data: bytes) -> str:
    """UTF-8, or UTF-16 with a byte-order mark or without; a byte-order mark is no part of the text."""
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif data[:200:2].count(0) > 50:
        encoding = "utf-16-be"
    elif data[1:200:2].count(0) > 50:
        encoding = "utf-16-le"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadImport(
            [
                f"line {line}: expected UTF-8 text, found a byte (0x{data[error.start]:02x}) of another encoding. "
                'Save the file as "CSV UTF-8" and import it again.'
            ]
        ) from None


def _cells_of_workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The cells of the sheet that the workbook opens with, as they would be typed."""
    from openpyxl import load_workbook  # only who imports a workbook pays for it
    from openpyxl.utils.exceptions import InvalidFileException

    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        size = sum(member.file_size for member in packed.infolist())
    if size > UNPACKED_MAX:
        raise BadImport(
            [f"Expected a workbook of at most {UNPACKED_MAX // 2**20} MB unpacked, found {size // 2**20} MB."]
        )
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(values_only=True)
        for number, cells in enumerate(rows, 1):
            yield number, [_typed(cell) for cell in cells]
    except (InvalidFileException, KeyError, ValueError, IndexError, zipfile.BadZipFile) as error:
        raise BadImport([f"Expected a whole Excel workbook, found: {error}. Save it again, or as CSV UTF-8."]) from None


def _typed(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S")
    if isinstance(cell, timedelta):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date) else str(cell)

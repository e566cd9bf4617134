"""The table for paper records: one row an entry, the procedures told apart by the number of their sheet.

The first row of a sheet says whose it is; the rows below it may leave that empty. Read strictly: a sentence with line
and column for everything that is wrong, whatever program wrote the file.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from core.protocols.tables import Protocol
from core.transfer import typed_cells
from core.transfer.export_csv import text_of, unsafe
from core.transfer.grid import grid
from core.transfer.progress import BadImport
from core.transfer.typed_cells import Order

BYTES_MAX, ROWS_MAX = 8 * 1024 * 1024, 20_000
TWO_DAYS = "which may be two days"
FIRST = "1970-01-01"  # moments are counted from then, which began hours apart in the zones of the world
HEAD = ("sheet", "protocol", "patient", "dose", "operator", "recorder")
ENTRY = ("date", "time", "kind", "what", "is", "text", "reason")
NEEDED = ("sheet", "patient", "dose", "date", "time", "kind", "what")
KINDS = ("mark", "check", "value", "complication", "note")
MEANING = {
    "sheet": "number of the paper sheet: rows of one number are one procedure",
    "protocol": "id of the protocol",
    "patient": "code of the patient, never a name",
    "dose": "number of the dose",
    "operator": "who held the needle",
    "recorder": "who wrote the sheet",
    "date": "2026-01-31 or 31.01.2026; empty: the day of the row above",
    "time": "14:05, 14:05:30 or 1405, on the clock of the ward; in the hour that comes twice also 02:10 CET",
    "kind": f"one of {', '.join(KINDS)}",
    "what": "which mark, check, value or complication: its words or its id",
    "is": "the value, for rows of kind value",
    "text": "words of a note or a complication",
    "reason": "why, where the sheet says so",
}


class Problem(NamedTuple):
    """What is wrong at a place of the file."""

    line: int
    column: str
    sentence: str

    @property
    def with_place(self) -> str:
        """The sentence after its place."""
        return f"line {self.line}{f', column {self.column}' if self.column else ''}: {self.sentence}"


class SheetRow(NamedTuple):
    """A row's cells by their column, those that hold something."""

    line: int
    cells: dict[str, str]
    comma: bool = False  # a comma may separate decimals in it


def workbook(p: Protocol) -> bytes:
    """The same header as an Excel workbook, and the dictionary on its second sheet."""
    from core.transfer.workbook import write_template  # heavy: only who asks for it pays

    out = io.BytesIO()
    write_template(out, (*HEAD, *ENTRY, *_carried(p)), [("column", "entry", "takes"), *_meanings(p)])
    return out.getvalue()


def template(p: Protocol) -> str:
    """The header to fill in for a protocol, with a byte-order mark for spreadsheets."""
    return text_of((*HEAD, *ENTRY, *_carried(p)), [], bom=True)


def dictionary(p: Protocol) -> str:
    """What each column takes, and every mark, check, value and complication by its words."""
    return text_of(("column", "entry", "takes"), _meanings(p), bom=True)


def _meanings(p: Protocol) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = [(key, "", meaning) for key, meaning in MEANING.items()]
    rows += [(key, "", f"{p.value[key].label}: {_takes(p, key)}") for key in _carried(p)]
    rows += [("what", f"mark: {table.label}", _listed(p, (*table.needs, *table.may))) for table in p.mark.values()]
    rows += [("what", f"check: {table.label}", "") for table in p.check.values()]
    rows += [("what", f"value: {table.label}", f"is: {_takes(p, key)}") for key, table in p.value.items()]
    rows += [("what", f"complication: {table.label}", "") for table in p.complication.values()]
    return rows


def read(data: bytes) -> list[SheetRow]:
    """The rows of a file that hold something. Raises BadImport."""
    if len(data) > BYTES_MAX:
        raise BadImport([f"Expected at most {BYTES_MAX // 2**20} MB, found {len(data) // 2**20} MB."])
    lines, comma = grid(data, NEEDED)
    number, header = next(lines, (1, []))
    columns = [name.strip().lower() for name in header]
    _check_header(number, columns)
    rows = list(_rows(lines, columns, comma))
    if not rows:
        raise BadImport(["Expected rows below the header, found none."])
    return rows


def _rows(lines: Iterator[tuple[int, list[str]]], columns: list[str], comma: bool) -> Iterator[SheetRow]:
    for n, (line, cells) in enumerate(lines):
        if n >= ROWS_MAX:
            raise BadImport([f"Expected at most {ROWS_MAX} rows, found more: import in parts."])
        if len(cells) > len(columns):
            raise BadImport([f"line {line}: expected {len(columns)} cells, found {len(cells)}."])
        filled = zip(columns, cells, strict=False)
        yield SheetRow(line, {name: unsafe(cell.strip()) for name, cell in filled if cell.strip()}, comma)


def _check_header(line: int, columns: list[str]) -> None:
    lacking = [name for name in NEEDED if name not in columns]
    if lacking:
        header = ", ".join(columns)[:200] or "nothing"
        raise BadImport([f"line {line}: expected the columns {', '.join(NEEDED)} (see the template), found {header}."])
    twice = [name for name in columns if columns.count(name) > 1]
    if twice:
        raise BadImport([f"line {line}: expected every column once, found {twice[0][:60]!r} twice."])


def moment(date: str, time: str, where: tzinfo | None, after: int = 0, order: Order = "") -> int | str:
    """A moment (UTC ms) on the clock of the ward (None: this machine's zone); a sentence where there is none.

    In the hour that comes twice it is the first that is not before `after`, unless the zone stands behind the time:
    02:10 CET, 02:10 +01:00.
    """
    day = typed_cells.day(date, order)
    clock, zone = typed_cells.with_zone(time)
    shown_time = typed_cells.time_of_day(clock)
    if day is None:
        slashed = f", {TWO_DAYS}" if typed_cells.SLASHED.fullmatch(date) else ""
        return f"expected a day like 2026-01-31 or 31.01.2026, found {date[:40]!r}{slashed}"
    if shown_time is None:
        return f"expected a time like 14:05, found {time[:40]!r}"
    if day <= FIRST:
        return f"expected a day after {FIRST}, found {date}"
    try:
        shown = datetime.fromisoformat(f"{day}T{shown_time}")
        moments = [at for at in _showing(shown, where) if zone in ("", *_names(at, where))]
        exists = any(True for _ in _showing(shown, where))
    except (ValueError, OverflowError, OSError):
        return f"expected a day of the calendar, found {date}"
    if not exists:
        return f"expected a time that the clock showed, found {date} {time}, which was skipped as summer time began"
    if not moments:
        return f"expected a time of the ward's zone, found {date} {time}, which its clocks did not show"
    return next((at for at in moments if at >= after), moments[-1])


def _showing(shown: datetime, where: tzinfo | None) -> Iterator[int]:
    """The moments at which the clock of the ward shows this: two in the hour that comes twice, none in one left out."""
    both = [round(shown.replace(tzinfo=where, fold=fold).timestamp() * 1000) for fold in (0, 1)]
    for at in dict.fromkeys(both):
        if datetime.fromtimestamp(at / 1000, where).replace(tzinfo=None) == shown:
            yield at


def _names(at: int, where: tzinfo | None) -> tuple[str, str]:
    """How the zone may be written behind a time at this moment: its name, its distance from UTC."""
    local = datetime.fromtimestamp(at / 1000, where).astimezone(where)
    offset = f"{local:%z}"
    return (local.tzname() or "").upper(), f"{offset[:3]}:{offset[3:5]}"


def cell(p: Protocol, key: str, text: str, where: tzinfo | None, comma: bool = False, order: Order = "") -> Any:
    """A cell as the type of its value asks; what is not of that type stays a text, and is refused as one."""
    value = p.value[key]
    if value.type == "number":
        number = typed_cells.number(text, comma)
        return text if number is None else number
    if value.type == "yesno":
        return {"yes": True, "1": True, "true": True, "no": False, "0": False, "false": False}.get(text.lower(), text)
    if value.type == "moment":
        at = moment(*text.partition(" ")[::2], where, order=order)
        return at if isinstance(at, int) else text
    if value.type == "option":
        ids = {option.label.lower(): option.id for option in p.options(key)} | {
            option.id.lower(): option.id for option in p.options(key)
        }
        return ids.get(text.lower(), text)
    return text


def id_by_words(p: Protocol, kind: str, text: str) -> str:
    """The id of what a row tells of, by its words or its id; what is neither stays as it is."""
    tables: dict[str, Any] = getattr(p, kind, {})
    words = {table.label.lower(): id_ for id_, table in tables.items()}
    return text if text in tables else words.get(text.lower(), text)


def _carried(p: Protocol) -> list[str]:
    """Every value that a mark carries and that is no column already."""
    keys = dict.fromkeys(key for mark in p.mark.values() for key in (*mark.needs, *mark.may))
    return [key for key in keys if key not in (*HEAD, *ENTRY)]


def _takes(p: Protocol, key: str) -> str:
    from core.engine.sentences import expected

    return expected(p, key) + (", as 2026-01-31 14:05" if p.value[key].type == "moment" else "")


def _listed(p: Protocol, keys: Iterable[str]) -> str:
    carried = ", ".join(keys)
    return f"columns: {carried}" if carried else ""

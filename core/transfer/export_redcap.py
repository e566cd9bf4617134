"""Records for REDCap: the data dictionary and the import file of one project.

A procedure is a record; each insertion is an instance of the repeating instrument `each_insertion` (enable it in the
Project Setup before the import). Both files are UTF-8 without a byte-order mark, which REDCap would take for a part of
its first column. An option is stored under its id in small letters, digits and underscores.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any, TextIO

from core.engine import words
from core.facts.columns import OF_PROCEDURE, Column
from core.records.row import Row
from core.store import Store
from core.transfer.export_csv import number, write_rows
from core.transfer.progress import Progress, counted
from core.transfer.shared_table import SharedTable, table

# REDCap's own header, word for word: Help & FAQ, Data Dictionary.
HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
ID, REPEATING = "record_id", "each_insertion"
REPEAT = ("redcap_repeat_instrument", "redcap_repeat_instance")
VALIDATION = {"number": "number", "whole": "integer", "moment": "datetime_seconds_ymd"}
LONGEST = 26  # characters of a field's name: longer ones are cut off in exports to statistics programs
LONG_TEXTS = ("notes", "review", "adverse_events", "reasons")


class Fields:
    """The project's fields: those of every protocol, whatever is exported."""

    def __init__(self, store: Store) -> None:
        self.procedures, self.insertions = table(store, "whole"), table(store, "each")
        self.of_procedure = _field_names(self.procedures, "", {ID, *REPEAT})
        own = [column for column in self.insertions.columns if column.name not in OF_PROCEDURE]
        self.of_insertion = _field_names(
            SharedTable(own, {}, {}), "insertion_", {ID, *REPEAT, *self.of_procedure.values()}
        )

    def dictionary(self) -> Iterator[list[Any]]:
        """A row of the data dictionary for each field; the first is the record's id."""
        yield [ID, "record", "", "text", "Id of the record in Interspace", *[""] * 13]
        for column in self.procedures.columns:
            if column.name in self.of_procedure:
                form = column.section.replace(" ", "_")
                yield _defined(column, self.of_procedure[column.name], form)
        for column in self.insertions.columns:
            if column.name in self.of_insertion:
                yield _defined(column, self.of_insertion[column.name], REPEATING)

    def rows(self, row: Row) -> Iterator[list[Any]]:
        """The rows of one record in the import file: its own, then one for each insertion."""
        names = [*self.of_procedure.values(), *self.of_insertion.values()]
        (cells,) = self.procedures.rows(row, "whole")
        own = {self.of_procedure[column.name]: _cell(column, cells.get(column.name)) for column in self._columns()[0]}
        yield [row.session, "", "", *(own.get(name, "") for name in names)]
        for n, cells in enumerate(self.insertions.rows(row, "each"), 1):
            own = {
                self.of_insertion[column.name]: _cell(column, cells.get(column.name)) for column in self._columns()[1]
            }
            yield [row.session, REPEATING, n, *(own.get(name, "") for name in names)]

    def _columns(self) -> tuple[list[Column], list[Column]]:
        of_procedure = [column for column in self.procedures.columns if column.name in self.of_procedure]
        return of_procedure, [column for column in self.insertions.columns if column.name in self.of_insertion]


def write(store: Store, rows: list[Row], out: TextIO) -> Iterator[Progress]:
    """Writes the import file. Raises StoreError."""
    fields = Fields(store)
    write_rows(out, (ID, *REPEAT, *fields.of_procedure.values(), *fields.of_insertion.values()), [], guard=False)
    for progress, row in counted(rows):
        write_rows(out, (), fields.rows(row), guard=False)
        yield progress


def write_dictionary(store: Store, rows: list[Row], out: TextIO) -> None:
    """Writes the data dictionary. Raises StoreError."""
    write_rows(out, HEADER, Fields(store).dictionary(), guard=False)


def code(option: str, offered: tuple[str, ...]) -> str:
    """What REDCap stores for an option: its id in small letters, digits and underscores; alike ones get a number."""
    codes: dict[str, str] = {}
    for id_ in offered:
        plain = re.sub(r"[^a-z0-9]+", "_", id_.lower()).strip("_") or "option"
        again = sum(re.fullmatch(rf"{re.escape(plain)}(_\d+)?", taken) is not None for taken in codes.values())
        codes[id_] = f"{plain}_{again + 1}" if again else plain
    return codes[option]


def _field_names(shared: SharedTable, prefix: str, taken: set[str]) -> dict[str, str]:
    """Column → field name: small letters, digits and underscores, a letter first, once in the project."""
    names: dict[str, str] = {}
    for column in shared.columns:
        if column.name == "session":
            continue
        names[column.name] = _short(f"{prefix}{column.name}", {*taken, *names.values()})
    return names


def _short(name: str, taken: set[str]) -> str:
    """A name as REDCap takes it; one that is too long, or looks like another, ends in a digest of what it was."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if len(plain) <= LONGEST and plain not in taken:
        return plain
    digest = hashlib.sha256(name.encode()).hexdigest()
    shortened = (f"{plain[: LONGEST - 1 - n].strip('_')}_{digest[:n]}" for n in range(4, LONGEST - 1))
    return next(name for name in shortened if name not in taken)


def _defined(column: Column, name: str, form: str) -> list[Any]:
    kind = {"option": "dropdown", "yesno": "yesno"}.get(column.type, "notes" if column.name in LONG_TEXTS else "text")
    offered = tuple(option.id for option in column.options)
    choices = [f"{code(option.id, offered)}, {option.label.replace('|', '/')}" for option in column.options]
    label = f"{column.label} (UTC)" if column.type == "moment" else column.label
    low, high = ("" if bound is None else number(bound) for bound in (column.low, column.high))
    identifier = "y" if column.name == "patient" else ""
    return [
        name,
        form,
        "",
        kind,
        label,
        " | ".join(choices) if kind == "dropdown" else "",
        column.unit,
        VALIDATION.get(column.type, ""),
        low,
        high,
        identifier,
        *[""] * 6,
        column.source,
    ]


def _cell(column: Column, content: Any) -> Any:
    if content is None:
        return ""
    if column.type == "moment":
        return words.utc(content).rstrip("Z").replace("T", " ")
    if column.type == "option":
        return code(content, tuple(option.id for option in column.options))
    if column.type == "yesno":
        return int(content)
    return number(content) if column.type in ("number", "whole") else str(content)

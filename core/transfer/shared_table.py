"""One table over records of several protocols: what means the same shares a column, what does not gets its own.

A column of one name, type and unit is shared, between different protocols only where its label is the same too;
otherwise it is called after its protocol as well. Nothing of two meanings is ever pooled.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec

from core.facts.columns import OF_PROCEDURE, Cells, Column, columns_of
from core.protocols.tables import Protocol
from core.records import sessions
from core.records.row import Row
from core.store import Store

Kind = Literal["whole", "each"]  # one row a procedure, or one row an insertion


class SharedTable(msgspec.Struct, frozen=True):
    """The columns over all protocols, section by section; which protocols have each; what each one's own are called."""

    columns: list[Column]
    protocols: dict[str, list[str]]  # column → "id version" of the protocols that have it
    names: dict[str, dict[str, str]]  # hash → its own name → the table's

    def rows(self, row: Row, kind: Kind) -> Iterator[dict[str, Any]]:
        """A record's rows in this table: one, or one for each insertion; what it has no cell for is not in them."""
        cells, names = msgspec.json.decode(row.cells, type=Cells), self.names[row.hash]
        if kind == "whole":
            yield {names[name]: cell for name, cell in cells.whole.items() if name in names}
            return
        head = {name: cells.whole[name] for name in OF_PROCEDURE if name in cells.whole}
        for insertion in cells.each:
            yield head | {names[name]: cell for name, cell in insertion.items() if name in names}


def table(store: Store, rows: Iterable[Row], kind: Kind) -> SharedTable:
    """The table that holds these records. Raises StoreError where a protocol's text cannot be read."""
    hashes = dict.fromkeys(row.hash for row in rows)
    places: dict[str, tuple[Column, str]] = {}  # the table's name → column, id of the protocol that brought it
    protocols: dict[str, list[str]] = {}
    names: dict[str, dict[str, str]] = {}
    for sha in hashes:
        p = sessions.protocol_named(store, sha)
        names[sha] = {}
        for column in _columns(p, kind):
            name = next(name for name in _names(p, column) if _fits(places.get(name), column, p.id))
            shared = places[name][0] if name in places else column
            options = tuple({option.id: option for option in (*shared.options, *column.options)}.values())
            places[name] = (
                msgspec.structs.replace(shared, name=name, options=options),
                places.get(name, (None, p.id))[1],
            )
            protocols.setdefault(name, []).append(f"{p.id} {p.version}")
            names[sha][column.name] = name
    sections = list(dict.fromkeys(column.section for column, _ in places.values()))
    columns = sorted((column for column, _ in places.values()), key=lambda column: sections.index(column.section))
    return SharedTable(columns, protocols, names)


def _columns(p: Protocol, kind: Kind) -> list[Column]:
    of_procedure, of_insertion = columns_of(p)
    if kind == "whole":
        return of_procedure
    return [column for column in of_procedure if column.name in OF_PROCEDURE] + of_insertion


def _names(p: Protocol, column: Column) -> Iterator[str]:
    """What a column may be called, the shortest first."""
    yield column.name
    yield f"{column.name}_{p.id}".replace("-", "_")
    n = 2
    while True:
        yield f"{column.name}_{p.id}_{n}".replace("-", "_")
        n += 1


def _fits(there: tuple[Column, str] | None, column: Column, protocol: str) -> bool:
    """Whether a column may stand under a name: nothing stands there, or what means the same."""
    if there is None:
        return True
    other, brought_by = there
    alike = (other.type, other.unit) == (column.type, column.unit)
    return alike and (brought_by == protocol or other.label == column.label)

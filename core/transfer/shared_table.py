"""One table over records of several protocols, whose columns have the same names whatever was selected.

What every protocol means alike has a name of its own (`patient`, `outcome`); what a protocol declares begins with its
prefix (`lum_lidocaine_ml`). Such a name means what the shipped texts mean by it, and with a prefix of a site's own what
the first text that was stored does; every other meaning ends in six digits of its digest, so that a text that is stored
later renames no column.
The table has the columns of every protocol that is shipped or was ever stored.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Literal

import msgspec

from core import protocols
from core.facts.columns import OF_PROCEDURE, Cells, Column, columns_of
from core.protocols.tables import Protocol
from core.records.row import Row
from core.store import NotFound, Store, StoreError

Kind = Literal["whole", "each"]  # one row a procedure, or one row an insertion
Meaning = tuple[str, ...]
DIGITS = 6  # of a digest: one more where two meanings would share them


class SharedTable(msgspec.Struct, frozen=True):
    """The columns over all protocols, section by section; which protocols have each; what each one's own are called."""

    columns: list[Column]
    protocols: dict[str, list[str]]  # column → "id version" of the protocols that have it
    names: dict[str, dict[str, str]]  # hash → its own name → the table's

    def rows(self, row: Row, kind: Kind) -> Iterator[dict[str, Any]]:
        """A record's rows in this table: one, or one for each insertion; what it has no cell for is not in them.

        Raises StoreError where the record's own protocol text was not readable.
        """
        names = self.names.get(row.hash)
        if names is None:
            raise NotFound(f"Session {row.session}: the protocol that it was made with cannot be read any more.")
        cells = msgspec.json.decode(row.cells, type=Cells)
        if kind == "whole":
            yield {names[name]: cell for name, cell in cells.whole.items() if name in names}
            return
        head = {name: cells.whole[name] for name in OF_PROCEDURE if name in cells.whole}
        for insertion in cells.each:
            yield head | {names[name]: cell for name, cell in insertion.items() if name in names}


def table(store: Store, kind: Kind) -> SharedTable:
    """The table that holds the records of this store."""
    placed: dict[str, Column] = {}
    named: dict[Meaning, str] = {}
    having: dict[str, list[str]] = {}
    names: dict[str, dict[str, str]] = {}
    shipped = _shipped()
    prefixes = {prefix(p) for p in shipped.values()}
    for sha, p in (shipped | _stored(store)).items():
        names[sha] = {}
        for column in _columns(p, kind):
            meaning = _meaning(p, column)
            if meaning not in named:
                plain = sha in shipped or column.common or prefix(p) not in prefixes
                named[meaning] = next(name for name in _names(p, column, plain) if name not in placed)
            name = named[meaning]
            shared = placed.get(name, column)
            options = tuple({option.id: option for option in (*shared.options, *column.options)}.values())
            placed[name] = msgspec.structs.replace(shared, name=name, options=options)
            versions = having.setdefault(name, [])
            if (version := f"{p.id} {p.version}") not in versions:
                versions.append(version)
            names[sha][column.name] = name
    sections = list(dict.fromkeys(column.section for column in placed.values()))
    return SharedTable(sorted(placed.values(), key=lambda column: sections.index(column.section)), having, names)


def prefix(p: Protocol) -> str:
    """What the columns that a protocol declares begin with."""
    return p.prefix or re.sub(r"[^a-z]", "", p.id)[:3] or "own"


def of_version(store: Store | None, p: Protocol, sha: str) -> list[str]:
    """The hashes of other texts, shipped or ever stored, under a protocol's id and version."""
    known = _shipped() | (_stored(store) if store else {})
    return [other for other, q in known.items() if other != sha and (q.id, q.version) == (p.id, p.version)]


def _shipped() -> dict[str, Protocol]:
    """The shipped protocols by the hash of their text, in their order."""
    loaded = sorted(map(protocols.load, protocols.FOLDER.glob("*.toml")), key=lambda loaded: loaded[0].order)
    return {protocols.text_hash(text): p for p, text in loaded}


def _stored(store: Store) -> dict[str, Protocol]:
    """Every protocol that was ever stored and can be read, by the hash of its text, in the order in which they were."""
    texts = {}
    for sha in store.protocols():
        with suppress(protocols.ProtocolError, StoreError):
            texts[sha] = protocols.parsed(store.protocol(sha))
    return texts


def _columns(p: Protocol, kind: Kind) -> list[Column]:
    of_procedure, of_insertion = columns_of(p)
    if kind == "whole":
        return of_procedure
    return [column for column in of_procedure if column.name in OF_PROCEDURE] + of_insertion


def _names(p: Protocol, column: Column, plain: bool) -> Iterator[str]:
    """What a column may be called, the shortest first: its plain name, or that with digits of the meaning's digest."""
    name = column.name if column.common else f"{prefix(p)}_{column.name}"
    digest = hashlib.sha256(repr(_meaning(p, column)).encode()).hexdigest()
    if plain:
        yield name
    yield from (f"{name}_{digest[:digits]}" for digits in range(DIGITS, len(digest) + 1))


def _meaning(p: Protocol, column: Column) -> Meaning:
    """What may stand in one column: the same of every protocol, or of one the same value under the same label."""
    if column.common:
        return (column.name,)
    return (p.id, column.name, column.type, column.unit, column.label)

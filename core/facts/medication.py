"""Drugs that were given, and how much: the marks that the protocol names for each, with what they carry."""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.engine.log import Entry
from core.engine.session import Session
from core.engine.walk import is_number
from core.engine.words import shown
from core.protocols.tables import Medication, Protocol


class Administration(msgspec.Struct, frozen=True):
    """One time that a drug was given (moments UTC ms); `start` is None where only its end is known."""

    entry: Entry
    table: Medication
    name: str
    amount: float | None
    unit: str
    start: int | None
    end: int
    halted: bool
    about: list[tuple[str, str]]  # (label, value): lot, strength, expiry


def administrations(session: Session) -> list[Administration]:
    """Every time that a drug was given, in order."""
    return sorted(_administrations(session), key=lambda each: (each.end, each.entry.event.id))


def _administrations(session: Session) -> Iterator[Administration]:
    p = session.protocol
    for table in p.medication:
        started = None
        clock = next((clock for clock in p.clock if clock.id == table.clock), None)
        for entry in session.entries:
            mark = entry.data.get("mark")
            if entry.event.kind != "mark" or not entry.counts:
                continue
            if clock is not None and mark == clock.from_:
                started = entry.at
            if mark in table.marks:
                yield _administration(session, table, entry, started)
                started = None


def _administration(session: Session, table: Medication, entry: Entry, started: int | None) -> Administration:
    p, values = session.protocol, session.walk.values
    amount = entry.data.get(table.amount)
    drug = values.get(table.named) if table.named else None
    keys = (*([table.lot] if table.lot else []), *table.about)
    values_carried = {key: entry.data.get(key) or values.get(key) for key in keys}
    return Administration(
        entry=entry,
        table=table,
        name=str(drug) if drug else table.label,
        amount=amount if is_number(amount) else None,
        unit=p.value[table.amount].unit,
        start=started,
        end=entry.at,
        halted=entry.data.get("mark") in table.halted,
        about=_about(p, values_carried),
    )


def _about(p: Protocol, values_carried: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (p.value[key].label, shown(p, key, content))
        for key, content in values_carried.items()
        if content not in (None, "")
    ]

"""What was given, and how much: the marks that the protocol names for each drug, with what they carry."""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.engine.log import Line
from core.engine.session import Session
from core.engine.walk import is_number
from core.engine.words import shown
from core.protocols.tables import Medication, Protocol


class Given(msgspec.Struct, frozen=True):
    """One time that a drug was given (moments UTC ms); `start` is None where only its end is known."""

    line: Line
    table: Medication
    name: str
    amount: float | None
    unit: str
    start: int | None
    end: int
    halted: bool
    about: list[tuple[str, str]]  # (label, value): lot, strength, expiry


def given(session: Session) -> list[Given]:
    """Every time that a drug was given, in order."""
    return sorted(_given(session), key=lambda one: (one.end, one.line.event.id))


def _given(session: Session) -> Iterator[Given]:
    p = session.protocol
    for table in p.medication:
        started = None
        clock = next((one for one in p.clock if one.id == table.clock), None)
        for line in session.lines:
            mark = line.data.get("mark")
            if line.event.kind != "mark" or not line.counts:
                continue
            if clock is not None and mark == clock.from_:
                started = line.at
            if mark in table.marks:
                yield _one(session, table, line, started)
                started = None


def _one(session: Session, table: Medication, line: Line, started: int | None) -> Given:
    p, values = session.protocol, session.walk.values
    found = line.data.get(table.amount)
    named = values.get(table.named) if table.named else None
    keys = (*([table.lot] if table.lot else []), *table.about)
    told = {key: line.data.get(key) or values.get(key) for key in keys}
    return Given(
        line=line,
        table=table,
        name=str(named) if named else table.label,
        amount=found if is_number(found) else None,
        unit=p.value[table.amount].unit,
        start=started,
        end=line.at,
        halted=line.data.get("mark") in table.halted,
        about=_about(p, told),
    )


def _about(p: Protocol, told: dict[str, Any]) -> list[tuple[str, str]]:
    return [(p.value[key].label, shown(p, key, found)) for key, found in told.items() if found not in (None, "")]

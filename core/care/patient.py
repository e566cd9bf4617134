"""One patient over all procedures, from the rows of core/records.row. Pure; moments UTC ms."""

import msgspec

from core.facts.aftercare import Adverse
from core.facts.scores import ScoreReading
from core.records.row import Row


class Event(msgspec.Struct, frozen=True):
    """An adverse event, the procedure that it belongs to, and how long after its dose it began (ms; None: no dose)."""

    adverse: Adverse
    row: Row
    after: int | None


def adverse(own: list[Row]) -> list[Event]:
    """The adverse events of all doses in one list, in the order in which they began."""
    events = [
        Event(event, row, None if row.dosed_at is None else event.at - row.dosed_at)
        for row in own
        for event in row.adverse
    ]
    return sorted(events, key=lambda event: event.adverse.at)


def scores(own: list[Row]) -> list[tuple[Row, ScoreReading]]:
    """Every reading of a score with the procedure that it was recorded with, in order."""
    readings = [(row, score) for row in own for score in row.scores]
    return sorted(readings, key=lambda pair: pair[1].at)


def names(rows: list[Row], most: int) -> list[str]:
    """Who is named in the newest records, by name: typed once, offered again."""
    newest = sorted(rows, key=lambda row: row.opened_at, reverse=True)
    known = dict.fromkeys(name for row in newest for name in sorted(row.people))
    return sorted(list(known)[:most])

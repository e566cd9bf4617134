"""One patient over all procedures, from the rows of core/records.row. Pure; moments UTC ms."""

from typing import Any

import msgspec

from core.care.aftercare import Adverse
from core.care.scores import Score
from core.protocol import Protocol

Row = dict[str, Any]


class Event(msgspec.Struct, frozen=True):
    """An adverse event, the procedure that it belongs to, and how long after its dose it began (ms; None: no dose)."""

    adverse: Adverse
    row: Row
    after: int | None


class Barred(msgspec.Struct, frozen=True):
    """An option that is not to be chosen for this patient until somebody lifts it; `value` is what names it."""

    key: str
    value: str
    option: str
    why: str
    row: Row


def codes(rows: list[Row]) -> list[str]:
    """Every patient's code; drills have none."""
    return sorted({row["patient"] for row in rows if _real(row)})


def procedures(rows: list[Row], patient: str) -> list[Row]:
    """A patient's procedures, the oldest first; drills and what was opened by mistake are none."""
    own = [row for row in rows if row["patient"] == patient and _real(row)]
    return sorted(own, key=lambda row: (row["opened_at"], row["session"]))


def _real(row: Row) -> bool:
    return not row["drill"] and not row["mistaken"]


def adverse(own: list[Row]) -> list[Event]:
    """The adverse events of all doses in one list, in the order in which they began."""
    found = [
        Event(one, row, None if row["dosed_at"] is None else one.at - row["dosed_at"])
        for row in own
        for one in msgspec.convert(row["adverse"], list[Adverse])
    ]
    return sorted(found, key=lambda event: event.adverse.at)


def scores(own: list[Row]) -> list[tuple[Row, Score]]:
    """Every reading of a score with the procedure that it was recorded with, in order."""
    found = [(row, one) for row in own for one in msgspec.convert(row["scores"], list[Score])]
    return sorted(found, key=lambda pair: pair[1].at)


def barred(p: Protocol, own: list[Row]) -> list[Barred]:
    """What is barred under a protocol: the newest record that says anything about it is right."""
    found = []
    for plan in p.plan:
        said = [row for row in own if row["protocol"] == p.id and plan.bar in row["values"]]
        if plan.bar and said and said[-1]["values"][plan.bar]:
            values = said[-1]["values"]
            why = values.get(plan.bar_why) if plan.bar_why else None
            found.append(Barred(plan.key, plan.bar, str(values[plan.bar]), str(why or ""), said[-1]))
    return found


def names(rows: list[Row], most: int) -> list[str]:
    """Who is named in the newest records, by name: typed once, offered again."""
    newest = sorted(rows, key=lambda row: row["opened_at"], reverse=True)
    found = dict.fromkeys(name for row in newest for name in sorted(row["people"]))
    return sorted(list(found)[:most])

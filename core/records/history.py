"""What earlier doses of a patient tell the next one: what worked last time, and what is suggested and why."""

from collections.abc import Collection
from typing import Any

import msgspec

from core import site
from core.protocols.tables import Protocol
from core.records.row import Row


class Suggestion(msgspec.Struct, frozen=True):
    key: str  # the value that is suggested
    option: str
    why: str


DAY_MS = 24 * 3600 * 1000


def codes(rows: list[Row]) -> list[str]:
    """Every patient's code; drills have none, and a record without its opening is nobody's."""
    return sorted({row.patient for row in rows if _real(row)})


def procedures(rows: list[Row], patient: str) -> list[Row]:
    """A patient's procedures, the oldest first; drills and what was opened by mistake are none."""
    own = [row for row in rows if row.patient == patient and _real(row)]
    return sorted(own, key=lambda row: (row.opened_at, row.session))


def _real(row: Row) -> bool:
    return bool(row.patient) and not row.drill and not row.mistaken


def doses(rows: list[Row], patient: str, protocol: str, now: int) -> list[Row]:
    """A patient's earlier procedures under one protocol, the newest first.

    Drills, those opened by mistake and what is still under way today are none. `now`: UTC ms.
    """
    rows = [row for row in rows if row.closed or now - row.opened_at >= DAY_MS]
    of_patient = [row for row in rows if row.patient == patient and row.protocol == protocol]
    own = [row for row in of_patient if not row.drill and not row.mistaken]
    return sorted(own, key=lambda row: row.opened_at, reverse=True)


def under_way(rows: list[Row]) -> list[Row]:
    """Procedures that still await something, the newest first."""
    return sorted((row for row in rows if not row.closed), key=lambda row: row.opened_at, reverse=True)


def left_open(row: Row, now: int) -> bool:
    """Whether a procedure was left open over night: begun on an earlier day, not ended, and no timer still runs."""
    waits = any((timer.ends_at or 0) > now for timer in row.timers)
    return not row.closed and site.day(row.opened_at) < site.day(now) and not waits


def ended_today(rows: list[Row], now: int) -> list[Row]:
    """Procedures that ended within a day, the newest first; what was opened by mistake is none."""
    ended = [row for row in rows if row.ended_at is not None and now - row.ended_at < DAY_MS and not row.mistaken]
    return sorted(ended, key=lambda row: row.opened_at, reverse=True)


def known_values(p: Protocol, earlier: list[Row]) -> dict[str, Any]:
    """What the last procedure under this protocol recorded for each value that New procedure asks."""
    known: dict[str, Any] = {}
    for row in earlier:
        for key in p.opening:
            if key in row.values:
                known.setdefault(key, row.values[key])
    return known


def suggestions(
    p: Protocol, earlier: list[Row], values: dict[str, Any], bars: Collection[tuple[str, str]] = ()
) -> list[Suggestion]:
    """For each planned value the first rule that yields an option which is not barred, with its reason.

    `bars`: what the patient's records bar, as (planned value, option).
    """
    suggested: dict[str, Suggestion] = {}
    for rule in p.suggest:
        if rule.last is not None:
            option = _last(p, earlier, rule.last, rule.key)
        else:
            option = values.get(rule.value) if rule.value else rule.is_
        barred = {values.get(plan.bar) for plan in p.plan if plan.key == rule.key and plan.bar}
        barred |= {barred_option for key, barred_option in bars if key == rule.key}
        offered = {choice.id for choice in p.options(rule.key)}
        if rule.key not in suggested and option in offered - barred:
            suggested[rule.key] = Suggestion(rule.key, str(option), rule.reason)
    return list(suggested.values())


def _last(p: Protocol, earlier: list[Row], outcome: str, key: str) -> Any:
    """The value in the newest procedure of this outcome that has it: a dose may have been recorded without."""
    reached = [row for row in earlier if row.outcome == outcome]
    options = (row.group if key == p.group else row.carried.get(key) for row in reached)
    return next((option for option in options if option), None)


def as_opened(suggested: list[Suggestion]) -> dict[str, str]:
    """Suggestions as the opening of a session keeps them, so that the board can say them without the history."""
    options = {f"suggested_{suggestion.key}": suggestion.option for suggestion in suggested}
    return options | {f"suggested_{suggestion.key}_why": suggestion.why for suggestion in suggested}

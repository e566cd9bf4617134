"""What Start lists as due now, from the rows of all sessions (core/records.row). Pure; moments UTC ms."""

import msgspec

from core.care import dosing, follow_up, ward
from core.care.dosing import Coming
from core.care.follow_up import Due
from core.facts.timers import Waits, WardTimer
from core.records import history
from core.records.row import Row


class Need(msgspec.Struct, frozen=True):
    """A patient on the ward for whom something is to be done: at the end of a timer, or now to start one."""

    row: Row
    does: WardTimer | Waits

    @property
    def due_at(self) -> int:
        """When it is to be done, UTC ms."""
        return self.does.since if isinstance(self.does, Waits) else self.does.ends_at or 0


class Today(msgspec.Struct, frozen=True):
    """What the ward has to do by its time, calls to make the most overdue first, doses due, and the procedures that
    were left open over night, the oldest first.
    """

    ward: list[Need]
    calls: list[Due]
    doses: list[Coming]
    left_open: list[Row]


def today(rows: list[Row], now: int) -> Today:
    """What is due at `now`. Drills and what was opened by mistake are left out."""
    real = [row for row in rows if not row.drill and not row.mistaken]
    needs = [need for row in real if ward.lies_here(row, now) for need in _needs(row)]
    left = sorted((row for row in real if history.left_open(row, now)), key=lambda row: row.opened_at)
    return Today(sorted(needs, key=lambda need: need.due_at), follow_up.to_make(real, now), dosing.due(real, now), left)


def _needs(row: Row) -> list[Need]:
    needs = [Need(row, timer) for timer in row.timers]
    return [*needs, Need(row, row.waits)] if row.waits else needs

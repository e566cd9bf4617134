"""What Start lists as due now, from the rows of all sessions (core/records.row). Pure; moments UTC ms."""

from typing import Any

import msgspec

from core.care import dosing, follow_up
from core.care.dosing import Coming
from core.care.follow_up import Due
from core.care.timers import Timer

Row = dict[str, Any]


class Ending(msgspec.Struct, frozen=True):
    """A timer of a patient on the ward."""

    row: Row
    timer: Timer


class Today(msgspec.Struct, frozen=True):
    """Timers by their end, calls to make the most overdue first, doses due."""

    timers: list[Ending]
    calls: list[Due]
    doses: list[Coming]


def today(rows: list[Row], now: int) -> Today:
    """What is due at `now`. Drills and what was opened by mistake are left out."""
    real = [row for row in rows if not row["drill"] and not row["mistaken"]]
    timers = [Ending(row, one) for row in real for one in msgspec.convert(row["timers"], list[Timer])]
    timers.sort(key=lambda one: one.timer.ends_at or now)
    return Today(timers, follow_up.to_make(real, now), dosing.due(real, now))

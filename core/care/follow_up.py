"""The worklist of follow-up calls, from the rows of all sessions (core/records.row). Pure; moments UTC ms.

Twin of pages/board/model/aftercare.js: how a call stands.
"""

import msgspec

from core.facts.aftercare import Call
from core.records.row import Row

# In the order in which they are worked off.
STATES = ("overdue", "due", "unreachable", "coming", "done", "missed")
TO_MAKE = ("overdue", "due", "unreachable")
OVER = ("done", "missed")


class Due(msgspec.Struct, frozen=True):
    """One call of one procedure and how it stands. `state`: one of STATES."""

    row: Row
    call: Call
    state: str


def standing(call: Call, now: int) -> str:
    """How a call stands: made or missed for good, else unreachable after enough attempts, else by its hour."""
    if call.made_at is not None:
        return "done"
    if call.lapses_at is not None and now >= call.lapses_at:
        return "missed"
    if call.limit is not None and len(call.tries) >= call.limit:
        return "unreachable"
    if call.late_at is not None and now >= call.late_at:
        return "overdue"
    return "due" if now >= call.due_at else "coming"


def worklist(rows: list[Row], now: int) -> list[Due]:
    """Every call of every procedure, what is most overdue first. Drills and what was opened by mistake have none."""
    real = [row for row in rows if not row.drill and not row.mistaken]
    calls = [Due(row, call, standing(call, now)) for row in real for call in row.calls]
    return sorted(calls, key=lambda due: (STATES.index(due.state), due.call.due_at))


def to_make(rows: list[Row], now: int) -> list[Due]:
    """The calls of the worklist that are to be made now."""
    return [due for due in worklist(rows, now) if due.state in TO_MAKE]

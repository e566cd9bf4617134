"""Who stands on the recovery board: every patient after the needle, and for a while who has just left."""

from typing import Any

from core import clock
from core.records import index
from core.records.row import Row


def board() -> dict[str, Any]:
    """The sessions on the board, as a tablet asks for them. Reads the index: call it in a thread."""
    rows, now = index.index(), clock.now_ms()
    listed = [
        {"session": row.session, "version": row.version, "protocol": row.hash}
        for row in rows.rows()
        if stands(row, now)
    ]
    return {"sessions": listed, "unreadable": [{"session": session, "why": why} for session, why in rows.unreadable()]}


def stands(row: Row, now: int) -> bool:
    """Whether the patient of a row stands on the board at `now` (UTC ms): who lies on the ward, or has just left it."""
    return not row.drill and row.in_sight_until is not None and now < row.in_sight_until


def lies_here(row: Row, now: int) -> bool:
    """Whether the patient of a row lies on the ward at `now` (UTC ms): of one who was forgotten Start says that the
    record was left open.
    """
    return row.ward and row.in_sight_until is not None and now < row.in_sight_until

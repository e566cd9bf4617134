"""Who stands on the recovery board: every patient after the needle, and for a while who has just left."""

from typing import Any

from core import clock
from core.records import index
from core.records.row import Row

LEFT_MS = 3600 * 1000  # how long one who left stays in sight, so that a discharge by mistake can be undone
FORGOTTEN_MS = 48 * 3600 * 1000  # who was not discharged for so long lies in no bed: Start says that it was left open


def board() -> dict[str, Any]:
    """The sessions on the board, as a tablet asks for them. Reads the index: call it in a thread."""
    rows, now = index.index(), clock.now_ms()
    listed = [
        {"session": row.session, "version": row.version, "protocol": row.hash}
        for row in rows.rows()
        if _stands(row, now)
    ]
    return {"sessions": listed, "unreadable": [{"session": session, "why": why} for session, why in rows.unreadable()]}


def _stands(row: Row, now: int) -> bool:
    left = row.left_ward_at
    return not row.drill and (lies_here(row, now) or (left is not None and now - left < LEFT_MS))


def lies_here(row: Row, now: int) -> bool:
    """Whether the patient of a row (core/records.row) lies on the ward at `now` (UTC ms)."""
    return row.ward and now - row.last_at < FORGOTTEN_MS

"""The published cohort as patients with up to four doses. Codes, interspaces, insertions and minutes are the table's.

Invented: every date and the calls.
"""

import json
from datetime import UTC, datetime
from typing import Any

from core import clock
from core.curves.cohort import published
from core.engine import scenario
from core.records import sessions
from core.store import Store, new_session_id
from tests.helpers.tables import LUMBAR, mark

Json = dict[str, Any]
DAY_MS, HOUR_MS = 24 * 3600 * 1000, 3600 * 1000
DAY_OF_DOSE = {1: 0, 2: 14, 3: 28, 4: 58, 5: 178}  # invented


def course(case: str) -> list[Json]:
    """A patient's published doses as scenarios, in order; the one under CT is invented."""
    rows = [row for row in published.punctures() if row["case"] == case]
    rows.sort(key=lambda row: int(row["dose_in_series"]))
    return [published.as_scenario(row) for row in rows]


def store(log: Store, case: str, last: int) -> list[str]:
    """Stores a patient's doses, the last begun at `last` (UTC ms); the calls of those before
    were made. Their ids.
    """
    doses = course(case)
    days = [DAY_OF_DOSE[dose["dose"]] for dose in doses]
    for dose in doses[:-1]:
        dose["events"] += calls_made()
    return [keep(log, dose, last - (days[-1] - day) * DAY_MS) for dose, day in zip(doses, days, strict=True)]


def keep(log: Store, dose: Json, start: int) -> str:
    """Stores one scenario as a session that began at `start`; its id."""
    moment = datetime.fromtimestamp(start / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    read = scenario.parse(json.dumps(dose | {"start": moment}))
    session = new_session_id(start)
    return sessions.open_session(log, read.text, read.opened, read.events(session, start), session, start)


def leaves(hours: float = 6) -> list[Json]:
    """Goes home, everything on record."""
    at = round(hours * 3600)
    end = mark(at + 60, "discharged", discharged_by="CK")
    return [{"t": end["t"], "check": "legs"}, {"t": end["t"], "value": "vial_lot", "is": "A17"}, end]


def calls_made() -> list[Json]:
    """Both calls, on the hour after they were due."""
    return [
        mark((table.hours + 1) * 3600, table.made or "", **{table.value or "": table.is_}) for table in LUMBAR.follow_up
    ]


def store_all(log: Store, now: int | None = None) -> dict[str, list[str]]:
    """The whole cohort, the last doses four to ten days ago; the sessions of each case."""
    now = clock.now_ms() if now is None else now
    cases = sorted({row["case"] for row in published.punctures()})
    return {case: store(log, case, now - (3 + int(case)) * DAY_MS) for case in cases}

"""The scores that are followed from dose to dose. "Could not test" is kept apart from 0. Moments UTC ms."""

import msgspec

from core import site
from core.engine.session import Session
from core.engine.walk import is_number


class ScoreReading(msgspec.Struct, frozen=True):
    """One reading: `points`, or None where it could not be tested, and then `why`."""

    value: str  # the value of the protocol
    at: int
    points: float | None
    why: str


def scores(session: Session) -> list[ScoreReading]:
    """The readings of a session in order; of several of one score on one day the last, which corrects those before."""
    tables = {one.value: one.value for one in session.protocol.score}
    tables |= {one.untested: one.value for one in session.protocol.score if one.untested}
    found: dict[tuple[str, int], ScoreReading] = {}
    for entry in session.entries:
        named, told = entry.data.get("value"), entry.data.get("is")
        if entry.event.kind != "value" or not entry.counts or named not in tables or told in (None, ""):
            continue
        points = told if named == tables[named] and is_number(told) else None
        score = ScoreReading(tables[named], entry.at, points, "" if points is not None else str(told))
        found[score.value, site.day(entry.at).toordinal()] = score
    return list(found.values())

"""Scores that are followed from dose to dose. "Could not test" is not the same as 0. Moments UTC ms."""

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
    tables = {score.value: score.value for score in session.protocol.score}
    tables |= {score.untested: score.value for score in session.protocol.score if score.untested}
    by_day: dict[tuple[str, int], ScoreReading] = {}
    for entry in session.entries:
        value, content = entry.data.get("value"), entry.data.get("is")
        if entry.event.kind != "value" or not entry.counts or value not in tables or content in (None, ""):
            continue
        points = content if value == tables[value] and is_number(content) else None
        score = ScoreReading(tables[value], entry.at, points, "" if points is not None else str(content))
        by_day[score.value, site.day(entry.at).toordinal()] = score
    return list(by_day.values())

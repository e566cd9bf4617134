"""What a site sets for itself beside its protocols: the time zone in which its moments are shown.

`$INTERSPACE_TIME_ZONE` names it ("Europe/Berlin"); without it pages use the server's own zone, boards the tablet's.
Twin of pages/board/model/format.js: moments as sentences name them.
"""

import os
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LAST_MS = 221_845_392_000_000  # 1 January 9000: what is counted on from there still has a date


class SiteError(Exception):
    """A setting that cannot be used: what was expected, what was found."""


@cache
def zone() -> ZoneInfo | None:
    """The site's time zone; None where it set none. Raises SiteError."""
    name = os.environ.get("INTERSPACE_TIME_ZONE")
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        expected = "expected the name of a time zone, as Europe/Berlin"
        raise SiteError(f"INTERSPACE_TIME_ZONE: {expected}; found {name[:40]!r}") from None


def within_calendar(moment: int) -> int:
    """A moment (UTC ms) that a calendar can hold: stored ones may be any number."""
    return min(max(moment, 0), LAST_MS)


def local(moment: int) -> datetime:
    """A moment (UTC ms) as the site's clocks and calendars show it."""
    return datetime.fromtimestamp(within_calendar(moment) / 1000, UTC).astimezone(zone())


def day(moment: int) -> date:
    """The site's calendar day of a moment (UTC ms)."""
    return local(moment).date()


def day_and_time(moment: int) -> str:
    """A moment (UTC ms) as a sentence names it: "Mon 23 Nov 2026, 10:30"."""
    return local(moment).strftime("%a %-d %b %Y, %H:%M")


def moment(shown: datetime) -> int:
    """UTC ms of what the site's clocks show; where they show it twice (set back in autumn), the first time."""
    return round((shown.replace(tzinfo=zone()) if zone() else shown).timestamp() * 1000)

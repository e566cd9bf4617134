"""Values, moments and spans as people read them; the words are the protocol's."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from core import site
from core.engine.session import Session
from core.engine.walk import Raised, is_number
from core.protocols.tables import Protocol
from core.protocols.wording import duration

AID = "Local protocol aid, not a validated medical device."


def shown(p: Protocol, key: str, found: Any) -> str:
    """A value by the label of its option, with its unit, or as yes or no; what is of another type stands as it is."""
    value = p.value.get(key)
    if found is None:
        return "taken back"
    if isinstance(found, bool):
        return "yes" if found else "no"
    if value is not None and value.type == "option":
        return next((one.label for one in p.options(key) if one.id == found), str(found))
    if value is not None and value.type == "moment" and is_number(found):
        return utc(int(found))
    number = f"{found:.10g}" if is_number(found) else str(found)
    return f"{number} {value.unit}".strip() if value is not None and is_number(found) else number


def carried(p: Protocol, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, value) of everything that an entry carries, in the order of the protocol."""
    return [(p.value[key].label, shown(p, key, data[key])) for key in p.value if data.get(key) not in (None, "")]


def one_line(p: Protocol, data: Mapping[str, Any]) -> str:
    """What an entry carries in one line: "Interspace L2–L3, Approach Near-spinous process"."""
    return ", ".join(f"{label} {value}" for label, value in carried(p, data))


def brief(p: Protocol, data: Mapping[str, Any]) -> str:
    """The same without the labels: "L2–L3, Near-spinous process"."""
    return ", ".join(value for _, value in carried(p, data))


def prompt(session: Session, raised: Raised) -> str:
    """What a prompt said: its text with group, count and bound; the options that were left when it was raised."""
    p = session.protocol
    counter = next((one for one in p.counter if raised.kind in (one.prompt, one.groups_prompt)), None)
    spent = {one.group for one in session.walk.prompts if one.at <= raised.at and one.group is not None}
    left = [one.label for one in p.options(counter.per) if one.id not in spent] if counter and counter.per else []
    total = next((one for one in p.total for ceiling in one.ceiling if ceiling.prompt == raised.kind), None)
    bound = raised.bound if raised.bound is not None else 0
    said = {
        "group": shown(p, counter.per, raised.group) if counter and counter.per else "",
        "count": raised.count if raised.count is not None else "",
        "left": ", ".join(left) or "none left",
        "bound": f"{bound:g} {total.unit}" if total else duration(bound),
    }
    return p.prompt[raised.kind].text.format_map(said)


def span(seconds: int | None) -> str:
    """ "19:07", "4:00:00"; a dash where it is not complete."""
    if seconds is None:
        return "–"
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def zone(name: str) -> tzinfo | None:
    """The time zone of a name like Europe/Berlin; None where there is none of that name."""
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name, or a folder of zones
        return None


def day(ms: int) -> str:
    """The site's day of a moment: 2026-01-31."""
    return f"{site.local(ms):%Y-%m-%d}"


def time(ms: int) -> str:
    """The site's time of a moment: 10:04:30."""
    return f"{site.local(ms):%H:%M:%S}"


def offset(ms: int) -> str:
    """How far the site's clocks were from UTC then: "UTC+01:00"."""
    text = f"{site.local(ms):%z}"
    return "UTC" if text == "+0000" else f"UTC{text[:3]}:{text[3:5]}"


def utc(ms: int) -> str:
    """ISO 8601 to the second: 2026-01-31T09:04:30Z."""
    return f"{datetime.fromtimestamp(site.within_calendar(ms) / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"

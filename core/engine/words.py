"""Values, prompts, moments and spans as people read them; the words are the protocol's.

Twin of pages/board/model/wording.js and pages/board/model/format.js.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from core import site
from core.engine.options import label_of, left_options, until
from core.engine.session import Session
from core.engine.walk import Raised, is_number
from core.protocols.tables import Protocol
from core.protocols.wording import duration, fill, number

AID = "Local protocol aid, not a validated medical device."


def plainly(content: Any) -> str:
    """What an entry holds, whatever its type is: a text as it stands, a number, yes or no; empty for nothing."""
    if isinstance(content, bool):
        return "yes" if content else "no"
    if is_number(content):
        return number(content)
    if isinstance(content, str):
        return content
    return "" if content is None else "unreadable"


def shown(p: Protocol, key: str, content: Any, moment: Callable[[int], str] = site.day_and_time) -> str:
    """A value by the label of its option, with its unit, or as a moment; what is of another type stands as it is.

    `moment` words a moment (UTC ms): in the site's time, unless what is written goes elsewhere.
    """
    value = p.value.get(key)
    if content is None:
        return "taken back"
    if value is not None and value.type == "option" and isinstance(content, str):
        return label_of(p, key, content)
    if value is not None and is_number(content):
        return moment(int(content)) if value.type == "moment" else f"{number(content)} {value.unit}".strip()
    return plainly(content)


def carried(
    p: Protocol, data: Mapping[str, Any], moment: Callable[[int], str] = site.day_and_time
) -> list[tuple[str, str]]:
    """(label, value) of everything that an entry carries, in the order of the protocol."""
    keys = [key for key in p.value if data.get(key) not in (None, "")]
    return [(p.value[key].label, shown(p, key, data[key], moment)) for key in keys]


def one_line(p: Protocol, data: Mapping[str, Any], moment: Callable[[int], str] = site.day_and_time) -> str:
    """What an entry carries in one line: "Interspace L2–L3, Approach Near-spinous process"."""
    return ", ".join(f"{label} {value}" for label, value in carried(p, data, moment))


def brief(p: Protocol, data: Mapping[str, Any]) -> str:
    """The same without the labels: "L2–L3, Near-spinous process"."""
    return ", ".join(value for _, value in carried(p, data))


def prompt(session: Session, raised: Raised) -> str:
    """What a prompt says: its text with group, count and bound, and what is suggested. The options left are those of
    the moment when it was raised: not failed as often as they may, and not barred by then.
    """
    p, table = session.protocol, session.protocol.prompt[raised.kind]
    counter = next((counter for counter in p.counter if raised.kind in (counter.prompt, counter.groups_prompt)), None)
    caution = next((caution for caution in p.caution if caution.prompt == raised.kind), None)
    key = caution.value if caution else (counter.per if counter else None) or p.group
    left = left_options(p, until(session.entries, raised.event), key)
    text = fill(
        table.text,
        {
            "group": label_of(p, key, raised.group or ""),
            "count": plainly(raised.count),
            "left": ", ".join(option.label for option in left) or "none left",
            "bound": _bound(p, raised),
        },
    )
    suggested, why = (session.opened.get(f"suggested_{p.group}{suffix}") for suffix in ("", "_why"))
    favoured = next((option for option in left if option.id == suggested), None)
    if favoured is None or not table.suggested:
        return text
    return f"{text} {fill(table.suggested, {'suggested': favoured.label, 'why': plainly(why)})}"


def _bound(p: Protocol, raised: Raised) -> str:
    """The bound that was passed: of a window a duration, of a total an amount."""
    if raised.bound is None:
        return ""
    windows = [window for window in p.window if window.prompt == raised.kind]
    if any(raised.bound in (window.below_s, window.above_s) for window in windows):
        return duration(raised.bound)
    cautioned = next((p.value[caution.value] for caution in p.caution if caution.prompt == raised.kind), None)
    if cautioned:
        return f"{number(raised.bound)} {cautioned.unit}".strip()
    totals = [total for total in p.total for ceiling in total.ceiling if ceiling.prompt == raised.kind]
    return f"{number(raised.bound)} {totals[0].unit if totals else ''}".strip()


def span(seconds: int | None) -> str:
    """ "19:07", "4:00:00"; a dash where it is not complete."""
    if seconds is None:
        return "–"
    size = abs(seconds)
    hours, minutes, rest = size // 3600, size // 60 % 60, size % 60
    digits = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
    return f"−{digits}" if seconds < 0 else digits


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

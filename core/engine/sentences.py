"""Items to review, entries and what was expected, as sentences in the protocol's words.

Twin of pages/board/model/sentences.js.
"""

from collections.abc import Mapping
from typing import Any

from core import protocols
from core.engine.events import whole_second
from core.engine.log import Entry
from core.engine.review import ReviewItem
from core.engine.session import Session
from core.engine.words import plainly
from core.protocols import number
from core.protocols.tables import Protocol, Value

ENTRY_LABELS = {"ack": "Alarm seen", "takeover": "Recording taken over"}  # others are called as their kind is


def clock_time(at: int, opened_at: int = 0) -> str:
    """Time since the session was opened as hh:mm:ss; hours may exceed 24, a minus sign means before the opening."""
    ms = whole_second(at) - whole_second(opened_at)
    seconds = abs(ms) // 1000
    return f"{'-' if ms < 0 else ''}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def sentence(session: Session, item: ReviewItem, t: str = "") -> str:
    """One item to review in the protocol's words; `t`: how its moment is worded, without it since the opening."""
    p = session.protocol
    entry = next(entry for entry in session.entries if entry.event.id == item.event)
    template: str = getattr(p.review, item.kind)
    why, other = _why(p, entry, item)
    text = protocols.fill(
        template,
        {
            "what": label(p, entry),
            "t": t or clock_time(item.at, session.opened_at),
            "state": p.state[item.state].label if item.state else "",
            "key": _key_label(p, item),
            "found": plainly(item.found),
            "expected": expected(p, item.key) if item.key in p.value else "",
            "why": why,
            "other": other,
        },
    ).strip()
    elsewhere = protocols.guard(p, item.found) if item.kind == "not_offered" else None
    return f"{text} {elsewhere}" if elsewhere else text


def _key_label(p: Protocol, item: ReviewItem) -> str:
    """What an item's key is called: a value, or evidence that was expected."""
    if item.kind in ("missing_evidence", "too_late"):
        return next(expect.label for expect in p.expect if expect.id == item.key)
    return p.value[item.key].label if item.key in p.value else item.key or ""


def _why(p: Protocol, entry: Entry, item: ReviewItem) -> tuple[str, str]:
    """Why an item is listed, and what else it concerns, where the protocol says so."""
    if item.kind in ("missing_evidence", "too_late"):
        return next(expect.why for expect in p.expect if expect.id == item.key), ""
    if item.kind == "does_not_fit":
        broken = (
            fit for fit in p.fit if fit.key == item.key and item.found not in _allowed(entry, fit.with_, fit.allowed)
        )
        fit = next(broken)
        return fit.why, p.value[fit.with_].label
    mark = entry.data.get("mark")
    return (p.mark[mark].why if isinstance(mark, str) and mark in p.mark else ""), ""


def _allowed(entry: Entry, key: str, allowed: Mapping[str, Any]) -> Any:
    """What goes with what the entry carries under `key`."""
    return allowed.get(str(entry.data.get(key)), ())


def label(p: Protocol, entry: Entry) -> str:
    """What an entry is, in the protocol's words; an id that the protocol does not know stands as it is."""
    kind = entry.event.kind
    tables: dict[str, Mapping[str, Any]] = {
        "mark": p.mark,
        "check": p.check,
        "value": p.value,
        "complication": p.complication,
    }
    if kind not in tables:
        return ENTRY_LABELS.get(kind, kind.capitalize())
    id_ = entry.data.get(kind)
    if isinstance(id_, str) and id_ in tables[kind]:
        return str(tables[kind][id_].label)
    return plainly(id_) or kind.capitalize()


def expected(p: Protocol, key: str) -> str:
    """What a value may be: "a number, 0 to 64 points", "one of L1-L2, L2-L3"."""
    value = p.value[key]
    if value.type == "option":
        return "one of " + ", ".join(option.id for option in p.options(key))
    if value.type == "number":
        return ("a whole number" if value.whole else "a number") + _range(value)
    return {"yesno": "yes or no", "moment": "a moment"}.get(value.type, "text")


def _range(value: Value) -> str:
    low, high = (None if bound is None else number(bound) for bound in (value.min, value.max))
    if low is None and high is None:
        return ""
    if low is None or high is None:
        return f", {low or high} {value.unit}".rstrip() + (" or more" if high is None else " or less")
    return f", {low} to {high} {value.unit}".rstrip()

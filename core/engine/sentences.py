"""Items to review, entries and what was expected, as sentences in the protocol's words."""

from core import protocols
from core.engine.log import Entry
from core.engine.review import ReviewItem
from core.engine.session import Session
from core.protocols.tables import Protocol


def clock_time(ms: int) -> str:
    """Time since the session was opened as hh:mm:ss; hours may exceed 24, a minus sign means before the opening."""
    seconds = abs(ms) // 1000
    return f"{'-' if ms < 0 else ''}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def sentence(session: Session, item: ReviewItem, t: str = "") -> str:
    """One item to review in the protocol's words; `t`: how its moment is told, without it since the opening."""
    p = session.protocol
    line = next(line for line in session.entries if line.event.id == item.event)
    words: str = getattr(p.review, item.kind)
    why, other = _why(p, line, item)
    said = words.format_map(
        {
            "what": label(p, line),
            "t": t or clock_time(item.at - session.opened_at),
            "state": p.state[item.state].label if item.state else "",
            "key": _named(p, item),
            "found": "" if item.found is None else item.found,
            "expected": expected(p, item.key) if item.key in p.value else "",
            "why": why,
            "other": other,
        }
    )
    return f"{said} {protocols.guard(p, item.found) or ''}".strip() if item.kind == "not_offered" else said.strip()


def _named(p: Protocol, item: ReviewItem) -> str:
    """What an item's key is called: a value, or evidence that was expected."""
    if item.kind in ("missing_evidence", "too_late"):
        return next(one.label for one in p.expect if one.id == item.key)
    return p.value[item.key].label if item.key in p.value else item.key or ""


def _why(p: Protocol, line: Entry, item: ReviewItem) -> tuple[str, str]:
    """Why an item is listed, and what else it concerns, where the protocol says so."""
    if item.kind in ("missing_evidence", "too_late"):
        return next(one.why for one in p.expect if one.id == item.key), ""
    if item.kind == "does_not_fit":
        fit = next(one for one in p.fit if one.key == item.key)
        return fit.why, p.value[fit.with_].label
    mark = p.mark.get(line.data.get("mark", ""))
    return (mark.why if mark else ""), ""


def label(p: Protocol, line: Entry) -> str:
    """What an entry is, in the protocol's words; an id that the protocol does not know stands as it is."""
    data = line.data
    for key, tables in (("mark", p.mark), ("check", p.check), ("value", p.value), ("complication", p.complication)):
        named = data.get(key)
        if line.event.kind == key:
            return tables[named].label if isinstance(named, str) and named in tables else str(named)
    return line.event.kind.capitalize()


def expected(p: Protocol, key: str) -> str:
    """What a value may be: "a number, 0 to 64 points", "one of L1-L2, L2-L3"."""
    value = p.value[key]
    if value.type == "option":
        return "one of " + ", ".join(option.id for option in p.options(key))
    if value.type == "number":
        span = (
            f", {value.min:g} to {value.max:g} {value.unit}" if value.min is not None and value.max is not None else ""
        )
        return ("a whole number" if value.whole else "a number") + span
    return {"yesno": "yes or no", "moment": "a moment"}.get(value.type, "text")

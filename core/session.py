"""A log and its protocol → the session as the summary, the lists and the exports need it."""

from collections.abc import Iterable
from typing import Any

import msgspec

from core import region
from core.events import Event
from core.log import Line, settle
from core.protocol import Protocol
from core.review import Item
from core.walk import Raised, Walk, walk_lines


class Insertion(msgspec.Struct, frozen=True):
    """One time that the needle broke the skin: where, what the tap carried, who held the needle."""

    at: int
    group: str
    carried: dict[str, Any]
    operator: str
    event: str


class Session(msgspec.Struct, frozen=True):
    """A session at one version of its log. `opened_at`: UTC ms, the zero of the times in its summary."""

    id: str
    protocol: Protocol
    lines: list[Line]
    walk: Walk
    opened: dict[str, Any]  # protocol, version, hash, patient, dose, operator, recorder, drill
    opened_at: int

    @property
    def patient(self) -> str:
        return str(self.opened.get("patient", ""))

    @property
    def dose(self) -> int | None:
        dose = self.opened.get("dose")
        return dose if type(dose) is int else None

    @property
    def drill(self) -> bool:
        return self.opened.get("drill") is True

    @property
    def flags(self) -> list[str]:
        """What marks the whole record, in the protocol's words."""
        chosen = self.walk.values
        return [flag.label for flag in self.protocol.flag if chosen.get(flag.value) == flag.is_]

    @property
    def mistaken(self) -> bool:
        """Opened by mistake: no procedure of the patient."""
        return next(one for one in self.protocol.outcome if one.id == self.walk.outcome).closed

    @property
    def closed(self) -> bool:
        """Nothing more is awaited: opened by mistake, or at the end of its states."""
        return self.mistaken or self.protocol.state[self.walk.state].final


def fold(protocol: Protocol, session: str, events: Iterable[Event]) -> Session:
    """The session that a log makes. Total: a log without an opening has no patient and starts at its first entry."""
    lines = settle(events, protocol.recording.two_devices_s * 1000)
    opened = next((line for line in lines if line.event.kind == "opened"), None)
    start = opened.at if opened else min((line.at for line in lines), default=0)
    return Session(session, protocol, lines, walk_lines(protocol, lines), opened.data if opened else {}, start)


def summary(session: Session) -> dict[str, Any]:
    """The figures of one session (DESIGN: the command line, Summary): whole seconds, null where not complete."""
    p, walked = session.protocol, session.walk
    figures: dict[str, Any] = {"outcome": walked.outcome}
    for counter in p.counter:
        if counter.runs:  # a counter of the record, not only of a prompt
            count = walked.count(counter.id)
            figures[counter.id] = count.total
            figures[f"{counter.id}_by_{counter.per}"] = dict(count.groups)
            figures[counter.runs] = count.runs
    for clock in p.clock:
        if not clock.hidden:
            reading = walked.clock(clock.id)
            figures[f"{clock.id}_time_s"] = None if reading.end is None else reading.closed // 1000
    figures["prompts"] = [{"kind": one.kind, "t": clock_time(one.at - session.opened_at)} for one in walked.prompts]
    figures["to_review"] = [
        {"kind": item.kind, "t": clock_time(item.at - session.opened_at), "text": sentence(session, item)}
        for item in walked.review
    ]
    return figures


def clock_time(ms: int) -> str:
    """Time since the session was opened as hh:mm:ss; hours may exceed 24, a minus sign means before the opening."""
    seconds = abs(ms) // 1000
    return f"{'-' if ms < 0 else ''}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def sentence(session: Session, item: Item, t: str = "") -> str:
    """One item to review in the protocol's words; `t`: how its moment is told, without it since the opening."""
    p = session.protocol
    line = next(line for line in session.lines if line.event.id == item.event)
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
    return f"{said} {region.guard(p, item.found) or ''}".strip() if item.kind == "not_offered" else said.strip()


def _named(p: Protocol, item: Item) -> str:
    """What an item's key is called: a value, or evidence that was expected."""
    if item.kind in ("missing_evidence", "too_late"):
        return next(one.label for one in p.expect if one.id == item.key)
    return p.value[item.key].label if item.key in p.value else item.key or ""


def _why(p: Protocol, line: Line, item: Item) -> tuple[str, str]:
    """Why an item is listed, and what else it concerns, where the protocol says so."""
    if item.kind in ("missing_evidence", "too_late"):
        return next(one.why for one in p.expect if one.id == item.key), ""
    if item.kind == "does_not_fit":
        fit = next(one for one in p.fit if one.key == item.key)
        return fit.why, p.value[fit.with_].label
    mark = p.mark.get(line.data.get("mark", ""))
    return (mark.why if mark else ""), ""


def label(p: Protocol, line: Line) -> str:
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


def insertions(session: Session) -> list[Insertion]:
    """Every insertion of the record with what it carried and who held the needle."""
    p, operator = session.protocol, session.opened.get("operator", "")
    found: list[Insertion] = []
    counter = next((one for one in p.counter if one.runs), None)
    if counter is None:
        return found
    for line in session.lines:
        mark = line.data.get("mark")
        if line.event.kind != "mark" or not line.counts or mark not in p.mark:
            continue
        if mark in counter.until:
            break
        if mark == p.operator_mark:
            operator = line.data.get("operator", operator)
        if mark == counter.counts:
            group = line.data.get(counter.per) if counter.per else ""
            carried = {key: value for key, value in line.data.items() if key != "mark"}
            found.append(Insertion(line.at, str(group or ""), carried, str(operator), line.event.id))
    return found


def open_prompts(session: Session) -> list[Raised]:
    """Prompts that still wait for an answer, the oldest first."""
    return [prompt for prompt in session.walk.prompts if prompt.open]

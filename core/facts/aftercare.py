"""What comes after the needle, read off one session: its dose, its calls, its adverse events, what it still lacks."""

from typing import Any

import msgspec

from core.engine.review import unmet
from core.engine.sentences import label
from core.engine.session import Session, closing, marked, open_prompts
from core.engine.walk import steps_of
from core.protocols.tables import FollowUp, Protocol

HOUR_MS = 3600 * 1000


class Call(msgspec.Struct, frozen=True):
    """A follow-up call of a session; moments UTC ms. `late_at`, `lapses_at`: overdue and no more awaited from there."""

    id: str
    label: str
    due_at: int
    late_at: int | None
    lapses_at: int | None
    limit: int | None  # so many unanswered calls: unreachable
    tries: list[int]
    made_at: int | None


class Adverse(msgspec.Struct, frozen=True):
    """One adverse event: when it began, how it was, and what to do where it is a red flag."""

    event: str
    id: str
    label: str
    at: int
    text: str
    described: dict[str, Any]  # the protocol's values that describe it
    red_flag: str | None
    by: str


def on_ward(session: Session) -> bool:
    """The patient stands on the recovery board."""
    return not session.closed and _of_ward(session.protocol, session.walk.state)


def left_ward_at(session: Session) -> int | None:
    """When somebody tapped what took the patient off the recovery board for good (UTC ms); None where nothing did."""
    p = session.protocol
    last = next((one for one in reversed(steps_of(p, session.entries)) if _of_ward(p, one.before)), None)
    return last.entry.event.tapped if last and session.closed else None


def _of_ward(p: Protocol, state: str) -> bool:
    return p.phase[p.state[state].phases[0]].ward


def dosed_at(session: Session) -> int | None:
    """When the dose was given, UTC ms; None where none was. Under a protocol that does not say by which marks, the
    moment from which its first call counts.
    """
    p = session.protocol
    given = marked(session, p.dosed or (p.follow_up[0].after if p.follow_up else ()))
    return given[-1].at if given and not session.mistaken else None


def calls(session: Session) -> list[Call]:
    """The follow-up calls that the session asks for, with what was done about each: none that could not be recorded."""
    found = []
    for table in session.protocol.follow_up:
        began = since(session, table) if table.made else None
        if began is not None and not session.mistaken:
            found.append(_call(session, table, began))
    return found


def since(session: Session, table: FollowUp) -> int | None:
    """The moment from which a call's hours are counted; None where it never came."""
    lines = marked(session, table.after)
    return lines[-1].at if lines else None


def _call(session: Session, table: FollowUp, since: int) -> Call:
    def told(mark: str | None) -> list[int]:
        lines = marked(session, (mark,)) if mark and table.value else []
        return [one.at for one in lines if one.data.get(table.value or "") == table.is_ and one.at >= since]

    def after(hours: float | None) -> int | None:
        return None if hours is None else since + round(hours * HOUR_MS)

    return Call(
        table.id,
        table.label,
        since + round(table.hours * HOUR_MS),
        after(table.late_hours),
        after(table.lapses_hours),
        table.tries,
        told(table.tried),
        next(iter(told(table.made)), None),
    )


def adverse(session: Session) -> list[Adverse]:
    """Every complication that stands, of the procedure and of follow-up, in the order in which they began."""
    p = session.protocol
    lines = [one for one in session.entries if one.event.kind == "complication" and one.counts]
    return [
        Adverse(
            one.event.id,
            str(one.data.get("complication")),
            label(p, one),
            one.at,
            str(one.data.get("text") or ""),
            {key: one.data[key] for key in p.describe if one.data.get(key) is not None},
            red_flag(p, one.data),
            one.event.by,
        )
        for one in lines
    ]


def red_flag(p: Protocol, data: dict[str, Any]) -> str | None:
    """What to do about a complication, in the protocol's words, where it is a red flag."""
    for flag in p.red_flag:
        if data.get("complication") == flag.complication and flag.value is None:
            return flag.do
        if data.get("complication") == flag.complication and flag.value and data.get(flag.value) == flag.is_:
            return flag.do
    return None


def ended_at(session: Session) -> int | None:
    """When the record was closed, UTC ms; None while it is open. What is added later does not move it."""
    p = session.protocol
    ends = [*closing(p), *(mark for outcome in p.outcome if outcome.closed for mark in outcome.marks)]
    last = marked(session, tuple(ends))
    return last[-1].at if session.closed and last else None


def missing(session: Session) -> list[str]:
    """What the record still lacks, in words: expected before the end, asked and not answered, not given with a mark."""
    p = session.protocol
    if session.mistaken:
        return []
    lacking = [one.label for mark in closing(p) for one in unmet(p, session.entries, mark)]
    lacking += [p.prompt[one.kind].label for one in open_prompts(session)]
    lacking += [p.value[one.key].label for one in session.walk.review if one.kind == "missing" and one.key in p.value]
    return list(dict.fromkeys(lacking))


def people(session: Session) -> list[str]:
    """Everybody that the record names: who held the needle, who recorded, who gave and took the patient."""
    p = session.protocol
    named = [session.opened.get("operator"), session.opened.get("recorder"), *(one.event.by for one in session.entries)]
    for mark in (p.operator_mark, p.handover):
        keys = [key for key in p.mark[mark].needs if p.value[key].type == "text"] if mark else []
        named += [line.data.get(key) for line in marked(session, (mark or "",)) for key in keys]
    return sorted({name for name in named if isinstance(name, str) and name})

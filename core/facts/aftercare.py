"""What comes after the needle, read off one session: its dose, its calls, its adverse events, what it still lacks.

Twin of pages/board/model/aftercare.js.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from core.engine.review import unmet
from core.engine.sentences import label
from core.engine.session import Session, closing, marked, open_prompts
from core.engine.walk import steps_of
from core.facts.insertions import person
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
    last = next((step for step in reversed(steps_of(p, session.entries)) if _of_ward(p, step.before)), None)
    return last.entry.event.tapped if last and session.closed else None


def _of_ward(p: Protocol, state: str) -> bool:
    return p.phase[p.state[state].phases[0]].ward


def dosed_at(session: Session) -> int | None:
    """When the dose was given, UTC ms; None where none was. Under a protocol that does not say by which marks, the
    moment from which its first call counts.
    """
    p = session.protocol
    doses = marked(session, p.dosed or (p.follow_up[0].after if p.follow_up else ()))
    return doses[-1].at if doses and not session.mistaken else None


def calls(session: Session) -> list[Call]:
    """The follow-up calls that the session asks for, with what was done about each: none that could not be recorded."""
    if session.mistaken:
        return []
    tables = [table for table in session.protocol.follow_up if table.made]
    return [_call(session, table, began) for table in tables if (began := since(session, table)) is not None]


def since(session: Session, table: FollowUp) -> int | None:
    """The moment from which a call's hours are counted; None where it never came."""
    entries = marked(session, table.after)
    return entries[-1].at if entries else None


def _call(session: Session, table: FollowUp, since: int) -> Call:
    def moments(mark: str | None) -> list[int]:
        entries = marked(session, (mark,)) if mark and table.value else []
        return [entry.at for entry in entries if entry.data.get(table.value or "") == table.is_ and entry.at >= since]

    def after(hours: float | None) -> int | None:
        return None if hours is None else since + round(hours * HOUR_MS)

    return Call(
        table.id,
        table.label,
        since + round(table.hours * HOUR_MS),
        after(table.late_hours),
        after(table.lapses_hours),
        table.tries,
        moments(table.tried),
        next(iter(moments(table.made)), None),
    )


def adverse(session: Session) -> list[Adverse]:
    """Every complication that stands, of the procedure and of follow-up, in the order in which they began."""
    p = session.protocol
    complications = [entry for entry in session.entries if entry.event.kind == "complication" and entry.counts]
    return [
        Adverse(
            entry.event.id,
            str(entry.data.get("complication")),
            label(p, entry),
            entry.at,
            str(entry.data.get("text") or ""),
            {key: entry.data[key] for key in p.describe if entry.data.get(key) is not None},
            red_flag(p, entry.data),
            entry.event.by,
        )
        for entry in complications
    ]


def red_flag(p: Protocol, data: Mapping[str, Any]) -> str | None:
    """What to do about a complication, in the protocol's words, where it is a red flag."""
    flags = [flag for flag in p.red_flag if flag.complication == data.get("complication")]
    return next((flag.do for flag in flags if flag.value is None or data.get(flag.value) == flag.is_), None)


def is_over(p: Protocol, data: Mapping[str, Any]) -> bool:
    """Whether a complication says until when it lasted."""
    return any(p.value[key].type == "moment" and data.get(key) is not None for key in p.describe)


def ended_at(session: Session) -> int | None:
    """When the record was closed, UTC ms; None while it is open. What is added later does not move it."""
    p = session.protocol
    ends = [*closing(p), *(mark for outcome in p.outcome if outcome.closed for mark in outcome.marks)]
    last = marked(session, tuple(ends))
    return last[-1].at if session.closed and last else None


def expected_at_end(session: Session) -> list[str]:
    """What should stand before the end and does not, by the names of the protocol."""
    p = session.protocol
    if session.mistaken:
        return []
    return list(dict.fromkeys(expect.label for mark in closing(p) for expect in unmet(p, session.entries, mark)))


def missing(session: Session) -> list[str]:
    """What the record still lacks, in words: expected before the end, asked and not answered, not given with a mark."""
    p = session.protocol
    if session.mistaken:
        return []
    lacking = expected_at_end(session)
    lacking += [p.prompt[prompt.kind].label for prompt in open_prompts(session)]
    items = [item for item in session.walk.review if item.kind == "missing"]
    lacking += [p.value[item.key].label for item in items if item.key in p.value]
    return list(dict.fromkeys(lacking))


def people(session: Session) -> list[str]:
    """Everybody that the record names: who held the needle, who recorded, who gave and took the patient."""
    p = session.protocol
    names = [session.opened.get("operator"), session.opened.get("recorder")]
    names += [entry.event.by for entry in session.entries]
    for mark in (p.operator_mark, p.handover):
        keys = [key for key in p.mark[mark].needs if p.value[key].type == "text"] if mark else []
        names += [entry.data.get(key) for entry in marked(session, (mark or "",)) for key in keys]
    return sorted({person(name) for name in names if isinstance(name, str)} - {""})

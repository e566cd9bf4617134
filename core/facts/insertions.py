"""Insertions of a record: where, who held the needle, what came of it; and whose case the procedure was."""

from typing import Any

import msgspec

from core.engine.sentences import label
from core.engine.session import Session
from core.engine.walk import steps_of
from core.engine.words import one_line
from core.protocols.tables import Counter, Protocol


class Insertion(msgspec.Struct, frozen=True):
    """One time that the needle broke the skin: where, what the tap carried, who held the needle (moments UTC ms).

    `ended_…`, where it was asked for: the next mark that changed the state, unless the needle went in again before.
    """

    number: int
    event: str
    at: int
    group: str
    carried: dict[str, Any]
    operator: str
    ended_by: str | None = None
    ended_at: int | None = None
    ended_with: str = ""


def counter(p: Protocol) -> Counter | None:
    """The counter of the record's insertions."""
    return next((counter for counter in p.counter if counter.runs), None)


def insertion_mark(p: Protocol) -> str:
    """The mark by which the needle goes in; "" where the protocol counts none."""
    counted = counter(p)
    return counted.counts if counted else ""


INITIALS = 6  # letters at most; what is longer is a name or a code


def person(name: Any) -> str:
    """A person's initials, code or name as one is written however it was typed: `AK`, `ak` and ` AK ` are one operator.

    What was typed stays in the log.
    """
    text = " ".join(str(name or "").split()).casefold()
    return text.upper() if len(text) <= INITIALS else text.title()


def insertions(session: Session) -> list[Insertion]:
    """Every insertion of the record in order, with what it carried and who held the needle."""
    p, operator = session.protocol, session.opened.get("operator", "")
    inserted: list[Insertion] = []
    counted = counter(p)
    if counted is None:
        return inserted
    for entry in session.entries:
        mark = entry.data.get("mark")
        if entry.event.kind != "mark" or not entry.counts or mark not in p.mark:
            continue
        if mark in counted.until:
            break
        if mark == p.operator_mark:
            operator = entry.data.get("operator", operator)
        if mark == counted.counts:
            group = entry.data.get(counted.per) if counted.per else ""
            carried = {key: value for key, value in entry.data.items() if key != "mark"}
            number = len(inserted) + 1
            inserted.append(Insertion(number, entry.event.id, entry.at, str(group or ""), carried, person(operator)))
    return inserted


def with_ends(session: Session) -> list[Insertion]:
    """The insertions, each with the mark that ended it."""
    p, steps = session.protocol, steps_of(session.protocol, session.entries)
    places = {step.entry.event.id: n for n, step in enumerate(steps)}
    ended = []
    for insertion in insertions(session):
        begun = places[insertion.event]
        mark = steps[begun].mark
        after = next((step for step in steps[begun + 1 :] if step.after != step.before or step.mark == mark), None)
        if after is not None and after.mark != mark:
            insertion = msgspec.structs.replace(
                insertion,
                ended_by=label(p, after.entry),
                ended_at=after.entry.at,
                ended_with=one_line(p, after.entry.data),
            )
        ended.append(insertion)
    return ended


def operators(session: Session) -> list[str]:
    """Everyone who held the needle, in the order in which they did."""
    last = person(session.walk.operator)
    names = [insertion.operator for insertion in insertions(session)] or [last]
    return [name for name in dict.fromkeys([*names, last]) if name]


def case_operators(session: Session) -> list[str]:
    """Who held the needle, in order, from the first insertion until the end of the clock that a success needs.

    They say whose case it was; more than one: the needle changed hands. Without an insertion, whoever was named last.
    """
    p, inserted = session.protocol, insertions(session)
    if not inserted:
        return [person(session.walk.operator)]
    names = [inserted[0].operator]
    end = session.walk.clock(p.curve.success.reached).end if p.curve else inserted[-1].at
    given_up = next(counter.until for counter in p.counter if counter.runs)
    for entry in session.entries:
        if entry.event.kind == "mark" and entry.counts and entry.data.get("mark") in given_up:
            break
        handed = entry.event.kind == "mark" and entry.counts and entry.data.get("mark") == p.operator_mark
        if handed and inserted[0].at <= entry.at and (end is None or entry.at <= end):
            operator = person(entry.data.get("operator"))
            names += [operator] if operator != names[-1] else []
    return names

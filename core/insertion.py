"""Every insertion of a record as a row of its own: where, who held the needle, and what came of it."""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.protocol import Counter, Protocol
from core.session import Session, insertions, label
from core.walk import steps_of
from core.words import told


class Insertion(msgspec.Struct, frozen=True):
    """`ended_…`: the next mark that changed the state, unless the needle went in again before (moments UTC ms)."""

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
    return next((one for one in p.counter if one.runs), None)


def counts(p: Protocol) -> str:
    """The mark by which the needle goes in; "" where the protocol counts none."""
    found = counter(p)
    return found.counts if found else ""


def of(session: Session) -> list[Insertion]:
    """The insertions in order."""
    return list(_of(session))


def operators(session: Session) -> list[str]:
    """Everyone who held the needle, in the order in which they did."""
    named = [one.operator for one in insertions(session)] or [session.walk.operator]
    return [name for name in dict.fromkeys([*named, session.walk.operator]) if name]


def _of(session: Session) -> Iterator[Insertion]:
    p = session.protocol
    steps = steps_of(p, session.lines)
    held = {one.event: one for one in insertions(session)}
    number = 0
    for n, step in enumerate(steps):
        one = held.get(step.line.event.id)
        if one is None:
            continue
        number += 1
        after = next(
            (later for later in steps[n + 1 :] if later.after != later.before or later.mark == step.mark), None
        )
        row = Insertion(number, one.event, one.at, one.group, one.carried, one.operator)
        if after is not None and after.mark != step.mark:
            row = msgspec.structs.replace(
                row, ended_by=label(p, after.line), ended_at=after.line.at, ended_with=told(p, after.line.data)
            )
        yield row

"""The figures of one session, as the command line prints them."""

from typing import Any

import msgspec

from core.engine.sentences import clock_time, sentence
from core.engine.session import Session
from core.protocols.figures import Own, of_clock, of_groups


def summary(session: Session, saved_as: str | None = None) -> dict[str, Any]:
    """The summary of one session (DESIGN: the command line, Summary): whole seconds, null where not complete."""
    walked = session.walk
    own = msgspec.to_builtins(
        Own(
            session=saved_as,
            outcome=walked.outcome,
            prompts=[{"kind": raised.kind, "t": clock_time(raised.at, session.opened_at)} for raised in walked.prompts],
            to_review=[
                {"kind": item.kind, "t": clock_time(item.at, session.opened_at), "text": sentence(session, item)}
                for item in walked.review
            ],
        )
    )
    first = {name: own.pop(name) for name in ("session", "outcome") if name in own}
    return {**first, **figures(session), **own}


def figures(session: Session) -> dict[str, Any]:
    """What the protocol counts and times, by the protocol's own names."""
    p, walked = session.protocol, session.walk
    known: dict[str, Any] = {}
    for counter in p.counter:
        if counter.runs:  # a counter of the record, not only of a prompt
            count = walked.count(counter.id)
            known[counter.id] = count.total
            known[of_groups(counter)] = dict(count.groups)
            known[counter.runs] = count.runs
    for clock in p.clock:
        if not clock.hidden:
            reading = walked.clock(clock.id)
            known[of_clock(clock)] = None if reading.end is None else reading.closed // 1000
    return known

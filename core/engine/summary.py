"""The figures of one session, as the command line prints them."""

from typing import Any

from core.engine.sentences import clock_time, sentence
from core.engine.session import Session


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
    figures["prompts"] = [
        {"kind": prompt.kind, "t": clock_time(prompt.at - session.opened_at)} for prompt in walked.prompts
    ]
    figures["to_review"] = [
        {"kind": item.kind, "t": clock_time(item.at - session.opened_at), "text": sentence(session, item)}
        for item in walked.review
    ]
    return figures

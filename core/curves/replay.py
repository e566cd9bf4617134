"""One procedure as a ribbon: phases, insertions, clocks, and what was asked, entered late, undone or is to review."""

from collections.abc import Iterable, Iterator
from statistics import median
from typing import Literal

import msgspec

from core.engine.log import Entry
from core.engine.sentences import label, sentence
from core.engine.session import Session
from core.engine.walk import Step, steps_of
from core.facts.insertions import counter, with_ends
from core.protocols.figures import of_clock
from core.protocols.tables import Protocol
from core.records.row import Row

Kind = Literal["asked", "to review", "late", "undone", "complication", "hand-over"]


class Span(msgspec.Struct, frozen=True):
    """Something that lasted, in seconds from the first mark. `short`: what is written on it."""

    label: str
    short: str
    start: float
    end: float


class Moment(msgspec.Struct, frozen=True):
    """Something that happened at once, in seconds from the first mark."""

    kind: Kind
    label: str
    at: float


class Timer(msgspec.Struct, frozen=True):
    """A clock of the record: what this case took, and the median of the operator's other cases with their number."""

    label: str
    start: float
    seconds: float
    median: float | None
    n: int


class Ribbon(msgspec.Struct, frozen=True):
    """`needle_end`: the end of the needle's work (the last clock of the curve, else the last insertion)."""

    phases: list[Span]
    insertions: list[Span]
    timers: list[Timer]
    moments: list[Moment]
    end: float
    needle_end: float


def ribbon(session: Session, others: Iterable[Row]) -> Ribbon:
    """A session's ribbon. `others`: rows of the operator's other cases, for the medians beside it."""
    p, steps = session.protocol, steps_of(session.protocol, session.entries)
    zero = steps[0].entry.at if steps else session.opened_at
    end = max((line.at for line in session.entries), default=zero)
    inserted = list(_insertions(session, zero, end))
    timers = _timers(session, zero, list(others))
    curve = [clock.label for clock in p.clock if p.curve and clock.id in p.curve.figures]
    ends = [timer.start + timer.seconds for timer in timers if timer.label in curve]
    last = max(ends or [span.end for span in inserted] or [(end - zero) / 1000])
    return Ribbon(
        _phases(p, steps, zero, end), inserted, timers, list(_moments(session, zero)), (end - zero) / 1000, last
    )


def _phases(p: Protocol, steps: list[Step], zero: int, end: int) -> list[Span]:
    """From each change of phase to the next; states of the same phases are one."""
    spans: list[Span] = []
    ends = [*(step.entry.at for step in steps), end][1:]
    for step, until in zip(steps, ends, strict=True):
        phase = p.phase[p.state[step.after].phases[0]]
        again = bool(spans) and spans[-1].label == phase.label
        start = spans.pop().start if again else (step.entry.at - zero) / 1000
        spans.append(Span(phase.label, phase.short or phase.label, start, (until - zero) / 1000))
    return [span for span in spans if span.end > span.start]


def _insertions(session: Session, zero: int, end: int) -> Iterator[Span]:
    """From each insertion until the needle's state changed or it went in again; a group is written where it begins."""
    p, before = session.protocol, ""
    counted = counter(p)
    groups = {option.id: option.label for option in p.options(counted.per)} if counted and counted.per else {}
    inserted = with_ends(session)
    for insertion, again in zip(inserted, [*(later.at for later in inserted), end][1:], strict=True):
        group = groups.get(insertion.group, insertion.group)
        result = f": {insertion.ended_by}" if insertion.ended_by else ""
        until = again if insertion.ended_at is None else insertion.ended_at
        short, before = "" if group and group == before else group or str(insertion.number), group
        yield Span(f"{insertion.number}. {group}{result}", short, (insertion.at - zero) / 1000, (until - zero) / 1000)


def _timers(session: Session, zero: int, others: list[Row]) -> list[Timer]:
    timers = []
    for clock in session.protocol.clock:
        reading = session.walk.clock(clock.id)
        if not clock.hidden and reading.start is not None and reading.end is not None:
            seconds = [row.figures[of_clock(clock)] for row in others]
            known = [float("inf") if took is None else took for took in seconds]  # never ended: longer than any
            middle = median(known) if known else float("inf")
            usual = None if middle == float("inf") else middle
            timers.append(Timer(clock.label, (reading.start - zero) / 1000, reading.closed / 1000, usual, len(known)))
    return timers


def _moments(session: Session, zero: int) -> Iterator[Moment]:
    """What was asked, what is to review, and the entries that were late, undone, or stand out."""
    p = session.protocol
    for prompt in session.walk.prompts:
        yield Moment("asked", p.prompt[prompt.kind].label, (prompt.at - zero) / 1000)
    for item in session.walk.review:
        yield Moment("to review", sentence(session, item), (item.at - zero) / 1000)
    for line in session.entries:
        kind = _stands_out(p, line)
        if kind:
            late = (line.event.tapped - line.at) / 60_000
            text = f"{label(p, line)}, entered {late:.0f} min later" if kind == "late" else label(p, line)
            yield Moment(kind, text, (line.at - zero) / 1000)


def _stands_out(p: Protocol, line: Entry) -> Kind | None:
    if line.undone:
        return None if line.event.kind in ("undo", "detail", "amend") else "undone"
    if line.event.kind == "complication":
        return "complication"
    if line.event.kind == "mark" and line.data.get("mark") == p.operator_mark:
        return "hand-over"
    return "late" if line.late and line.event.kind == "mark" else None

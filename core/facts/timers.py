"""The timers of a patient on the ward: which clock runs, until when, and what is still to come. Moments UTC ms.

Twin of pages/board/model/timers.js.
"""

import msgspec

from core.engine.session import Session
from core.engine.walk import steps_of
from core.facts import aftercare
from core.protocols.tables import Protocol, Window
from core.protocols.wording import span


class WardTimer(msgspec.Struct, frozen=True):
    """A clock of the ward. `ends_at`: when it reaches its bound, while it runs; `ended_at`: when it was last ended."""

    clock: str
    label: str
    bound: str  # the least that it has to last, in words; empty where the protocol asks for none
    since: int | None = None
    ends_at: int | None = None
    ended_at: int | None = None
    lasted: int = 0  # ms, all closed intervals


class Waits(msgspec.Struct, frozen=True):
    """A clock that runs only once somebody acts: the mark that starts it, in words, and since when it is awaited."""

    label: str
    since: int


def of(session: Session) -> list[WardTimer]:
    """The ward's clocks in the order in which the protocol shows them, whether they ran yet or not."""
    return [_timer(session, clock) for clock in _clocks(session.protocol)]


def running(session: Session) -> list[WardTimer]:
    """Those that run towards their bound, or past it, while the patient stands on the recovery board."""
    return [timer for timer in of(session) if timer.ends_at is not None] if aftercare.on_ward(session) else []


def waits(session: Session) -> Waits | None:
    """What a patient on the recovery board awaits while nothing runs: the mark that comes next, where it starts a clock
    of the ward.
    """
    p = session.protocol
    if not aftercare.on_ward(session) or running(session):
        return None
    timed = {window.clock for window in p.window if window.below_s} & set(_clocks(p))
    starts = {clock.from_ for clock in p.clock if clock.id in timed}
    label, marks = _next(session)
    if not starts & set(marks):
        return None
    turns = [step.entry.at for step in steps_of(p, session.entries) if step.before != step.after]
    return Waits(label, turns[-1] if turns else session.opened_at)


def _next(session: Session) -> tuple[str, tuple[str, ...]]:
    """The button that comes first in the present state, and the marks that it writes: an action for several marks,
    else the first mark that is not rare here. Once an outcome stands that has its near marks, the first of them.
    """
    p, state = session.protocol, session.protocol.state[session.walk.state]
    near = state.near.get(session.walk.outcome)
    open_marks = list(dict.fromkeys([*(near or ()), *state.open]))
    for action in p.action:
        first, second = action.marks[:2]
        if first in open_marks and second in p.state[state.open[first]].open:
            return action.label, action.marks
    rare = {mark for mark in open_marks if (mark not in near if near else p.mark[mark].rare or mark in state.rare)}
    mark = next((mark for mark in open_marks if mark not in rare), None)
    return (p.mark[mark].label, (mark,)) if mark else ("", ())


def _clocks(p: Protocol) -> list[str]:
    return list(dict.fromkeys(clock for phase in p.phase.values() if phase.ward for clock in phase.headline))


def _timer(session: Session, clock: str) -> WardTimer:
    p, reading = session.protocol, session.walk.clock(clock)
    label = next(table.label for table in p.clock if table.id == clock)
    window = next((table for table in p.window if table.clock == clock and table.below_s), None)
    return WardTimer(
        clock,
        label,
        span(window) if window else "",
        reading.running,
        _ends_at(window, reading.running, reading.closed),
        reading.end,
        reading.closed,
    )


def _ends_at(window: Window | None, since: int | None, closed: int) -> int | None:
    if window is None or window.below_s is None or since is None:
        return None
    return since + round(window.below_s * 1000) - closed

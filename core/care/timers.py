"""The timers of a patient on the ward: which clock runs, until when, and what is still to come. Moments UTC ms."""

import msgspec

from core.care import aftercare
from core.protocol import Protocol, Window, span
from core.session import Session


class Timer(msgspec.Struct, frozen=True):
    """A clock of the ward. `ends_at`: when it reaches its bound, while it runs; `ended_at`: when it was last ended."""

    clock: str
    label: str
    bound: str  # the least that it has to last, in words; empty where the protocol asks for none
    since: int | None = None
    ends_at: int | None = None
    ended_at: int | None = None
    lasted: int = 0  # ms, all closed intervals


def of(session: Session) -> list[Timer]:
    """The ward's clocks in the order in which the protocol shows them, whether they ran yet or not."""
    return [_timer(session, clock) for clock in _clocks(session.protocol)]


def running(session: Session) -> list[Timer]:
    """Those that run towards their bound, or past it, while the patient stands on the recovery board."""
    return [one for one in of(session) if one.ends_at is not None] if aftercare.on_ward(session) else []


def _clocks(p: Protocol) -> list[str]:
    return list(dict.fromkeys(clock for phase in p.phase.values() if phase.ward for clock in phase.headline))


def _timer(session: Session, clock: str) -> Timer:
    p, reading = session.protocol, session.walk.clock(clock)
    label = next(one.label for one in p.clock if one.id == clock)
    window = next((one for one in p.window if one.clock == clock and one.below_s), None)
    return Timer(
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

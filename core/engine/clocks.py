"""Clocks read over the marks of a log, and the prompts that their windows raise. Moments and spans are milliseconds.

Twin of pages/board/rules/figures.js.
"""

import msgspec

from core.engine.events import whole_second
from core.engine.prompts import Proofs, Raised
from core.engine.steps import Step
from core.protocols.tables import Clock, Protocol


class Reading(msgspec.Struct):
    """A clock: first start, last end, what closed intervals add up to, and since when it runs."""

    id: str
    start: int | None = None
    end: int | None = None
    closed: int = 0
    running: int | None = None
    proof: str | None = None  # the event that ended it last


def read_clock(clock: Clock, steps: list[Step]) -> Reading:
    """What a clock shows after these steps. Moments are cut to the second in which they are shown, and spans worked out
    from these: what stands side by side adds up.
    """
    reading = Reading(clock.id)
    for step in steps:
        if step.mark in clock.until:
            reading.running = None
            break
        at = whole_second(step.entry.at)
        if (
            step.mark == clock.from_
            and (clock.sum or reading.end is None)
            and (reading.running is None or clock.restart)
        ):
            reading.running = at
            reading.start = at if reading.start is None or clock.restart else reading.start
        elif step.mark == clock.to and reading.running is not None:
            reading.closed += at - reading.running
            reading.end, reading.running, reading.proof = at, None, step.entry.event.id
    return reading


def raise_outside_windows(p: Protocol, clocks: list[Reading], steps: list[Step], raised: Proofs) -> None:
    """The windows that an ended clock fell outside of, proved by the mark that ended it (whole seconds count)."""
    position = {step.entry.event.id: n for n, step in enumerate(steps)}
    for window in p.window:
        reading = next(reading for reading in clocks if reading.id == window.clock)
        if window.prompt is None or reading.end is None or reading.proof is None:
            continue
        seconds, bound = reading.closed // 1000, window.below_s or window.above_s
        if (window.below_s and seconds < window.below_s) or (window.above_s and seconds > window.above_s):
            raised.append((position[reading.proof], Raised(window.prompt, reading.end, reading.proof, bound=bound)))

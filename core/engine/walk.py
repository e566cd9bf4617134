"""The walk: a protocol's tables applied to a log. State, counters, clocks, prompts with their proof, outcome.

Pure and total: no order of events raises. It knows no phase, mark, clock or prompt by name. Moments and
spans are milliseconds. Twin of pages/board/rules/walk.js.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from core.engine.cautions import raise_cautions
from core.engine.clocks import Reading, raise_outside_windows, read_clock
from core.engine.counters import Count, add_up, count_marks
from core.engine.events import Event, is_number
from core.engine.log import Entry, settle
from core.engine.prompts import Proofs, Raised, prompts_of
from core.engine.review import ReviewItem, listed
from core.engine.steps import Step, steps_of
from core.protocols.tables import Protocol

# Other folders take the parts of a walk from here: steps, prompts, counters, clocks.
__all__ = ["Count", "Raised", "Reading", "Step", "Walk", "is_number", "steps_of", "walk", "walk_entries"]


class Walk(msgspec.Struct):
    """Everything that the screens and the summary need of a session at one version of its log."""

    state: str
    outcome: str
    operator: str
    recorder: str  # the device that records
    recorded_by: str
    counts: list[Count]
    clocks: list[Reading]
    totals: dict[str, float]
    prompts: list[Raised]
    review: list[ReviewItem]
    reviewed: list[ReviewItem]  # looked at: they wait no more, and stay visible
    checks: dict[str, str]  # check → the event that ticked it last
    values: dict[str, Any]
    plan: dict[str, str]

    def count(self, counter: str) -> Count:
        return next(count for count in self.counts if count.id == counter)

    def clock(self, clock: str) -> Reading:
        return next(reading for reading in self.clocks if reading.id == clock)


def walk(p: Protocol, events: Iterable[Event]) -> Walk:
    """The session that a log of events makes under protocol `p`."""
    return walk_entries(p, settle(events, p.recording.two_devices_s * 1000))


def walk_entries(p: Protocol, entries: Sequence[Entry]) -> Walk:
    """`walk` for a log that is settled already."""
    steps = steps_of(p, entries)
    raised: Proofs = []
    counts = [count_marks(counter, steps, raised) for counter in p.counter]
    clocks = [read_clock(clock, steps) for clock in p.clock]
    values = _values(p, entries)
    totals = {total.id: add_up(total, steps, values, raised) for total in p.total}
    raise_outside_windows(p, clocks, steps, raised)
    raise_cautions(p, entries, steps, raised)
    opened = next((entry for entry in entries if entry.event.kind == "opened"), None)
    takeovers = [entry for entry in entries if entry.event.kind == "takeover" and entry.counts]
    recorder = max(takeovers, key=_heard) if takeovers else opened
    astray = {step.entry.event.id: step.before for step in steps if step.turn in ("astray", "none")}
    inferred = {event for count in counts for event in count.inferred}
    items = listed(p, entries, astray, inferred)
    return Walk(
        state=steps[-1].after if steps else p.start,
        outcome=_outcome(p, steps),
        operator=_operator(p, opened, steps),
        recorder=recorder.event.device if recorder else "",
        recorded_by=_recorded_by(recorder),
        counts=counts,
        clocks=clocks,
        totals=totals,
        prompts=prompts_of(p, entries, steps, raised),
        review=[item for item in items if item.review is None],
        reviewed=[item for item in items if item.review is not None],
        checks=_checks(p, entries),
        values=values,
        plan=_plan(p, entries),
    )


def _heard(entry: Entry) -> tuple[int, int, str, str]:
    """When a take-over was made; a tablet whose clock is ahead does not keep recording until that time has come."""
    event = entry.event
    at = event.tapped if event.received is None else min(event.tapped, event.received)
    return at, event.seq, event.device, event.id


def _outcome(p: Protocol, steps: list[Step]) -> str:
    best = next(outcome for outcome in p.outcome if not outcome.marks and outcome.rank == 0)
    stood: set[str] = set()
    for step in steps:
        for outcome in p.outcome:
            if step.mark in outcome.marks and outcome.rank >= best.rank and not stood & set(outcome.until):
                best = outcome
        stood.add(step.mark)
    return best.id


def _operator(p: Protocol, opened: Entry | None, steps: list[Step]) -> str:
    operators = [opened.data.get("operator")] if opened else []
    operators += [step.entry.data.get("operator") for step in steps if step.mark == p.operator_mark]
    texts = [name for name in operators if isinstance(name, str)]
    return texts[-1] if texts else ""


def _recorded_by(recorder: Entry | None) -> str:
    if recorder is None:
        return ""
    name = recorder.data.get("recorder") if recorder.event.kind == "opened" else recorder.event.by
    return name if isinstance(name, str) else ""


def _checks(p: Protocol, entries: Sequence[Entry]) -> dict[str, str]:
    ticks = [entry for entry in entries if entry.event.kind == "check" and entry.counts]
    return {entry.data["check"]: entry.event.id for entry in ticks if entry.data.get("check") in p.check}


def _values(p: Protocol, entries: Sequence[Entry]) -> dict[str, Any]:
    return {
        entry.data["value"]: entry.data.get("is")
        for entry in entries
        if entry.event.kind == "value" and entry.counts and entry.data.get("value") in p.value
    }


def _plan(p: Protocol, entries: Sequence[Entry]) -> dict[str, str]:
    """What goes with the next mark: the last value chosen or carried."""
    plan: dict[str, str] = {}
    keys = [table.key for table in p.plan]
    for entry in entries:
        if entry.event.kind not in ("value", "mark") or not entry.counts:
            continue
        for key in keys:
            chosen = entry.data.get("is") if entry.data.get("value") == key else entry.data.get(key)
            if isinstance(chosen, str):
                plan[key] = chosen
    return plan

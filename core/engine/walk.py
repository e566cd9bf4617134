"""Walks a protocol's tables over a log: state, counters, clocks, prompts with their proof, outcome.

Pure and total: no order of events raises. It knows no phase, mark, clock or prompt by name. The board's twin is
pages/board/rules/walk.js; a property test demands the same answer of both. Moments and spans are milliseconds.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeGuard

import msgspec

from core.engine.events import Event
from core.engine.log import Entry, settle
from core.engine.review import ReviewItem, listed
from core.protocols.tables import Clock, Counter, Protocol, Total


class Step(msgspec.Struct, frozen=True):
    """One mark on its way through the states. `turn`: how the state knew it."""

    entry: Entry
    mark: str
    before: str
    after: str
    turn: str  # "open" | "everywhere" | "astray" | "none"


class Count(msgspec.Struct):
    """`groups` in order of first use; `runs`: how often the group changed, plus one; `reached`: groups at the limit."""

    id: str
    total: int = 0
    runs: int = 0
    groups: list[tuple[str, int]] = []
    reached: list[str] = []


class Reading(msgspec.Struct):
    """A clock: first start, last end, what closed intervals add up to, and since when it runs."""

    id: str
    start: int | None = None
    end: int | None = None
    closed: int = 0
    running: int | None = None
    proof: str | None = None  # the event that ended it last


class Raised(msgspec.Struct):
    """A prompt, the event that proved it, and whether it still waits for an answer."""

    kind: str
    at: int
    event: str
    group: str | None = None
    count: int | None = None
    bound: float | None = None
    open: bool = True


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
        return next(one for one in self.counts if one.id == counter)

    def clock(self, clock: str) -> Reading:
        return next(one for one in self.clocks if one.id == clock)


def walk(p: Protocol, events: Iterable[Event]) -> Walk:
    """The session that a log of events makes under protocol `p`."""
    return walk_entries(p, settle(events, p.recording.two_devices_s * 1000))


def walk_entries(p: Protocol, entries: Sequence[Entry]) -> Walk:
    """`walk` for a log that is settled already."""
    steps = steps_of(p, entries)
    raised: list[tuple[int, Raised]] = []
    counts = [_count(counter, steps, raised) for counter in p.counter]
    clocks = [_read(clock, steps) for clock in p.clock]
    values = _values(p, entries)
    totals = {total.id: _total(total, steps, values, raised) for total in p.total}
    _watch(p, clocks, steps, raised)
    opened = next((entry for entry in entries if entry.event.kind == "opened"), None)
    takeovers = [entry for entry in entries if entry.event.kind == "takeover" and entry.counts]
    recorder = max(takeovers, key=_heard) if takeovers else opened
    astray = {step.entry.event.id: step.before for step in steps if step.turn in ("astray", "none")}
    items = listed(p, entries, astray)
    return Walk(
        state=steps[-1].after if steps else p.start,
        outcome=_outcome(p, steps),
        operator=_operator(p, opened, steps),
        recorder=recorder.event.device if recorder else "",
        recorded_by=_recorded_by(recorder),
        counts=counts,
        clocks=clocks,
        totals=totals,
        prompts=_prompts(p, entries, steps, raised),
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


def steps_of(p: Protocol, entries: Sequence[Entry]) -> list[Step]:
    """Every mark that counts, with the state before and after it. A mark with no way on changes nothing."""
    steps, state = [], p.start
    for entry in entries:
        mark = entry.data.get("mark")
        if entry.event.kind != "mark" or not entry.counts or mark not in p.mark:
            continue
        here, after, turn = p.state[state], state, "none"
        if mark in p.everywhere:
            turn = "everywhere"
        elif mark in here.open:
            after, turn = here.open[mark], "open"
        elif mark in here.astray:
            after, turn = here.astray[mark], "astray"
        steps.append(Step(entry, mark, state, after, turn))
        state = after
    return steps


def _group(entry: Entry, key: str | None) -> str:
    """The group that a mark names; "" where it names none."""
    group = entry.data.get(key) if key else None
    return group if isinstance(group, str) else ""


def _count(counter: Counter, steps: list[Step], raised: list[tuple[int, Raised]]) -> Count:
    count, group, last, due = Count(counter.id), "", None, False
    numbers: dict[str, int] = {}
    for n, step in enumerate(steps):
        if step.mark in counter.until:
            break
        if step.mark == (counter.of or counter.counts):
            group, due = _group(step.entry, counter.per), True
        elif step.mark in counter.out:
            due = False
        if step.mark != counter.counts or (counter.in_turn and not due):
            continue
        due = False
        count.total += 1
        count.runs += group != last
        last = group
        numbers[group] = numbers.get(group, 0) + 1
        if counter.limit and numbers[group] == counter.limit:
            count.reached.append(group)
            spent = counter.groups is not None and len(count.reached) >= counter.groups
            kind = counter.groups_prompt if spent else counter.prompt
            proof = Raised(
                kind or "", step.entry.at, step.entry.event.id, group if counter.per else None, numbers[group]
            )
            raised.append((n, proof))
    count.groups = list(numbers.items())
    return count


def _read(clock: Clock, steps: list[Step]) -> Reading:
    reading = Reading(clock.id)
    for step in steps:
        if step.mark in clock.until:
            reading.running = None
            break
        at = step.entry.at
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


def _watch(p: Protocol, clocks: list[Reading], steps: list[Step], raised: list[tuple[int, Raised]]) -> None:
    """The windows that an ended clock fell outside of, proved by the mark that ended it (whole seconds count)."""
    position = {step.entry.event.id: n for n, step in enumerate(steps)}
    for window in p.window:
        reading = next(one for one in clocks if one.id == window.clock)
        if window.prompt is None or reading.end is None or reading.proof is None:
            continue
        seconds, bound = reading.closed // 1000, window.below_s or window.above_s
        if (window.below_s and seconds < window.below_s) or (window.above_s and seconds > window.above_s):
            raised.append((position[reading.proof], Raised(window.prompt, reading.end, reading.proof, bound=bound)))


def _total(total: Total, steps: list[Step], values: dict[str, Any], raised: list[tuple[int, Raised]]) -> float:
    """The total, and a prompt at the mark that passes a ceiling which holds for this patient."""
    ceilings = []
    for ceiling in total.ceiling:
        if is_number(values.get(ceiling.when)) and values[ceiling.when] >= ceiling.at_least:
            size = values.get(total.per) if total.per else None
            scaled = ceiling.per_limit * size if ceiling.per_limit and is_number(size) else ceiling.limit
            ceilings.append((ceiling.prompt, min(ceiling.limit, scaled)))
    amount: float = 0
    for n, step in enumerate(steps):
        given = step.entry.data.get(total.key)
        if step.mark != total.mark or not is_number(given):
            continue
        before, amount = amount, amount + given * total.factor
        for prompt, limit in ceilings:
            if before <= limit < amount:
                raised.append((n, Raised(prompt, step.entry.at, step.entry.event.id, bound=limit)))
    return amount


def is_number(value: Any) -> TypeGuard[float]:
    """A number, and not True or False."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _prompts(
    p: Protocol, entries: Sequence[Entry], steps: list[Step], raised: list[tuple[int, Raised]]
) -> list[Raised]:
    """In the order of their proofs; those that are raised once, or not after some mark, only so."""
    answered = {
        (entry.data.get("prompt"), entry.data.get("of"))
        for entry in entries
        if entry.event.kind == "answer" and entry.counts
    }
    kept: list[Raised] = []
    for n, prompt in sorted(raised, key=lambda one: one[0]):
        table = p.prompt[prompt.kind]
        if table.once and any(one.kind == prompt.kind for one in kept):
            continue
        if any(step.mark in table.until for step in steps[:n]):
            continue
        prompt.open = (prompt.kind, prompt.event) not in answered and not any(
            step.mark in table.clears
            or (step.mark == table.other_group and _group(step.entry, p.group) != prompt.group)
            for step in steps[n + 1 :]
        )
        kept.append(prompt)
    return kept


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
    named = [opened.data.get("operator")] if opened else []
    named += [step.entry.data.get("operator") for step in steps if step.mark == p.operator_mark]
    texts = [name for name in named if isinstance(name, str)]
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
    keys = [one.key for one in p.plan]
    for entry in entries:
        if entry.event.kind not in ("value", "mark") or not entry.counts:
            continue
        for key in keys:
            chosen = entry.data.get("is") if entry.data.get("value") == key else entry.data.get(key)
            if isinstance(chosen, str):
                plan[key] = chosen
    return plan

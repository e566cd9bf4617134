"""Checks of the numbers in a protocol file: bounds that contradict each other, or lack unit, source or prompt."""

from collections.abc import Iterator

from core.protocols.tables import Protocol, Table, Value

# What every entry of a log or a scenario uses for itself: a value of that name could not be told from it.
OWN_KEYS = (
    "mark",
    "check",
    "value",
    "complication",
    "note",
    "undo",
    "t",
    "at",
    "by",
    "device",
    "is",
    "of",
    "text",
    "set",
    "kind",
    "prompt",
    "opened",
)
# Beyond the first two, taps that were meant would be taken for one; beyond the others, nothing would ever be listed.
RECORDING = {"two_devices_s": 3600, "same_tablet_s": 10, "late_h": 14 * 24, "ahead_s": 3600}
FORGOTTEN_H = 14 * 24


def problems(p: Protocol) -> list[str]:
    """Every sentence about a number; names need not be defined yet."""
    checks = (_recording, _ward, _values, _counters, _windows, _advice, _clocks, _choices, _calls)
    return [sentence for check in checks for sentence in check(p)]


def _recording(p: Protocol) -> Iterator[str]:
    for key, most in RECORDING.items():
        number = getattr(p.recording, key)
        if number > most:
            yield f"[recording].{key}: expected at most {most}, found {number:g}"


def _ward(p: Protocol) -> Iterator[str]:
    ward = p.ward
    if ward.forgotten_h > FORGOTTEN_H:
        yield f"[ward].forgotten_h: expected at most {FORGOTTEN_H}, found {ward.forgotten_h:g}"
    if ward.left_h > ward.forgotten_h:
        yield f"[ward].left_h: expected at most forgotten_h ({ward.forgotten_h:g}), found {ward.left_h:g}"


def _values(p: Protocol) -> Iterator[str]:
    for key, value in p.value.items():
        place = f"[value.{key}]"
        if key in OWN_KEYS:
            yield f"{place}: expected another id, found '{key}', which every entry uses for itself"
        for check in (_options, _only_numbers, _range, _step, _proof):
            yield from (f"{place}: {sentence}" for sentence in check(value))
        if value.options_of in p.value and not p.value[value.options_of].options:
            yield f"{place}.options_of: expected a value with options, found '{value.options_of}'"


def _options(value: Value) -> Iterator[str]:
    options = bool(value.options or value.options_of)
    if value.type == "option" and not options:
        yield "expected options, found none"
    if value.type != "option" and options:
        yield f"expected no options for type '{value.type}', found some"
    if value.options and value.options_of:
        yield f"expected options or options_of, found both: its own and those of '{value.options_of}'"


def _only_numbers(value: Value) -> Iterator[str]:
    if value.type == "number":
        return
    present = {
        "min": value.min is not None,
        "max": value.max is not None,
        "red_below": value.red_below is not None,
        "amber_below": value.amber_below is not None,
        "usual": value.usual is not None,
        "step": value.step is not None,
        "whole": value.whole,
        "unit": bool(value.unit),
    }
    for key in [key for key, stands in present.items() if stands]:
        yield f"expected {key} only on a number, found it on '{value.type}'"


def _range(value: Value) -> Iterator[str]:
    limits = [n for n in (value.min, value.red_below, value.amber_below, value.max) if n is not None]
    if limits != sorted(limits):
        yield f"expected min ≤ red_below ≤ amber_below ≤ max, found {', '.join(f'{n:g}' for n in limits)}: upside down"
    low = value.min if value.min is not None else float("-inf")
    high = value.max if value.max is not None else float("inf")
    if value.usual is not None and not low <= value.usual <= high:
        yield f"expected usual between {low:g} and {high:g}, found {value.usual:g}"


def _step(value: Value) -> Iterator[str]:
    if value.step is not None and value.step <= 0:
        yield f"expected a step above 0, found {value.step:g}"
    if value.whole:
        for key in ("step", "usual"):
            number = getattr(value, key)
            if number is not None and number % 1:
                yield f"expected a whole {key}, as only whole numbers are taken; found {number:g}"


def _proof(value: Value) -> Iterator[str]:
    numbers = (value.min, value.red_below, value.amber_below, value.max, value.usual)
    if value.type == "number" and any(n is not None for n in numbers):
        if not value.unit:
            yield "expected a unit for its bounds, found none"
        if not value.source:
            yield "expected a source for its bounds, found none"


def _counters(p: Protocol) -> Iterator[str]:
    for counter in p.counter:
        place = f"[[counter]] '{counter.id}'"
        if (counter.limit is None) != (counter.prompt is None):
            yield f"{place}: expected limit and prompt together, found one without the other"
        if counter.limit is not None and not counter.unit:
            yield f"{place}: expected a unit for its limit, found none"
        if (counter.groups is None) != (counter.groups_prompt is None) or (counter.groups and not counter.groups_unit):
            yield f"{place}: expected groups, groups_unit and groups_prompt together, found one without the others"
        if counter.groups and (counter.limit is None or counter.per is None):
            yield f"{place}: expected limit and per for its groups, found none"
        if counter.in_turn and not counter.of:
            yield f"{place}: expected of for in_turn, found none: it names the mark that each count belongs to"
        if counter.runs and not counter.per:
            yield f"{place}: expected per for its runs, found none"


def _windows(p: Protocol) -> Iterator[str]:
    """Each window has one bound, and no time is both too short and too long."""
    for window in p.window:
        place = f"[[window]] '{window.id}'"
        bounds = [n for n in (window.below_s, window.above_s, window.advise_s) if n is not None]
        if len(bounds) != 1:
            yield f"{place}: expected one of below_s, above_s, advise_s; found {len(bounds)}"
        if (window.prompt is None) != (window.advise_s is not None):
            prompt = f"'{window.prompt}'" if window.prompt else "none"
            yield f"{place}: expected a prompt with below_s or above_s and none with advise_s, found {prompt}"
        if (window.warn_s is None) != (window.warning is None):
            yield f"{place}: expected warn_s and warning together, found one of them"
        bound = window.below_s or window.above_s or 0
        if window.warn_s is not None and window.warn_s >= bound:
            yield f"{place}: expected warn_s of less than {bound:g}, found {window.warn_s:g}"
        least, _ = _span(p, window.clock)
        if window.above_s and window.above_s <= least:
            yield f"{place}: expected above_s of more than {least:g}, found {window.above_s:g}: upside down"


def _advice(p: Protocol) -> Iterator[str]:
    """What is advised is neither upside down nor outside what is allowed."""
    for window in p.window:
        if not window.advise_s:
            continue
        place, (low, high), (least, most) = f"[[window]] '{window.id}'", window.advise_s, _span(p, window.clock)
        if low > high:
            yield f"{place}: expected advise_s from low to high, found {low:g} to {high:g}: upside down"
        elif low < least or high > most:
            yield f"{place}: expected advise_s within {least:g} to {most:g} of its clock, found {low:g} to {high:g}"


def _span(p: Protocol, clock: str) -> tuple[float, float]:
    """From the highest below_s to the lowest above_s of a clock (seconds)."""
    windows = [window for window in p.window if window.clock == clock]
    least = max((window.below_s for window in windows if window.below_s), default=0)
    return least, min((window.above_s for window in windows if window.above_s), default=float("inf"))


def _clocks(p: Protocol) -> Iterator[str]:
    """A clock ends with another mark than it begins, and what stops it for good is neither."""
    for clock in p.clock:
        place = f"[[clock]] '{clock.id}'"
        if clock.to == clock.from_:
            yield f"{place}.to: expected another mark than its from, found '{clock.to}' as both"
        for key, mark in (("from", clock.from_), ("to", clock.to)):
            if mark in clock.until:
                yield f"{place}.until: expected other marks than its {key}, found '{mark}'"


def _choices(p: Protocol) -> Iterator[str]:
    for n, suggest in enumerate(p.suggest, 1):
        if (answers := sum(answer is not None for answer in (suggest.last, suggest.value, suggest.is_))) != 1:
            yield f"[[suggest]] {n}: expected one of last, value, is; found {answers or 'none'}"
    for expect in p.expect:
        yield from _one_of(f"[[expect]] '{expect.id}'", expect, ("mark", "check", "value"))
    for n, observe in enumerate(p.observe, 1):
        yield from _one_of(f"[[observe]] {n}", observe, ("complication", "check"))


def _one_of(place: str, table: Table, keys: tuple[str, ...]) -> Iterator[str]:
    present = [key for key in keys if getattr(table, key) is not None]
    if len(present) != 1:
        yield f"{place}: expected one of {', '.join(keys)}; found {' and '.join(present) or 'none'}"


def _calls(p: Protocol) -> Iterator[str]:
    """A call becomes due, then overdue, then lapses; what says that it was made names it."""
    for call in p.follow_up:
        place = f"[[follow_up]] '{call.id}'"
        hours = [hour for hour in (call.hours, call.late_hours, call.lapses_hours) if hour is not None]
        if hours != sorted(hours):
            yield f"{place}: expected hours ≤ late_hours ≤ lapses_hours, found {', '.join(f'{n:g}' for n in hours)}"
        parts = {key: getattr(call, key) for key in ("made", "tried", "value", "is_")}
        if any(parts.values()) and not all(parts.values()):
            lacking = ", ".join(key.rstrip("_") for key, hour in parts.items() if not hour)
            yield f"{place}: expected made, tried, value and is together, found none for {lacking}"
        if (call.tries is None) != (not call.tries_unit):
            yield f"{place}: expected tries and tries_unit together, found one without the other"

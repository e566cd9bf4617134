"""Checks of a schedule's profile: doses in order, rules that do not overlap, sources that are listed."""

from collections.abc import Iterator

from core import protocols
from core.protocols.check import misworded, uncited
from core.schedules.tables import DoseWindow, Extra, Keep, LoadingDose, Maintenance, Missed, Schedule


def problems(schedule: Schedule) -> list[str]:
    """Every sentence about what is wrong in the tables; an empty list is a good file."""
    return [sentence for check in (_goes_with, _doses, _rules, _cited) for sentence in check(schedule)]


def _goes_with(schedule: Schedule) -> Iterator[str]:
    if schedule.protocol not in protocols.shipped():
        yield f"protocol: expected one of {', '.join(protocols.shipped())}; found '{schedule.protocol}'"


def _doses(schedule: Schedule) -> Iterator[str]:
    before = 0
    for n, dose in enumerate(schedule.dose, 1):
        place = f"[[dose]] {n}"
        if dose.n != n:
            yield f"{place}: expected n = {n}, as loading doses stand in order; found {dose.n}"
        if n == 1:
            if dose.day or dose.after is not None or dose.window:
                yield f"{place}: expected no day but 0, no after and no window for the first dose, found some"
            continue
        if (dose.day is None) == (dose.after is None):
            yield f"{place}: expected one of day and after, found {'none' if dose.day is None else 'both'}"
            return
        if dose.unit is None or dose.window is None:
            yield f"{place}: expected a unit and a window for its day, found none"
        day = dose.day if dose.day is not None else before + (dose.after or 0)
        if day <= before:
            yield f"{place}: expected a day after that of the dose before it, found day {day} after day {before}"
        elif dose.window and dose.window.before >= day - before:
            yield f"{place}: expected a window that opens after the dose before it, found {dose.window.before} d before"
        before = day


def _rules(schedule: Schedule) -> Iterator[str]:
    ends: dict[str, int | None] = {"loading": 0, "maintenance": 0}  # where the rules so far end, in months
    seen: set[str] = set()
    for rule in schedule.missed:
        place, end = f"[[missed]] '{rule.id}'", ends[rule.of]
        start = rule.from_ or 0
        if rule.id in seen:
            yield f"{place}: expected every id once, found it again"
        seen.add(rule.id)
        if end is None or start < end:
            yield f"{place}: expected rules in order, none over another; found from {start} after one {_until(end)}"
        if rule.below is not None and rule.below <= start:
            yield f"{place}: expected below above {start}, found {rule.below}: upside down"
        if (rule.from_ or rule.below) and rule.unit is None:
            yield f"{place}: expected a unit for its months, found none"
        if (remedies := sum((bool(rule.extra), bool(rule.keep_date), rule.reload))) > 1:
            yield f"{place}: expected one of extra, keep_date and reload; found {remedies}"
        if rule.of == "loading" and (rule.extra or rule.keep_date):
            yield f"{place}: expected extra and keep_date only of maintenance, found one of loading"
        if rule.extra and rule.extra.window.before >= rule.extra.after:
            opening = f"{rule.extra.window.before} d before"
            yield f"{place}.extra: expected a window that opens after the dose before it, found {opening}"
        yield from misworded(rule.words, set(schedule.numbers(rule)), f"{place}.words")
        ends[rule.of] = rule.below


def _until(end: int | None) -> str:
    return "without end" if end is None else f"below {end}"


def _cited(schedule: Schedule) -> Iterator[str]:
    """Every source begins with one that is listed."""
    regular = schedule.maintenance
    places: list[tuple[str, LoadingDose | Maintenance | Missed | DoseWindow | Extra | Keep | None]] = [
        ("[maintenance]", regular),
        ("[maintenance].window", regular.window),
    ]
    for n, dose in enumerate(schedule.dose, 1):
        places += [(f"[[dose]] {n}", dose), (f"[[dose]] {n}.window", dose.window)]
    for rule in schedule.missed:
        place = f"[[missed]] '{rule.id}'"
        places += [(place, rule), (f"{place}.extra", rule.extra), (f"{place}.keep_date", rule.keep_date)]
        places.append((f"{place}.extra.window", rule.extra.window if rule.extra else None))
    for place, table in places:
        if table:
            yield from uncited(table.source, schedule.source, f"{place}.source")

"""Where each dose leaves a patient in the schedule: the doses given, one after the other, over the tables of a profile.

Pure, and in calendar dates: no hour, and no change of the clocks, moves them.
core/schedules/next_dose.py gives the answer.
"""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count

import msgspec

from core.schedules.tables import DoseWindow, Extra, Missed, Schedule


class Place(msgspec.Struct, frozen=True):
    """Where a dose leaves the patient; `due`: the date of the dose after it."""

    number: int  # as recorded
    step: int  # its place in the schedule: the loading doses from 1, all beyond is maintenance
    on: date
    due: date
    earliest: date  # no window opens before it
    left: int = 0  # extra doses still to give
    extra: Extra | None = None
    unruled: bool = False  # it was late, and the profile has no rule for that


def walk(schedule: Schedule, doses: Iterable[tuple[date, int]]) -> Place | None:
    """Where the doses (day, recorded number) leave the patient, days in order; None before the first."""
    place: Place | None = None
    for on, number in doses:
        place = after(schedule, place, number, on)
    return place


def after(schedule: Schedule, place: Place | None, number: int, on: date) -> Place:
    """Where a dose leaves the patient. Doses count by their recorded number: one that skips some means doses given
    elsewhere, on days that are not known, so that no gap is judged.
    """
    if place is None:
        return _regular(schedule, number, number, on)
    step = max(1, place.step + number - place.number)
    elsewhere = number > place.number + 1
    late = on > closes(schedule, place) and not elsewhere
    rule = rule_for(schedule, place, on) if late else None
    if rule and rule.reload:
        return _regular(schedule, number, 1, on)
    if rule and rule.extra:
        return _to_extra(number, step, on, rule.extra, rule.extra.doses)
    if rule and rule.keep_date:
        earliest = on + timedelta(rule.keep_date.gap)
        return Place(number, step, on, max(_original(schedule, place, on), earliest), earliest)
    left = 0 if elsewhere else place.left - 1
    if place.extra and left > 0:
        reached = _to_extra(number, step, on, place.extra, left)
    else:
        reached = _regular(schedule, number, step, on)
    return msgspec.structs.replace(reached, unruled=late and rule is None)


def _regular(schedule: Schedule, number: int, step: int, on: date) -> Place:
    if step < len(schedule.dose):
        return Place(number, step, on, on + timedelta(schedule.interval(step + 1)), on)
    return Place(number, step, on, months_after(on, schedule.maintenance.every), on)


def _to_extra(number: int, step: int, on: date, extra: Extra, left: int) -> Place:
    return Place(number, step, on, on + timedelta(extra.after), on, left, extra)


def _original(schedule: Schedule, place: Place, on: date) -> date:
    """The first date after a late dose on which one would have been due without the delay."""
    dates = (months_after(place.due, n * schedule.maintenance.every) for n in count(1))
    return next(day for day in dates if day > on)


def window(schedule: Schedule, place: Place) -> DoseWindow:
    """The window of the dose after this place."""
    if place.left and place.extra:
        return place.extra.window
    dose = schedule.dose[place.step] if place.step < len(schedule.dose) else None
    return dose.window if dose and dose.window else schedule.maintenance.window


def opens(schedule: Schedule, place: Place) -> date:
    """The first date of the window of the dose after this place."""
    return max(place.due - timedelta(window(schedule, place).before), place.earliest)


def closes(schedule: Schedule, place: Place) -> date:
    """The last date of the window of the dose after this place."""
    return place.due + timedelta(window(schedule, place).after)


def outside(first: date, last: date, on: date) -> int:
    """Days by which a day stands outside a window: below 0 before it opens, above 0 after it closed, 0 within."""
    return min((on - first).days, 0) or max((on - last).days, 0)


def off_window(schedule: Schedule, doses: Iterable[tuple[date, int]]) -> dict[date, int]:
    """Days by which each dose (day, recorded number; days in order) stood outside its window, by its day.

    Left out are doses within their windows, and those after doses given elsewhere, on days that are not known.
    """
    off: dict[date, int] = {}
    place: Place | None = None
    for on, number in doses:
        if place and number == place.number + 1:
            off[on] = outside(opens(schedule, place), closes(schedule, place), on)
        place = after(schedule, place, number, on)
    return {on: days for on, days in off.items() if days}


def rule_for(schedule: Schedule, place: Place, on: date) -> Missed | None:
    """The rule that holds if the dose after this place is given on a day; none while its window is open.

    For an extra dose that is late only those rules hold that ask for extra doses or the loading doses anew: the others
    speak of regular doses.
    """
    if on <= closes(schedule, place):
        return None
    phase = "loading" if place.step < len(schedule.dose) else "maintenance"
    for rule in schedule.missed:
        reached = rule.from_ is None or on >= months_after(place.on, rule.from_)
        below = rule.below is None or on < months_after(place.on, rule.below)
        if rule.of == phase and reached and below and (not place.left or rule.extra or rule.reload):
            return rule
    return None


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last where it is shorter: 31 October + 4 is the end of February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

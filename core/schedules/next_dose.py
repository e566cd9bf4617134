"""The next dose: when it is due, what a gap asks for. Pure: a profile, the doses given and a moment in, dates out."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from core import site
from core.schedules import course
from core.schedules.course import Place
from core.schedules.tables import Missed, Schedule

DoseGiven = tuple[int, int]  # the dose's number; when it was given (UTC ms)
DoseKind = Literal["loading", "extra", "maintenance"]
# overdue: the window is over; missed: so long over that a rule asks for extra doses, or for the loading doses again
DoseState = Literal["first", "not_yet", "in_window", "due", "overdue", "missed"]


class Planned(msgspec.Struct, frozen=True):
    """A dose to come. `step`: which of the loading doses it is, 0 for others."""

    number: int
    kind: DoseKind
    step: int
    strength: str
    due: date


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """The next dose. No date nor window before the first dose: it is due when the team begins.

    `rule`: the id of the [[missed]] rule that holds, and `words` what it says, or that there is none; only once the
    window is over. `then`: what follows up to the next regular maintenance dose, if this one is given on `if_given`:
    its date, or today where that is over; empty where no rule says. `remarks`: the profile's notes, and what in the
    records deserves a look.
    """

    number: int
    kind: DoseKind
    step: int
    strength: str
    state: DoseState
    if_given: date
    due: date | None = None
    opens: date | None = None  # first and last date of the window
    closes: date | None = None
    rule: str | None = None
    words: str = ""
    then: tuple[Planned, ...] = ()
    remarks: tuple[str, ...] = ()

    def outside(self, on: date) -> int:
        """Days by which a day stands outside the window: below 0 before it opens, above 0 after it closed."""
        return course.outside(self.opens, self.closes, on) if self.opens and self.closes else 0


def next_dose(schedule: Schedule, doses_given: Sequence[DoseGiven], now: int, zone: ZoneInfo | None) -> Next:
    """The next dose after those given, as it stands at `now` (UTC ms) in the site's time zone (None: the server's)."""
    today = _date(now, zone)
    doses = sorted((_date(at, zone), number) for number, at in doses_given)
    place = course.walk(schedule, sorted(dict(doses).items()))  # of several on one day the highest number
    remarks = (*schedule.notes, *_remarks(schedule, doses, place))
    if place is None:
        return _first(schedule, today, remarks)
    planned, rule = _planned(schedule, place, today), course.rule_for(schedule, place, today)
    opens, closes = course.opens(schedule, place), course.closes(schedule, place)
    if_given = max(place.due, today)
    given_next = course.after(schedule, place, planned.number, if_given)
    return Next(
        number=planned.number,
        kind=planned.kind,
        step=planned.step,
        strength=planned.strength,
        state=_state(today, opens, place.due, closes, rule),
        if_given=if_given,
        due=place.due,
        opens=opens,
        closes=closes,
        rule=rule.id if rule else None,
        words=(schedule.worded(rule) if rule else schedule.no_rule) if today > closes else "",
        then=() if given_next.unruled else _then(schedule, given_next),
        remarks=remarks,
    )


def _first(schedule: Schedule, today: date, remarks: tuple[str, ...]) -> Next:
    return Next(
        number=1,
        kind="loading",
        step=1,
        strength=schedule.dose[0].strength,
        state="first",
        if_given=today,
        then=_then(schedule, course.after(schedule, None, 1, today)),
        remarks=remarks,
    )


def _state(today: date, opens: date, due: date, closes: date, rule: Missed | None) -> DoseState:
    if today > closes:
        return "missed" if rule and (rule.extra or rule.reload) else "overdue"
    if today == due:
        return "due"
    return "in_window" if today >= opens else "not_yet"


def _planned(schedule: Schedule, place: Place, on: date) -> Planned:
    """The dose after a place, if it is given on a day."""
    rule = course.rule_for(schedule, place, on)
    step = 1 if rule and rule.reload else place.step + 1
    if step <= len(schedule.dose):
        return Planned(place.number + 1, "loading", step, schedule.dose[step - 1].strength, place.due)
    kind: DoseKind = "extra" if place.left and not rule else "maintenance"
    return Planned(place.number + 1, kind, 0, schedule.maintenance.strength, place.due)


def _then(schedule: Schedule, place: Place) -> tuple[Planned, ...]:
    """What follows if every dose is given on its date, up to a regular maintenance dose."""
    planned = [_planned(schedule, place, place.due)]
    while planned[-1].kind != "maintenance":
        place = course.after(schedule, place, planned[-1].number, place.due)
        planned.append(_planned(schedule, place, place.due))
    return tuple(planned)


def _remarks(schedule: Schedule, doses: list[tuple[date, int]], place: Place | None) -> list[str]:
    """What deserves a look in the doses recorded, in order of their days."""
    days, numbers = [day for day, _ in doses], [number for _, number in doses]
    twice = sorted({day for day in days if days.count(day) > 1})
    remarks = [f"More than one dose is recorded on {day}: check them." for day in twice]
    if any(later <= earlier for earlier, later in pairwise(numbers)):
        remarks.append("The numbers of the doses do not rise with their days: check them.")
    last = max(numbers, default=1)
    if lacking := last - 1 - len({number for number in numbers if 1 <= number < last}):
        what = f"{lacking} of the doses before dose {last}"
        remarks.append(f"Not in these records: {what}. Counted on from the recorded numbers.")
    if place and place.unruled:
        remarks.append(f"Dose {place.number} was given after its window. {schedule.no_rule}")
    return remarks


def _date(moment: int, zone: ZoneInfo | None) -> date:
    return datetime.fromtimestamp(site.within_calendar(moment) / 1000, zone).date()

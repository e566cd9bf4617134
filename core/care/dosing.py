"""When each patient's next dose is due: the doses on record laid over the patient's schedule. Moments UTC ms."""

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache

import msgspec

from core import protocols, schedules, site
from core.engine.opening import is_dose
from core.records.row import Row
from core.schedules import course
from core.schedules.next_dose import DoseGiven, Next, next_dose
from core.schedules.tables import Schedule

NOW = ("due", "in_window", "overdue", "missed")  # the states in which a dose can or should be given, in this order


class Coming(msgspec.Struct, frozen=True):
    """A patient's next dose under one protocol; `row` is the newest of the patient's records."""

    patient: str
    row: Row
    schedule: Schedule
    next: Next


def coming(own: list[Row], protocol_id: str, now: int) -> Coming | None:
    """The next dose after a patient's procedures (the oldest first) under a protocol; None without a schedule."""
    rows = [row for row in own if row.protocol == protocol_id]
    chosen = followed(rows, protocol_id)
    if chosen is None or not rows:
        return None
    return Coming(rows[-1].patient, rows[-1], chosen, _next(chosen.id, _given(rows), site.day(now)))


def off_window(own: list[Row], protocol_id: str) -> dict[date, int]:
    """Days by which a patient's doses under a protocol stood outside the windows of the schedule that is followed now:
    below 0 too early, above 0 too late; by the day on which they were given.
    """
    rows = [row for row in own if row.protocol == protocol_id]
    chosen = followed(rows, protocol_id)
    if chosen is None:
        return {}
    doses = sorted((site.day(at), number) for number, at in _given(rows))
    return course.off_window(chosen, sorted(dict(doses).items()))  # of several on one day the highest number


def _given(rows: list[Row]) -> tuple[DoseGiven, ...]:
    """The doses that can be counted on from: number and moment."""
    return tuple((row.dose, row.dosed_at) for row in rows if row.dosed_at is not None and is_dose(row.dose))


@lru_cache(maxsize=20_000)
def _next(schedule_id: str, doses: tuple[DoseGiven, ...], today: date) -> Next:
    """Remembered, as Start asks it for every patient whenever anybody taps, and the answer holds all day."""
    noon = site.moment(datetime.combine(today, time(12)))
    return next_dose(schedules.shipped()[schedule_id], doses, noon, site.zone())


def followed(rows: list[Row], protocol_id: str) -> Schedule | None:
    """The schedule that a patient follows: the one last chosen, else the first that the protocol has."""
    offered = {schedule.id: schedule for schedule in schedules.of_protocol(protocol_id)}
    tables, _ = protocols.shipped().get(protocol_id, (None, ""))
    key = tables.profile if tables else None
    chosen = [row.values[key] for row in rows if key and row.values.get(key) in offered]
    return offered[chosen[-1]] if chosen else next(iter(offered.values()), None)


def due(rows: Iterable[Row], now: int) -> list[Coming]:
    """The doses that are due now: today's, then those whose window is open, then those it is over for, the last first.

    Who never had a dose here has none due.
    """
    coming_doses = []
    for (_, protocol_id), own in _by_patient(rows).items():
        if _given(own):
            dose = coming(sorted(own, key=lambda row: row.opened_at), protocol_id, now)
            coming_doses += [dose] if dose and dose.next.state in NOW else []
    coming_doses.sort(key=lambda dose: dose.next.due or site.day(now), reverse=True)
    return sorted(coming_doses, key=lambda dose: NOW.index(dose.next.state))


def _by_patient(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """The procedures of each patient under each protocol that has a schedule."""
    scheduled = {schedule.protocol for schedule in schedules.shipped().values()}
    by_patient: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.patient and row.protocol in scheduled and not row.drill and not row.mistaken:
            by_patient.setdefault((row.patient, row.protocol), []).append(row)
    return by_patient

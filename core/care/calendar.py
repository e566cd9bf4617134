"""Calendar files (.ics, RFC 5545) of doses and calls to come: patients by their code alone.

An entry keeps its UID, and every export has a higher SEQUENCE and a later LAST-MODIFIED than those before it, so that
whatever goes by them (RFC 5546, 2.1.5) knows the newer one. A program that does not doubles it.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
from icalendar import CLASS, TRANSP, Alarm, Calendar, Event

from core import site
from core.care import follow_up
from core.facts.aftercare import Call
from core.schedules.next_dose import Next, Planned
from core.schedules.tables import Schedule

PRODUCT = "-//Interspace//Doses and calls//EN"
MINUTE_MS = 60_000
CALL = timedelta(minutes=15)  # what a calendar shows of a call: room for it on the day, no rule of care


class Entry(msgspec.Struct, frozen=True):
    """One line of a calendar: a whole day, or a moment (UTC ms). `key` names it among the patient's, whenever it is."""

    key: str  # "dose-7", "<session>-<call>"
    patient: str  # a code, never a name
    what: str  # "Dose 7, 12 mg/5 mL"
    when: date | int
    description: str


def of_schedule(schedule: Schedule, patient: str, coming: Next) -> list[Entry]:
    """The next dose and what follows it as entries; one whose date is over stands on the day of the answer. None before
    the first dose, which has no date.
    """
    if coming.due is None:
        return []
    upcoming = Planned(coming.number, coming.kind, coming.step, coming.strength, coming.if_given)
    notes = [f"Due {coming.due}, window {coming.opens} to {coming.closes}.", coming.words, *coming.remarks]
    supposed = [f"If dose {coming.number} is given on {coming.if_given}, and any other before this one on its date."]
    later = [_entry(schedule, patient, dose, supposed) for dose in coming.then]
    return [_entry(schedule, patient, upcoming, notes), *later]


def _entry(schedule: Schedule, patient: str, dose: Planned, notes: Sequence[str]) -> Entry:
    kinds = {"loading": f"loading dose {dose.step} of {len(schedule.dose)}", "extra": "extra dose"}
    what = f"Dose {dose.number}, {dose.strength}"
    sources = "; ".join(schedule.source.values())
    lines = [
        f"{what} ({kinds.get(dose.kind, 'maintenance')}).",
        *notes,
        f"Schedule: {schedule.title}, last reviewed {schedule.reviewed}. {schedule.review}",
        f"Source: {sources}.",
    ]
    return Entry(f"{schedule.protocol}-dose-{dose.number}", patient, what, dose.due, "\n".join(filter(None, lines)))


def of_calls(patient: str, session: str, calls: Sequence[Call], now: int) -> list[Entry]:
    """The follow-up calls of a procedure that are still to be made at `now` (UTC ms)."""
    waiting = [call for call in calls if follow_up.standing(call, now) not in follow_up.OVER]
    return [Entry(f"{session}-{call.id}", patient, call.label, call.due_at, f"{call.label}.") for call in waiting]


def ics(entries: Sequence[Entry], now: int, namespace: UUID) -> bytes:
    """The entries as a calendar file; `now`: UTC ms, the moment of the export.

    `namespace`: the site's, a part of every UID, as two sites' P-001 are two patients.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for entry in entries:
        calendar.add_component(_event(entry, now, namespace))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: int, namespace: UUID) -> Event:
    whole_day = isinstance(entry.when, date)
    start = entry.when if isinstance(entry.when, date) else _utc(entry.when)
    event = Event.new(
        uid=f"{entry.patient}-{entry.key}@{namespace}",
        stamp=_utc(now),
        last_modified=_utc(now),
        sequence=now // MINUTE_MS,  # nobody counts the exports: a later one is higher, and fits 32 bits
        summary=f"{entry.patient}: {entry.what}",
        description=entry.description,
        start=start,
        end=start + (timedelta(days=1) if whole_day else CALL),
        classification=CLASS.PRIVATE,
        transparency=TRANSP.TRANSPARENT,  # it blocks nobody's day
    )
    if not whole_day:
        event.add_component(_alarm(entry))
    return event


def _alarm(entry: Entry) -> Alarm:
    """A call rings as it is due. A dose has its whole day, and rings at no hour of it."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(0))
    alarm.add("description", f"{entry.patient}: {entry.what}")
    return alarm


def _utc(moment: int) -> datetime:
    return datetime.fromtimestamp(site.within_calendar(moment) // 1000, UTC)

"""Calendar files: what a calendar reads back from them. Patients and dates are invented."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from icalendar import Calendar, Event

from core.care import calendar
from core.care.calendar import Entry, ics, of_calls, of_schedule
from core.facts import aftercare
from core.schedules import tables
from core.schedules.next_dose import next_dose
from tests.facts.test_aftercare import DOSE, HOUR_MS, OUTFLOW_MS
from tests.helpers.tables import LUMBAR, play
from tests.schedules.test_schedule import EU, US, VIENNA, ms, on

NOW = ms("2026-03-05")
PLAIN = Entry("dose-5", "P-006", "Dose 5", date(2026, 7, 4), "Due.")
LATE = "4 2026-03-04"
SITE = UUID("6f7c2a52-0f65-4a53-8f1d-0a6f2d1f7a11")


def read(entries: list[Entry], now: int = NOW, site: UUID = SITE) -> list[Event]:
    """The events as a calendar finds them in the file."""
    return list(Calendar.from_ical(ics(entries, now, site)).events)


def doses(today: str, last: str = LATE, profile: tables.Schedule = US) -> list[Event]:
    return read(of_schedule(profile, "P-006", on(today, last, profile)), ms(today))


def days(events: list[Event]) -> list[tuple[str, date]]:
    return [(str(event["SUMMARY"]), event["DTSTART"].dt) for event in events]


def test_the_next_dose_and_the_one_after_it_are_whole_days():
    events = doses("2026-03-05")
    assert days(events) == [
        ("P-006: Dose 5, 12 mg/5 mL", date(2026, 7, 4)),
        ("P-006: Dose 6, 12 mg/5 mL", date(2026, 11, 4)),
    ]
    for event in events:
        assert type(event["DTSTART"].dt) is date
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)


def test_a_whole_day_carries_no_hour_and_no_time_zone():
    assert b"DTSTART;VALUE=DATE:20260704\r\n" in ics([PLAIN], NOW, SITE)


def test_extra_doses_are_in_the_calendar():
    assert days(doses("2026-11-04")) == [
        ("P-006: Dose 5, 12 mg/5 mL", date(2026, 11, 4)),
        ("P-006: Dose 6, 12 mg/5 mL", date(2026, 11, 18)),
        ("P-006: Dose 7, 12 mg/5 mL", date(2027, 3, 18)),
    ]


def test_a_dose_that_is_overdue_stands_on_the_day_of_the_export_and_says_when_it_was_due():
    first = doses("2026-11-04")[0]
    assert first["DTSTART"].dt == date(2026, 11, 4)
    assert "Due 2026-07-04, window 2026-06-27 to 2026-07-11." in first["DESCRIPTION"]
    assert "1 extra dose 14 days later" in first["DESCRIPTION"]


def test_without_a_rule_only_the_dose_that_is_overdue_is_in_the_calendar_with_the_words_for_that():
    [only] = doses("2027-11-04", profile=EU)
    assert EU.no_rule in only["DESCRIPTION"]


def test_before_the_first_dose_there_is_nothing_to_write():
    assert of_schedule(US, "P-006", next_dose(US, [], NOW, VIENNA)) == []


@pytest.mark.parametrize("profile", [US, EU], ids=["US", "EU"])
def test_every_dose_says_its_profile_its_source_and_when_that_was_reviewed(profile: tables.Schedule):
    for event in doses("2026-03-05", profile=profile):
        description = event["DESCRIPTION"]
        assert f"Schedule: {profile.title}, last reviewed {profile.reviewed}. {profile.review}" in description
        assert all(source in description for source in profile.source.values())


def test_what_follows_says_what_it_supposes():
    description = doses("2026-11-04")[1]["DESCRIPTION"]
    assert "If dose 5 is given on 2026-11-04" in description


def test_a_follow_up_call_is_a_moment_in_utc():
    injected = ms("2026-03-27T14:00")  # two days before the clocks change
    calls = [
        Entry(
            f"session-{planned.id}", "P-006", planned.label, injected + int(planned.hours * 3_600_000), planned.source
        )
        for planned in LUMBAR.follow_up
    ]
    events = read(calls)
    assert [event["DTSTART"].dt for event in events] == [
        datetime(2026, 3, 30, 13, tzinfo=UTC),
        datetime(2026, 4, 1, 13, tzinfo=UTC),
    ]
    assert b"DTSTART:20260330T130000Z\r\n" in ics(calls, NOW, SITE)
    assert [event["DTEND"].dt - event["DTSTART"].dt for event in events] == [calendar.CALL, calendar.CALL]


def test_a_call_rings_as_it_is_due_and_a_whole_day_does_not():
    call = Entry("session-day3", "P-006", "Call on day 3", ms("2026-03-30T15:00"), "Call.")
    assert [event.subcomponents for event in read([PLAIN])] == [[]]
    [event] = read([call])
    [alarm] = event.walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt, str(alarm["DESCRIPTION"])) == (
        "DISPLAY",
        timedelta(0),
        "P-006: Call on day 3",
    )
    assert alarm.errors == []


@pytest.mark.parametrize(("hours", "labels"), [(0, [0, 1]), (100, [0, 1]), (335, [0, 1]), (336, [])])
def test_calls_that_are_made_or_no_more_awaited_are_not_in_the_calendar(hours: int, labels: list[int]):
    session = play(DOSE)
    now = OUTFLOW_MS + hours * HOUR_MS
    invitations = of_calls("P-006", "session", aftercare.calls(session), now)
    calls_made = [msgspec.structs.replace(call, made_at=now) for call in aftercare.calls(session)]
    assert of_calls("P-006", "session", calls_made, now) == []
    assert [invitation.what for invitation in invitations] == [LUMBAR.follow_up[n].label for n in labels]


# --------------------------------------------------------------------------------------------------------- import again
def test_a_dose_that_moves_keeps_its_uid_so_that_importing_again_moves_it():
    before, later = doses("2026-03-05"), doses("2026-11-04")
    assert [event["UID"] for event in before] == [event["UID"] for event in later[:2]]
    assert before[0]["DTSTART"].dt != later[0]["DTSTART"].dt


def test_another_profile_of_the_same_protocol_moves_the_same_entries():
    uids = [[event["UID"] for event in doses("2026-02-03", "3 2026-02-02", profile)] for profile in (US, EU)]
    assert uids[0] == uids[1]


def test_every_entry_of_every_patient_has_a_uid_of_its_own():
    coming = on("2026-11-04", LATE)
    events = read(of_schedule(US, "P-006", coming) + of_schedule(US, "P-007", coming))
    assert len({event["UID"] for event in events}) == len(events) == 6


def test_the_same_patient_of_two_sites_is_two_entries():
    ours, theirs = (read([PLAIN], NOW, UUID(int=n))[0]["UID"] for n in (1, 2))
    assert ours != theirs
    assert ours.partition("@")[0] == theirs.partition("@")[0]


def test_a_later_export_says_that_it_is_the_newer_one():
    first, second = read([PLAIN], NOW)[0], read([PLAIN], NOW + 1000)[0]
    assert second["LAST-MODIFIED"].dt - first["LAST-MODIFIED"].dt == timedelta(seconds=1)


@pytest.mark.parametrize(("later_ms", "rises"), [(59_999, False), (60_000, True)])
def test_a_later_export_has_a_higher_sequence_or_in_the_same_minute_a_later_stamp(later_ms: int, rises: bool):
    whole_minute = NOW - NOW % 60_000
    first, second = read([PLAIN], whole_minute)[0], read([PLAIN], whole_minute + later_ms)[0]
    assert (second["SEQUENCE"] > first["SEQUENCE"]) is rises
    assert second["DTSTAMP"].dt > first["DTSTAMP"].dt


def test_the_sequence_fits_the_integer_of_the_norm_for_a_century():
    assert read([PLAIN], ms("2126-01-01"))[0]["SEQUENCE"] < 2**31  # RFC 5545, 3.3.8


def test_the_stamp_is_the_moment_of_the_export_and_no_other_clock_is_read():
    assert read([PLAIN])[0]["DTSTAMP"].dt == datetime(2026, 3, 5, 11, tzinfo=UTC)
    assert ics([PLAIN], NOW, SITE) == ics([PLAIN], NOW, SITE)
    assert read([PLAIN])[0]["LAST-MODIFIED"].dt == read([PLAIN])[0]["DTSTAMP"].dt
    assert "CREATED" not in read([PLAIN])[0]  # nobody knows when it was first exported


# ------------------------------------------------------------------------------------------------------------- the norm
def test_the_file_is_a_calendar_of_the_norm():
    parsed: Any = Calendar.from_ical(ics([PLAIN], NOW, SITE))
    assert (parsed["VERSION"], parsed["METHOD"], parsed["PRODID"]) == ("2.0", "PUBLISH", calendar.PRODUCT)
    assert [component.errors for component in parsed.walk()] == [[], []]


def test_lines_are_folded_at_75_octets_and_signs_of_several_octets_stay_whole():
    words = "platelets 50 ×10⁹/L – SMN₂; " * 20
    written = ics([Entry("dose-5", "P-006", words, date(2026, 7, 4), words)], NOW, SITE)
    lines = written.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75  # RFC 5545, 3.1
    for line in lines:
        line.decode()
    [event] = Calendar.from_ical(written).events
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (f"P-006: {words}", words)


@pytest.mark.parametrize("words", ["a, b; c", "two\nlines", r"back\slash, \n", "END:VEVENT\r\nBEGIN:VALARM", "«ß»"])
def test_words_are_read_back_as_they_were_written(words: str):
    [event] = read([Entry("dose-5", "P-006", "Dose 5", date(2026, 7, 4), words)])
    assert event["DESCRIPTION"].replace("\r\n", "\n") == words.replace("\r\n", "\n")
    assert event.subcomponents == []


def test_an_entry_names_the_patient_by_code_is_private_and_blocks_nobodys_day():
    [event] = read([PLAIN])
    assert str(event["SUMMARY"]) == "P-006: Dose 5"
    assert (event["CLASS"], event["TRANSP"]) == ("PRIVATE", "TRANSPARENT")
    assert {"ATTENDEE", "ORGANIZER", "LOCATION"}.isdisjoint(event)

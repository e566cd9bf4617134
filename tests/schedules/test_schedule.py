"""Schedules: profiles read strictly, dates as a table of sentences, every bound just below, at and above it.

Dates are invented; of the published patients only the numbers of their doses are used.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from core import protocols, schedules
from core.curves.cohort.published import punctures
from core.protocols.shape import ProtocolError
from core.schedules import course
from core.schedules.course import months_after
from core.schedules.next_dose import Next, next_dose
from core.schedules.tables import Schedule
from tests.helpers.tables import LUMBAR

VIENNA = ZoneInfo("Europe/Vienna")
OURS = {path.stem: schedules.load(path) for path in sorted(schedules.FOLDER.glob("*.toml"))}
US, EU, HIGH = OURS["nusinersen-12mg-us"], OURS["nusinersen-12mg-eu"], OURS["nusinersen-50-28mg-eu"]
US_TEXT = (schedules.FOLDER / "nusinersen-12mg-us.toml").read_text(encoding="utf-8")
EU_TEXT = (schedules.FOLDER / "nusinersen-12mg-eu.toml").read_text(encoding="utf-8")


def ms(moment: str, zone: ZoneInfo = VIENNA) -> int:
    """UTC ms of a day, at noon where it names no time, in the zone."""
    read = datetime.fromisoformat(moment)
    local = read if "T" in moment else datetime.combine(read.date(), time(12))
    return int(local.replace(tzinfo=zone).timestamp() * 1000)


def on(today: str, doses: str, profile: Schedule = US) -> Next:
    """The answer on a day for doses written as "3 2026-01-31, 4 2026-03-02"."""
    parts = [split.split() for split in doses.split(",") if split.strip()]
    return next_dose(profile, [(int(number), ms(day)) for number, day in parts], ms(today), VIENNA)


def sentence_of(coming: Next) -> str:
    """Such as: 5 maintenance, due 2026-07-02, not_yet."""
    kind = f"{coming.kind} {coming.step}" if coming.step else coming.kind
    return f"{coming.number} {kind}, due {coming.due}, {coming.state}{', ' + coming.rule if coming.rule else ''}"


def after(coming: Next) -> str:
    """What follows, such as: 8 extra 2026-03-15, 9 maintenance 2026-07-15."""
    return ", ".join(f"{dose.number} {dose.kind} {dose.due}" for dose in coming.then)


# -------------------------------------------------------------------------------------------------------- the schedules
LOADING = "1 2026-01-05, 2 2026-01-19, 3 2026-02-02"
LONG_AGO = "4 2020-01-31, 5 2020-05-31"  # the last dose on the 31st of a month

# (sentence, profile, doses given, today, the next dose)
TABLE = [
    (
        "the second dose is due 14 days after the first",
        US,
        "1 2026-01-05",
        "2026-01-06",
        "2 loading 2, due 2026-01-19, not_yet",
    ),
    ("in the US the fourth is due on day 58", US, LOADING, "2026-02-03", "4 loading 4, due 2026-03-04, not_yet"),
    ("in the EU the fourth is due on day 63", EU, LOADING, "2026-02-03", "4 loading 4, due 2026-03-09, not_yet"),
    (
        "of 50 mg there are two, then maintenance",
        HIGH,
        "1 2026-01-05, 2 2026-01-19",
        "2026-01-20",
        "3 maintenance, due 2026-05-19, not_yet",
    ),
    (
        "the fifth is due 4 calendar months after the fourth",
        US,
        LOADING + ", 4 2026-03-04",
        "2026-03-05",
        "5 maintenance, due 2026-07-04, not_yet",
    ),
    (
        "31 October and 4 months is 28 February",
        US,
        "4 2025-10-31",
        "2025-11-01",
        "5 maintenance, due 2026-02-28, not_yet",
    ),
    (
        "31 October and 4 months is 29 February in a leap year",
        US,
        "4 2027-10-31",
        "2027-11-01",
        "5 maintenance, due 2028-02-29, not_yet",
    ),
    ("29 February and 4 months is 29 June", US, "4 2028-02-29", "2028-03-01", "5 maintenance, due 2028-06-29, not_yet"),
    ("14 days go over 29 February", US, "1 2028-02-20", "2028-02-21", "2 loading 2, due 2028-03-05, not_yet"),
    ("months go over the end of a year", US, "4 2026-09-15", "2026-09-16", "5 maintenance, due 2027-01-15, not_yet"),
    # the window of a loading dose: from its day to 3 days after it
    (
        "a loading dose is not due the day before",
        US,
        "1 2026-01-05",
        "2026-01-18",
        "2 loading 2, due 2026-01-19, not_yet",
    ),
    ("a loading dose is due on its day", US, "1 2026-01-05", "2026-01-19", "2 loading 2, due 2026-01-19, due"),
    (
        "a loading dose is in its window 3 days after",
        US,
        "1 2026-01-05",
        "2026-01-22",
        "2 loading 2, due 2026-01-19, in_window",
    ),
    (
        "a loading dose is overdue 4 days after",
        US,
        "1 2026-01-05",
        "2026-01-23",
        "2 loading 2, due 2026-01-19, overdue, loading",
    ),
    # the window of a maintenance dose: 7 days around its day
    (
        "maintenance is not due 8 days before",
        US,
        "4 2026-03-04",
        "2026-06-26",
        "5 maintenance, due 2026-07-04, not_yet",
    ),
    (
        "the window of maintenance opens 7 days before",
        US,
        "4 2026-03-04",
        "2026-06-27",
        "5 maintenance, due 2026-07-04, in_window",
    ),
    ("maintenance is due on its day", US, "4 2026-03-04", "2026-07-04", "5 maintenance, due 2026-07-04, due"),
    (
        "the window of maintenance closes 7 days after",
        US,
        "4 2026-03-04",
        "2026-07-11",
        "5 maintenance, due 2026-07-04, in_window",
    ),
    (
        "maintenance is overdue 8 days after",
        US,
        "4 2026-03-04",
        "2026-07-12",
        "5 maintenance, due 2026-07-04, overdue, under-8-months",
    ),
    # gaps, in calendar months since the last dose
    (
        "a day below 8 months is given, and on",
        US,
        "4 2026-03-04",
        "2026-11-03",
        "5 maintenance, due 2026-07-04, overdue, under-8-months",
    ),
    (
        "8 months ask for an extra dose",
        US,
        "4 2026-03-04",
        "2026-11-04",
        "5 maintenance, due 2026-07-04, missed, from-8-months",
    ),
    (
        "a day above 8 months asks for an extra dose",
        US,
        "4 2026-03-04",
        "2026-11-05",
        "5 maintenance, due 2026-07-04, missed, from-8-months",
    ),
    (
        "240 days are not 8 months",
        US,
        "4 2026-03-04",
        "2026-10-30",
        "5 maintenance, due 2026-07-04, overdue, under-8-months",
    ),
    (
        "a day below 16 months asks for one extra dose",
        US,
        "4 2026-03-04",
        "2027-07-03",
        "5 maintenance, due 2026-07-04, missed, from-8-months",
    ),
    (
        "16 months ask for two",
        US,
        "4 2026-03-04",
        "2027-07-04",
        "5 maintenance, due 2026-07-04, missed, from-16-months",
    ),
    (
        "a day above 16 months asks for two",
        US,
        "4 2026-03-04",
        "2027-07-05",
        "5 maintenance, due 2026-07-04, missed, from-16-months",
    ),
    (
        "a day below 40 months asks for two",
        US,
        "4 2026-03-04",
        "2029-07-03",
        "5 maintenance, due 2026-07-04, missed, from-16-months",
    ),
    (
        "40 months ask for the loading doses",
        US,
        "4 2026-03-04",
        "2029-07-04",
        "5 loading 1, due 2026-07-04, missed, from-40-months",
    ),
    (
        "a day above 40 months asks for the loading doses",
        US,
        "4 2026-03-04",
        "2029-07-05",
        "5 loading 1, due 2026-07-04, missed, from-40-months",
    ),
    (
        "a day below 8 months from the end of a month",
        US,
        LONG_AGO,
        "2021-01-30",
        "6 maintenance, due 2020-09-30, overdue, under-8-months",
    ),
    (
        "40 months from the end of a month end with a shorter one",
        US,
        LONG_AGO,
        "2023-09-30",
        "6 loading 1, due 2020-09-30, missed, from-40-months",
    ),
    # a gap in loading moves the doses after it, however long it is
    (
        "a loading dose 30 days late moves the next one",
        EU,
        "1 2026-01-05, 2 2026-01-19, 3 2026-03-04",
        "2026-03-05",
        "4 loading 4, due 2026-04-08, not_yet",
    ),
    (
        "a year's gap in loading goes on with loading",
        US,
        "1 2026-01-05, 2 2026-01-19",
        "2027-01-19",
        "3 loading 3, due 2026-02-02, overdue, loading",
    ),
    # what is given after a gap
    (
        "after 10 months the first extra dose is due in 14 days",
        US,
        "6 2025-05-01, 7 2026-03-01",
        "2026-03-02",
        "8 extra, due 2026-03-15, not_yet",
    ),
    (
        "after the one extra dose it goes on every 4 months",
        US,
        "6 2025-05-01, 7 2026-03-01, 8 2026-03-15",
        "2026-03-16",
        "9 maintenance, due 2026-07-15, not_yet",
    ),
    (
        "after 20 months a second extra dose follows",
        US,
        "6 2024-07-01, 7 2026-03-01, 8 2026-03-15",
        "2026-03-16",
        "9 extra, due 2026-03-29, not_yet",
    ),
    (
        "after two extra doses it goes on every 4 months",
        US,
        "6 2024-07-01, 7 2026-03-01, 8 2026-03-15, 9 2026-03-29",
        "2026-03-30",
        "10 maintenance, due 2026-07-29, not_yet",
    ),
    (
        "a late extra dose has no rule in the profile",
        US,
        "6 2025-05-01, 7 2026-03-01",
        "2026-03-19",
        "8 extra, due 2026-03-15, overdue",
    ),
    (
        "an extra dose that is 8 months late is a gap again",
        US,
        "6 2025-05-01, 7 2026-03-01",
        "2026-11-01",
        "8 maintenance, due 2026-03-15, missed, from-8-months",
    ),
    (
        "after 40 months loading begins again",
        US,
        "7 2022-01-10, 8 2026-01-05",
        "2026-01-06",
        "9 loading 2, due 2026-01-19, not_yet",
    ),
    (
        "loading that began again ends after its fourth dose",
        US,
        "7 2022-01-10, 8 2026-01-05, 9 2026-01-19, 10 2026-02-02, 11 2026-03-04",
        "2026-03-05",
        "12 maintenance, due 2026-07-04, not_yet",
    ),
    (
        "loading that began again may be numbered from 1",
        US,
        "7 2022-01-10, 1 2026-01-05",
        "2026-01-06",
        "2 loading 2, due 2026-01-19, not_yet",
    ),
    # a late dose and the date after it
    (
        "a dose in its window counts as on time",
        US,
        "5 2026-03-04, 6 2026-07-11",
        "2026-07-12",
        "7 maintenance, due 2026-11-11, not_yet",
    ),
    (
        "after a late dose the next keeps its original date",
        US,
        "5 2026-03-04, 6 2026-07-12",
        "2026-07-13",
        "7 maintenance, due 2026-11-04, not_yet",
    ),
    (
        "the original date is kept if 14 days lie between",
        US,
        "5 2026-03-04, 6 2026-10-21",
        "2026-10-22",
        "7 maintenance, due 2026-11-04, not_yet",
    ),
    (
        "else it is due 14 days after the late dose",
        US,
        "5 2026-03-04, 6 2026-10-22",
        "2026-10-23",
        "7 maintenance, due 2026-11-05, not_yet",
    ),
    (
        "it is not in its window before those 14 days are over",
        US,
        "5 2026-03-04, 6 2026-10-21",
        "2026-11-03",
        "7 maintenance, due 2026-11-04, not_yet",
    ),
    (
        "a late dose given on a later original date goes on from there",
        US,
        "5 2020-05-31, 6 2021-01-30",
        "2021-01-31",
        "7 maintenance, due 2021-05-30, not_yet",
    ),
    (
        "an early dose counts from its day",
        US,
        "5 2026-03-04, 6 2026-06-01",
        "2026-06-02",
        "7 maintenance, due 2026-10-01, not_yet",
    ),
    # a profile without a rule
    (
        "a profile without a rule says overdue, however long",
        EU,
        "4 2020-03-04",
        "2026-03-04",
        "5 maintenance, due 2020-07-04, overdue",
    ),
    ("50 mg a year late has no rule", HIGH, "1 2026-01-05", "2027-01-05", "2 loading 2, due 2026-01-19, overdue"),
    # numbers
    (
        "the third dose of a patient from elsewhere is the third",
        US,
        "1 2026-01-05, 3 2026-02-02",
        "2026-02-03",
        "4 loading 4, due 2026-03-04, not_yet",
    ),
    (
        "a first record with number 7 goes on with the eighth",
        US,
        "7 2026-01-05",
        "2026-01-06",
        "8 maintenance, due 2026-05-05, not_yet",
    ),
    (
        "doses given elsewhere leave no gap to judge",
        US,
        "4 2024-01-05, 9 2026-01-05",
        "2026-01-06",
        "10 maintenance, due 2026-05-05, not_yet",
    ),
    (
        "two doses on one day count once, the higher number",
        US,
        "1 2026-01-05, 2 2026-01-19, 3 2026-01-19",
        "2026-01-20",
        "4 loading 4, due 2026-02-18, not_yet",
    ),
    (
        "a number recorded twice counts from the later day",
        US,
        "1 2026-01-05, 2 2026-01-19, 2 2026-01-20",
        "2026-01-21",
        "3 loading 3, due 2026-02-03, not_yet",
    ),
    (
        "the order of the records does not matter",
        US,
        "3 2026-02-02, 1 2026-01-05, 2 2026-01-19",
        "2026-02-03",
        "4 loading 4, due 2026-03-04, not_yet",
    ),
]


@pytest.mark.parametrize(
    ("profile", "doses", "today", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_next_dose(profile: Schedule, doses: str, today: str, expected: str):
    assert sentence_of(on(today, doses, profile)) == expected


def test_before_the_first_dose_there_is_no_date_and_the_plan_begins_today():
    coming = on("2026-01-05", "")
    assert (coming.number, coming.state, coming.due, coming.closes) == (1, "first", None, None)
    assert after(coming) == "2 loading 2026-01-19, 3 loading 2026-02-02, 4 loading 2026-03-04, 5 maintenance 2026-07-04"


# (sentence, doses given, today, what follows the next dose)
FOLLOWS = [
    (
        "a maintenance dose on time is followed by the one after it",
        "4 2026-03-04",
        "2026-03-05",
        "6 maintenance 2026-11-04",
    ),
    (
        "a loading dose by the rest of loading and the first maintenance",
        "1 2026-01-05, 2 2026-01-19",
        "2026-01-20",
        "4 loading 2026-03-04, 5 maintenance 2026-07-04",
    ),
    ("a dose that is late is supposed to be given today", "4 2026-03-04", "2026-08-01", "6 maintenance 2026-11-04"),
    (
        "after 8 months one extra dose follows",
        "4 2026-03-04",
        "2026-11-04",
        "6 extra 2026-11-18, 7 maintenance 2027-03-18",
    ),
    (
        "after 16 months two extra doses follow",
        "4 2026-03-04",
        "2027-07-04",
        "6 extra 2027-07-18, 7 extra 2027-08-01, 8 maintenance 2027-12-01",
    ),
    (
        "after 40 months all of loading follows",
        "4 2026-03-04",
        "2029-07-04",
        "6 loading 2029-07-18, 7 loading 2029-08-01, 8 loading 2029-08-31, 9 maintenance 2029-12-31",
    ),
    (
        "an extra dose is followed by the second",
        "6 2024-07-01, 7 2026-03-01",
        "2026-03-02",
        "9 extra 2026-03-29, 10 maintenance 2026-07-29",
    ),
]


@pytest.mark.parametrize(("doses", "today", "expected"), [row[1:] for row in FOLLOWS], ids=[row[0] for row in FOLLOWS])
def test_what_follows(doses: str, today: str, expected: str):
    assert after(on(today, doses)) == expected


def test_where_no_rule_says_nothing_follows_and_that_is_said():
    coming = on("2027-01-05", "4 2025-01-05", EU)
    assert (coming.rule, coming.then, coming.words) == (None, (), EU.no_rule)


def test_a_dose_that_was_given_late_without_a_rule_is_remarked_on_until_the_next():
    late = "4 2025-01-05, 5 2026-01-05"
    assert on("2026-01-06", late, EU).remarks[-1] == f"Dose 5 was given after its window. {EU.no_rule}"
    assert EU.no_rule not in " ".join(on("2026-05-06", late + ", 6 2026-05-05", EU).remarks)


@pytest.mark.parametrize(("doses", "late"), [("2025-05-12", False), ("2025-05-13", True)])
def test_a_dose_on_the_last_day_of_its_window_was_not_late(doses: str, late: bool):  # it ends on the 12th
    remarks = " ".join(on("2025-06-01", f"4 2025-01-05, 5 {doses}", EU).remarks)
    assert ("Dose 5 was given after its window" in remarks) is late


def test_a_rule_says_its_words_with_its_numbers_only_once_the_window_is_over():
    assert on("2026-07-11", "4 2026-03-04").words == ""
    assert on("2026-07-12", "4 2026-03-04").words.endswith("keeps its original date, but at least 14 days later.")
    assert on("2026-11-04", "4 2026-03-04").words == (
        "Give the dose as soon as possible, 1 extra dose 14 days later, then go on every 4 months."
    )


@pytest.mark.parametrize(
    ("doses", "remark"),
    [
        ("1 2026-01-05, 2 2026-01-19, 3 2026-01-19", "More than one dose is recorded on 2026-01-19"),
        ("1 2026-01-05, 2 2026-01-19, 2 2026-02-02", "The numbers of the doses do not rise"),
        ("3 2026-01-05", "Not in these records: 2 of the doses before dose 3"),
    ],
)
def test_what_deserves_a_look_is_said(doses: str, remark: str):
    assert on("2026-02-03", doses).remarks[0].startswith(remark)


def test_a_plain_record_has_no_remarks():
    assert on("2026-02-03", LOADING).remarks == ()


@pytest.mark.parametrize(
    ("doses", "days"),
    [("2 2026-01-18", -1), ("2 2026-01-19", 0), ("2 2026-01-22", 0), ("2 2026-01-23", 1), ("3 2026-03-01", 0)],
)
def test_a_dose_outside_its_window_is_told_by_its_days_and_one_after_doses_elsewhere_is_not_judged(
    doses: str, days: int
):
    number, day = doses.split()
    on_ = date.fromisoformat(day)
    off = course.off_window(US, [(date(2026, 1, 5), 1), (on_, int(number))])
    assert off == ({on_: days} if days else {})


@pytest.mark.parametrize(
    ("day", "days"),
    [("2026-06-26", -1), ("2026-06-27", 0), ("2026-07-11", 0), ("2026-07-12", 1)],
)
def test_a_day_stands_so_many_days_outside_the_window_of_the_next_dose(day: str, days: int):
    assert on("2026-03-05", "4 2026-03-04").outside(date.fromisoformat(day)) == days


def test_before_the_first_dose_no_day_is_outside_a_window():
    assert on("2026-03-05", "").outside(date(2026, 3, 5)) == 0


def test_todays_strength_goes_with_the_dose():
    assert [on("2026-02-03", doses, HIGH).strength for doses in ("", "1 2026-01-20", "1 2026-01-06, 2 2026-01-20")] == [
        "50 mg/5 mL",
        "50 mg/5 mL",
        "28 mg/5 mL",
    ]
    assert on("2026-02-03", "1 2026-01-20").strength == "12 mg/5 mL"
    assert "one dose of 50 mg in place of the next" in on("2026-02-03", "7 2026-01-20", HIGH).remarks[0]


# ------------------------------------------------------------------------------------------------------------ the hours
@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-06-26T23:59:59", "not_yet"),
        ("2026-06-27T00:00:00", "in_window"),
        ("2026-07-03T23:59:59", "in_window"),
        ("2026-07-04T00:00:00", "due"),
        ("2026-07-11T23:59:59", "in_window"),
        ("2026-07-12T00:00:00", "overdue"),
    ],
)
def test_a_window_opens_and_closes_at_midnight_of_the_site(moment: str, state: str):
    assert next_dose(US, [(4, ms("2026-03-04"))], ms(moment), VIENNA).state == state


def test_a_dose_belongs_to_the_day_of_the_site_and_not_of_greenwich():
    late = ms("2026-03-04T00:30")  # still the 3rd in Greenwich
    assert next_dose(US, [(4, late)], late, VIENNA).due == date(2026, 7, 4)
    assert next_dose(US, [(4, late)], late, ZoneInfo("UTC")).due == date(2026, 7, 3)


@pytest.mark.parametrize("hour", ["00:30", "01:59", "03:01", "23:30"])
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])  # the clocks change
def test_no_change_of_the_clocks_moves_a_date(day: str, hour: str):
    doses = [(1, ms(f"{day}T{hour}"))]
    due = date.fromisoformat(day) + timedelta(14)
    assert next_dose(US, doses, ms(f"{due}T00:00"), VIENNA).state == "due"
    before = date.fromisoformat(day) - timedelta(14)
    assert next_dose(US, [(1, ms(f"{before}T{hour}"))], doses[0][1], VIENNA).state == "due"


# ----------------------------------------------------------------------------------------------------------- the cohort
CASES = sorted({row["case"] for row in punctures()})


BEGUN = date(2021, 3, 1)  # invented: the paper gives no dates


def planned(profile: Schedule, n: int) -> date:
    """The day of a dose where none is late."""
    loading = min(n, len(profile.dose))
    return months_after(BEGUN + timedelta(profile.day(loading)), (n - loading) * profile.maintenance.every)


@pytest.mark.parametrize("profile", [US, EU], ids=["US", "EU"])
@pytest.mark.parametrize("case", CASES)
def test_a_published_patient_whose_doses_were_on_their_days_goes_on_with_the_dose_after_the_last(
    case: str, profile: Schedule
):
    numbers = [int(row["dose_in_series"]) for row in punctures() if row["case"] == case]
    doses = [(n, ms(str(planned(profile, n)))) for n in numbers]
    coming = next_dose(profile, doses, doses[-1][1], VIENNA)
    assert (coming.number, coming.state) == (numbers[-1] + 1, "not_yet")
    assert coming.due == planned(profile, numbers[-1] + 1)
    assert bool(coming.remarks) == (len(numbers) < numbers[-1])


# --------------------------------------------------------------------------------------------------------------- a law
doses_drawn = st.lists(st.tuples(st.integers(1, 12), st.integers(ms("2018-01-01"), ms("2028-01-01"))), max_size=9)


@drawn(st.sampled_from(list(OURS.values())), doses_drawn, st.integers(ms("2018-01-01"), ms("2032-01-01")))
def test_whatever_was_recorded_there_is_an_answer_and_its_dates_rise(
    profile: Schedule, doses: list[tuple[int, int]], now: int
):
    coming = next_dose(profile, doses, now, VIENNA)
    if not doses:
        assert coming.due is None
        return
    last = max(datetime.fromtimestamp(at / 1000, UTC).astimezone(VIENNA).date() for _, at in doses)
    assert coming.due is not None
    assert coming.opens is not None
    assert coming.closes is not None
    assert last <= coming.opens <= coming.due <= coming.closes
    assert last < coming.due <= coming.if_given
    dates = [coming.if_given, *(dose.due for dose in coming.then)]
    assert dates == sorted(set(dates))
    assert (coming.state in ("overdue", "missed")) == bool(coming.words)


# ------------------------------------------------------------------------------------------------------------ the files
@pytest.mark.parametrize("id_", OURS)
def test_every_profile_shows_its_source_its_last_review_and_asks_to_check_the_label(id_: str):
    profile = OURS[id_]
    assert profile.id == id_
    assert profile.protocol == LUMBAR.id
    assert profile.reviewed <= date(2026, 11, 20)
    assert profile.review.startswith("Check the current ")
    assert all(profile.source.values())


def test_the_profiles_of_a_protocol_come_in_their_order():
    assert [protocol.id for protocol in schedules.of_protocol(LUMBAR.id)] == [US.id, EU.id, HIGH.id]
    assert schedules.of_protocol("cervical-fluoroscopy") == []


def test_no_number_of_a_rule_stands_in_its_words():
    words = [rule.words for profile in OURS.values() for rule in profile.missed]
    assert words
    assert [word for word in words if any(letter.isdigit() for letter in word)] == []


SECOND = 'n = 2\nafter = 14\nunit = "d"\n'
WINDOW = 'window = { before = 7, after = 7, unit = "d", source = "site" }'
EXTRA = 'doses = 1\nafter = 14\nunit = "d"\nwindow = { before = '
KEEP = 'keep_date = { gap = 14, unit = "d", source = "US: as long as the two doses are at least 14 days apart" }'

# (what it is, the text that is replaced, by what, parts of the sentence: place, what was expected, what was found)
REFUSED = [
    ("no TOML", "order = 1", "order = ", ["expected TOML", "found"]),
    ("a key twice", "order = 1", "order = 1\norder = 2", ["expected", "twice"]),
    ("an unknown key", "order = 1", "ordre = 1", ["[ordre]", "expected one of", "unknown key"]),
    ("no title", 'title = "Nusinersen 12 mg, US"\n', "", ["expected the key 'title', found none"]),
    ("an id that is no id", '"nusinersen-12mg-us"', '"Nusinersen US"', ["id", "expected an id", "'Nusinersen US'"]),
    ("no date of its review", "reviewed = 2026-11-20\n", "", ["expected the key 'reviewed', found none"]),
    ("a review that is no date", "reviewed = 2026-11-20", 'reviewed = "2026"', ["reviewed", "a date", "found '2026'"]),
    ("a review with an hour", "reviewed = 2026-11-20", "reviewed = 2026-11-20T10:00:00", ["reviewed", "a date"]),
    ("nothing to say where no rule holds", "no_rule = ", "# no_rule = ", ["expected the key 'no_rule', found none"]),
    ("a protocol that does not exist", '"lumbar-nusinersen"', '"sacral"', ["protocol: expected one of", "'sacral'"]),
    (
        "no doses",
        US_TEXT[US_TEXT.index("[[dose]]") : US_TEXT.index("[maintenance]")],
        "",
        ["the key 'dose', found none"],
    ),
    ("doses out of order", "n = 3\n", "n = 4\n", ["[[dose]] 3: expected n = 3", "found 4"]),
    ("an unknown key in a dose", "n = 3\n", "n = 3\nage = 2\n", ["[[dose]] 3", "found 'age'"]),
    ("a dose without strength", 'strength = "12 mg/5 mL"\n', "", ["[[dose]] 1", "expected the key 'strength'"]),
    ("a first dose that is counted from another", "n = 1\n", "n = 1\nafter = 3\n", ["[[dose]] 1", "first dose"]),
    ("a dose without a day", SECOND, 'n = 2\nunit = "d"\n', ["[[dose]] 2", "one of day and after, found none"]),
    ("a dose with a day told two ways", SECOND, SECOND + "day = 14\n", ["[[dose]] 2", "day and after, found both"]),
    ("a day without a unit", SECOND, "n = 2\nafter = 14\n", ["[[dose]] 2", "expected a unit", "found none"]),
    ("days told in weeks", SECOND, 'n = 2\nafter = 2\nunit = "w"\n', ["[[dose]] 2.unit", "'d'", "found 'w'"]),
    ("a dose on the day of the one before it", SECOND, SECOND.replace("14", "0"), ["[[dose]] 2", "found day 0"]),
    ("a dose before the one before it", "after = 14", "after = -1", ["[[dose]] 2.after", "at least 0", "'-1'"]),
    ("days that are no whole number", "after = 14", "after = 1.5", ["[[dose]] 2.after", "whole number", "'1.5'"]),
    ("days beyond ten years", "after = 14", "after = 99999", ["3660"]),
    ("a loading dose without a window", "window = {", "# {", ["[[dose]] 2", "a window", "found none"]),
    (
        "a window that opens before the dose before it",
        "window = { before = 0",
        "window = { before = 14",
        ["[[dose]] 2", "opens after the dose before it", "found 14 d before"],
    ),
    (
        "a window without a source",
        WINDOW,
        WINDOW.replace(', source = "site"', ""),
        ["[maintenance].window", "'source'", "found none"],
    ),
    ("a window of unknown source", WINDOW, WINDOW.replace("site", "Bob"), ["[maintenance].window.source", "'Bob'"]),
    ("a dose of unknown source", 'source = "US: 30 days', 'source = "UK: 30 days', ["[[dose]] 4.source", "'UK: 30"]),
    (
        "maintenance in weeks",
        'every = 4\nunit = "months"',
        'every = 16\nunit = "weeks"',
        ["[maintenance].unit", "expected one of 'months'", "'weeks'"],
    ),
    ("maintenance every 0 months", "every = 4", "every = 0", ["[maintenance].every", "at least 1", "found '0'"]),
    ("a rule of no phase", 'of = "loading"', 'of = "later"', ["[[missed]] 1 'loading'.of", "'maintenance'", "'later'"]),
    ("a rule without words", "words = ", "# words = ", ["[[missed]] 1 'loading'", "expected the key 'words'"]),
    (
        "a rule that names a number it does not have",
        "original date,",
        "{extra} date,",
        ["[[missed]] 'under-8-months'.words", "expected one of {every}, {gap}", "found '{extra}'"],
    ),
    ("a rule twice", 'id = "from-8-months"', 'id = "under-8-months"', ["'under-8-months'", "every id once"]),
    (
        "rules over each other",
        "from = 8\n",
        "from = 7\n",
        ["'from-8-months'", "none over another", "from 7", "below 8"],
    ),
    ("a rule after one without end", "below = 8\nunit", "unit", ["'from-8-months'", "from 8 after one without end"]),
    ("a rule upside down", "from = 8\nbelow = 16", "from = 8\nbelow = 8", ["'from-8-months'", "upside down"]),
    ("months without a unit", 'below = 8\nunit = "months"', "below = 8", ["'under-8-months'", "a unit", "found none"]),
    ("a kept date and loading again", KEEP, KEEP + "\nreload = true", ["'under-8-months'", "one of extra", "found 2"]),
    (
        "a kept date of a loading dose",
        'of = "maintenance"\nbelow = 8',
        'of = "loading"\nbelow = 8',
        ["'under-8-months'", "only of maintenance"],
    ),
    ("no extra doses", "doses = 1", "doses = 0", ["'from-8-months'.extra.doses", "at least 1", "found '0'"]),
    ("an extra dose of unknown source", 'source = "US: one add', 'source = "one add', ["'from-8-months'.extra.source"]),
    (
        "an extra dose whose window opens before the late one",
        f"{EXTRA}0",
        f"{EXTRA}14",
        ["'from-8-months'.extra", "opens after the dose before it"],
    ),
]


@pytest.mark.parametrize(("old", "new", "parts"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_bad_profile_is_refused_with_a_sentence_that_names_the_place(old: str, new: str, parts: list[str]):
    assert old in US_TEXT
    with pytest.raises(ProtocolError) as error:
        schedules.parse(US_TEXT.replace(old, new, 1), "us.toml")
    problems = "\n".join(error.value.problems)
    for part in ["us.toml: ", *parts]:
        assert part in problems, problems


def test_every_problem_of_a_profile_is_told_at_once():
    with pytest.raises(ProtocolError) as error:
        schedules.parse(US_TEXT.replace('source = "US:', 'source = "UK:'))
    assert len(error.value.problems) == US_TEXT.count('source = "US:')


@pytest.mark.parametrize(("content", "says"), [(None, "readable file"), (b"\xff", "UTF-8")])
def test_a_profile_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None, says: str):
    if content is not None:
        (tmp_path / "one.toml").write_bytes(content)
    with pytest.raises(ProtocolError, match=says):
        schedules.load(tmp_path / "one.toml")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A site's own folder of profiles, put in use."""
    (tmp_path / "schedules").mkdir()
    monkeypatch.setenv("INTERSPACE_PROTOCOLS", str(tmp_path))
    caches: list[Any] = [protocols.shipped, schedules.shipped]
    for cache in caches:
        cache.cache_clear()
    yield tmp_path / "schedules"
    monkeypatch.undo()
    for cache in caches:
        cache.cache_clear()


def test_a_sites_own_profile_is_added_and_one_of_the_same_id_stands_for_ours(own: Path):
    (own / "a.toml").write_text(US_TEXT.replace(US.id, "ours-too"), encoding="utf-8")
    (own / "b.toml").write_text(EU_TEXT.replace("after = 7", "after = 21"), encoding="utf-8")
    assert set(schedules.shipped()) == {*OURS, "ours-too"}
    assert schedules.shipped()[EU.id].maintenance.window.after == 21
    assert schedules.shipped()[US.id] == US


def test_a_site_without_profiles_of_its_own_has_ours(own: Path):
    own.rmdir()
    assert schedules.shipped() == OURS

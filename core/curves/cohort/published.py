"""The published punctures as procedures of ours: their table is exact, what was not published is core/reference's."""

import csv
import json
import tomllib
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from core.curves.cohort import course
from core.curves.cohort.course import Json
from core.engine import scenario
from core.engine.scenario import Scenario
from core.engine.session import Session, fold
from core.paths import REFERENCE

Row = dict[str, str]  # a row of the published table; an empty cell was not published


class FailedBefore(msgspec.Struct, frozen=True):
    case: str
    dose: str
    groups: list[str]


class Cohort(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """core/reference/cohort.toml: what the columns mean in the words of the protocol."""

    source: str
    operator: str
    patient: str
    failed_note: str
    values: list[str]
    first_day: datetime
    day_of_dose: list[int]
    days_between_cases: int
    failed_before: list[FailedBefore]
    figures: dict[str, str]
    adverse: dict[str, str]


@cache
def cohort() -> Cohort:
    """core/reference/cohort.toml."""
    return msgspec.convert(tomllib.loads((REFERENCE / "cohort.toml").read_text(encoding="utf-8")), Cohort)


@cache
def punctures() -> list[Row]:
    """published_punctures.csv."""
    return _table("published_punctures.csv")


@cache
def cases() -> list[Row]:
    """published_cases.csv."""
    return _table("published_cases.csv")


def succeeded(row: Row) -> bool:
    """Whether the puncture found CSF under ultrasound."""
    return not row["outcome"].startswith("failed")


@cache
def sessions() -> list[tuple[Row, Session]]:
    """Every published puncture, its events walked by the real engine."""
    read = [(row, as_read(row)) for row in punctures()]
    return [
        (row, fold(puncture.protocol, name(row), puncture.events(name(row), puncture.start or 0)))
        for row, puncture in read
    ]


def name(row: Row) -> str:
    """What a puncture is called: its case and dose."""
    return f"case-{row['case']}-dose-{row['dose_in_series']}"


def as_read(row: Row) -> Scenario:
    """One published puncture as the command line reads a scenario."""
    return scenario.parse(json.dumps(as_scenario(row)))


def as_scenario(row: Row) -> Json:
    """One published puncture as a scenario file tells it."""
    events = _succeeded(row) if succeeded(row) else _failed(row)
    return {
        "protocol": course.protocol().id,
        "patient": cohort().patient.format(case=row["case"]),
        "dose": int(row["dose_in_series"]),
        "operator": cohort().operator,
        "start": _start(row),
        "values": _values(row),
        "events": events,
    }


def _succeeded(row: Row) -> list[Json]:
    operation_s, puncture_s = 60 * int(row["operation_min"]), 60 * int(row["puncture_min"])
    events = course.success(_tries(row), row[course.template().approach], puncture_s, operation_s)
    for words, complication in cohort().adverse.items():
        if words in row["adverse_event"]:
            event = {"t": course.clock_of(operation_s), "complication": complication, "text": row["adverse_event"]}
            events.insert(_after(events, event["t"]), event)
    return events


def _after(events: list[Json], t: str) -> int:
    """Where an entry at `t` stands in the order of a scenario."""
    return sum(event["t"] <= t for event in events)


def _failed(row: Row) -> list[Json]:
    """Its insertions and times are invented, and a note in it says so: as many as the protocol asks before it ends."""
    p = course.protocol()
    rule = next(counter for counter in p.counter if counter.groups)
    others = [option.id for option in p.options(p.group) if option.id != row[p.group]]
    groups = [row[p.group], *reversed(others)][: rule.groups]
    tries = [group for group in groups for _ in range(rule.limit or 0)]
    return [
        {"t": course.clock_of(0), "note": cohort().failed_note},
        *course.failure(tries, row[course.template().approach]),
    ]


def _tries(row: Row) -> list[str]:
    """The interspace of every insertion, in order."""
    p = course.protocol()
    limit = next(counter.limit or 0 for counter in p.counter if counter.groups)
    before = [
        group
        for failure in cohort().failed_before
        if (failure.case, failure.dose) == (row["case"], row["dose_in_series"])
        for group in failure.groups
        for _ in range(limit)
    ]
    return before + [row[p.group]] * (int(row[cohort().figures[_counter()]]) - len(before))


def _counter() -> str:
    return next(counter.id for counter in course.protocol().counter if counter.runs)


def _values(row: Row) -> dict[str, Any]:
    """What the table says of the patient; an option that the protocol does not offer ("none") is left out."""
    p = course.protocol()
    values: dict[str, Any] = {}
    for key in cohort().values:
        offered = [option.id for option in p.options(key)]
        if row[key] and p.value[key].type == "number":
            values[key] = float(row[key])
        elif row[key] and (not offered or row[key] in offered):
            values[key] = row[key]
    return values


def _start(row: Row) -> str:
    """An invented day in the months of the study, so that records stand in the order of their doses."""
    known = cohort()
    day = known.day_of_dose[int(row["dose_in_series"]) - 1] + known.days_between_cases * (int(row["case"]) - 1)
    return (known.first_day + timedelta(days=day)).isoformat()


def _table(file: str) -> list[Row]:
    with (REFERENCE / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))

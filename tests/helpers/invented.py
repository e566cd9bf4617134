"""Invented procedures by operators who learn at known rates: what tests and the benchmark ask the curves to find.

Every one is told by its events and read by the real engine. Seeded: the same seed tells the same procedures.
"""

import json
import random
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from math import exp
from pathlib import Path

import msgspec

from core.curves.cohort import course
from core.curves.cohort.course import Json, clock_of
from core.engine import scenario
from core.engine.events import Event
from core.engine.scenario import Scenario
from core.engine.session import fold
from core.protocols.tables import Protocol
from core.records import sessions
from core.records.row import Row, row
from core.store import Store

YEAR_MS = 365 * 24 * 3600 * 1000
LEAST_S = 20  # no puncture is quicker than a hand


class Learned(msgspec.Struct, frozen=True):
    """An amount that falls (or stays) with every case."""

    first: float
    last: float
    cases: float

    def at(self, case: int) -> float:
        """Where it stands at an operator's case, the first being 1."""
        return self.last + (self.first - self.last) * exp(-(case - 1) / self.cases)


class Operator(msgspec.Struct, frozen=True):
    name: str
    share: float
    failure: Learned
    puncture_min: Learned
    until: float = 1


class Ward(msgspec.Struct, frozen=True):
    """core/reference/invented.toml."""

    first_dose: float
    spread: float
    before_puncture_min: float
    given_up: float
    doses: int
    years: float
    ends: datetime
    odd: float
    handed_over: float
    operator: list[Operator]


@cache
def ward() -> Ward:
    """The invented ward."""
    return msgspec.convert(tomllib.loads((Path(__file__).parent / "invented.toml").read_text(encoding="utf-8")), Ward)


class Told(msgspec.Struct, frozen=True):
    """One invented procedure. `odd`: why it is no case of a curve, else None."""

    session: str
    start: int
    read: Scenario
    operator: str
    odd: str | None

    def events(self) -> list[Event]:
        return self.read.events(self.session, self.start)


def procedures(count: int, seed: int) -> Iterator[Told]:
    """`count` procedures, the oldest first."""
    rng, known = random.Random(seed), ward()
    done: dict[str, int] = {}
    last = round(known.ends.timestamp() * 1000)
    for n in range(count):
        start = last - int(known.years * YEAR_MS * (1 - (n + 1) / count))
        there = [person for person in known.operator if n < person.until * count]
        [operator] = rng.choices(there, [person.share for person in there])
        odd = rng.choice(["drill", "mistaken", "to_review"]) if rng.random() < known.odd else None
        handed = odd is None and rng.random() < known.handed_over
        if odd is None and not handed:
            done[operator.name] = done.get(operator.name, 0) + 1
        content = _content(rng, operator, max(done.get(operator.name, 1), 1), n)
        if handed:
            content["events"] = _handed(content["events"], next(person for person in there if person != operator).name)
        if odd:
            content = _odd(content, odd)
        session = f"{datetime.fromtimestamp(start / 1000, UTC):%Y%m%d}-invented{n:06}"
        yield Told(session, start, scenario.parse(json.dumps(content)), operator.name, odd)


def rows(count: int, seed: int) -> list[Row]:
    """The rows that lists and curves read of them, made by the real engine."""
    return [
        row(fold(procedure.read.protocol, procedure.session, procedure.events()))
        for procedure in procedures(count, seed)
    ]


def fill(store: Store, count: int, seed: int) -> None:
    """Stores them as sessions."""
    for procedure in procedures(count, seed):
        sessions.open_session(
            store, procedure.read.text, procedure.read.opened, procedure.events(), procedure.session, procedure.start
        )


def _content(rng: random.Random, operator: Operator, case: int, n: int) -> Json:
    """A scenario of an operator's case; `n` of the ward: which patient, which dose."""
    known, p = ward(), course.protocol()
    dose = n % known.doses + 1
    failed = rng.random() < operator.failure.at(case)
    puncture = operator.puncture_min.at(case) * (known.first_dose if dose == 1 else 1)
    puncture_s = max(LEAST_S, round(60 * puncture * rng.lognormvariate(0, known.spread)))
    before_s = round(60 * known.before_puncture_min * rng.lognormvariate(0, known.spread))
    operation_s = before_s + puncture_s + course.template().before_end_s
    tries = _tries(rng, p, failed)
    approach = rng.choice(p.options(course.template().approach)).id
    given_up = failed and rng.random() < known.given_up
    events = course.failure(tries, approach) if given_up else course.success(tries, approach, puncture_s, operation_s)
    return {
        "protocol": p.id,
        "patient": f"P-{n // known.doses:05}",
        "dose": dose,
        "operator": operator.name,
        "values": _values(rng, p),
        "events": events,
    }


def _tries(rng: random.Random, p: Protocol, failed: bool) -> list[str]:
    """Where the needle went in: within what a success allows, or beyond; another interspace after each limit."""
    most = p.curve.success.most if p.curve else 1
    limit = next(counter.limit or 1 for counter in p.counter if counter.groups)
    count = most + rng.randint(1, 2 * limit) if failed else rng.randint(1, most)
    groups = [option.id for option in p.options(p.group)]
    return [groups[n // limit % len(groups)] for n in range(count)]


def _values(rng: random.Random, p: Protocol) -> Json:
    """What curves can be filtered by, and no mark carries."""
    asked = [key for key in p.opening if p.curve and key in p.curve.filters]
    return {key: rng.choice(p.options(key)).id for key in asked}


def _handed(events: list[Json], operator: str) -> list[Json]:
    """The needle changes hands right after the first insertion."""
    mark, at = course.protocol().operator_mark, _first(events)
    return [*events[: at + 1], {"t": events[at]["t"], "mark": mark, "operator": operator}, *events[at + 1 :]]


def _odd(content: Json, odd: str) -> Json:
    """A record that is no case: a drill, one opened by mistake, or one that contradicts itself."""
    p, events = course.protocol(), content["events"]
    if odd == "drill":
        return content | {"drill": True}
    if odd == "mistaken":
        mark = next(mark for outcome in p.outcome if outcome.closed for mark in outcome.marks)
        return content | {"events": [{"t": clock_of(0), "mark": mark}]}
    at = _first(events)
    return content | {"events": [*events[: at + 1], events[at], *events[at + 1 :]]}  # in twice, never out


def _first(events: list[Json]) -> int:
    return next(n for n, entry in enumerate(events) if entry["mark"] == course.template().insertion)

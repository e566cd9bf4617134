"""The reference of every key of a schedule file, as the tables that one becomes."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from core.protocols.tables import FileId, Positive, Table, Words
from core.protocols.wording import fill

Days = Annotated[int, Meta(ge=0, le=3660)]
Months = Annotated[int, Meta(ge=1, le=600)]
DosePhase = Literal["loading", "maintenance"]


class DoseWindow(Table, frozen=True):
    """The days before and after its date in which a dose is still on time."""

    before: Days
    after: Days
    unit: Literal["d"]
    source: Words


class LoadingDose(Table, frozen=True):
    """A loading dose. Its day is counted from the first dose (`day`) or the dose before it (`after`), as the source has
    it; a loading dose that is given late moves those after it, which keep their intervals.
    """

    n: Positive
    strength: Words
    source: Words
    day: Days | None = None
    after: Days | None = None
    unit: Literal["d"] | None = None
    window: DoseWindow | None = None


class Maintenance(Table, frozen=True):
    """Every so many calendar months after the dose before it."""

    every: Months
    unit: Literal["months"]
    strength: Words
    window: DoseWindow
    source: Words


class Extra(Table, frozen=True):
    """Doses that are given besides, each so many days after the dose before it, in the strength of maintenance."""

    doses: Annotated[int, Meta(ge=1, le=12)]
    after: Annotated[int, Meta(ge=1, le=3660)]
    unit: Literal["d"]
    window: DoseWindow
    source: Words


class Keep(Table, frozen=True):
    """The dose after the late one keeps the date that it would have had, but at least `gap` days after the late one."""

    gap: Days
    unit: Literal["d"]
    source: Words


class Missed(Table, frozen=True):
    """What is done when the window of a dose is over, so many calendar months after the last dose."""

    id: FileId
    of: DosePhase
    words: Words  # may use {every}, with `extra` {extra} and {days}, with `keep_date` {gap}
    source: Words
    from_: Months | None = msgspec.field(name="from", default=None)
    below: Months | None = None
    unit: Literal["months"] | None = None
    extra: Extra | None = None
    keep_date: Keep | None = None
    reload: bool = False  # the loading doses again, this one being the first


class Schedule(Table, frozen=True, kw_only=True):
    id: FileId
    title: Words
    region: Words
    protocol: FileId
    order: int = 1
    reviewed: date  # when somebody last compared it with its source
    review: Words
    no_rule: Words  # said of a dose that is overdue where no [[missed]] holds
    notes: tuple[Words, ...] = ()  # said with every answer of this profile
    source: dict[str, Words]
    dose: Annotated[tuple[LoadingDose, ...], Meta(min_length=1)]
    maintenance: Maintenance
    missed: tuple[Missed, ...] = ()

    def interval(self, step: int) -> int:
        """Days from a loading dose to the one before it; `step` counts from 2."""
        dose = self.dose[step - 1]
        return dose.after if dose.after is not None else self.day(step) - self.day(step - 1)

    def day(self, step: int) -> int:
        """Days from the first dose to a loading dose where none is late; `step` counts from 1."""
        dose = self.dose[step - 1]
        if dose.day is not None:
            return dose.day
        return self.day(step - 1) + (dose.after or 0) if step > 1 else 0

    def worded(self, rule: Missed) -> str:
        """The words of a rule, its numbers filled in."""
        return fill(rule.words, self.numbers(rule))

    def numbers(self, rule: Missed) -> dict[str, str]:
        """The numbers that the words of a rule may name, with their units."""
        numbers = {"every": f"{self.maintenance.every} months"}
        if rule.extra:
            numbers |= {"extra": str(rule.extra.doses), "days": f"{rule.extra.after} days"}
        if rule.keep_date:
            numbers["gap"] = f"{rule.keep_date.gap} days"
        return numbers

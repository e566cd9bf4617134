"""A procedure told from its figures alone, as a scenario: the marks and moments in between are core/reference's."""

import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from core.paths import REFERENCE
from core.protocols.reader import shipped
from core.protocols.tables import Protocol

Json = dict[str, Any]


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The template: marks by what they mean, entries by their moment."""

    protocol: str
    group: str
    approach: str
    insertion: str
    withdrawn: str
    change: str
    before_end_s: int
    opening: list[Json]
    found: list[Json]
    given: list[Json]
    given_up: list[Json]
    aftercare: list[Json]
    first_insertion_s: int
    between_s: int
    needle_in_s: int


@cache
def template() -> Course:
    """core/reference/course.toml."""
    return msgspec.convert(tomllib.loads((REFERENCE / "course.toml").read_text(encoding="utf-8")), Course)


def protocol() -> Protocol:
    """The protocol whose procedures the template tells."""
    return shipped()[template().protocol][0]


def success(tries: Sequence[str], approach: str, puncture_s: int, operation_s: int) -> list[Json]:
    """The events of a procedure whose last insertion found CSF; insertions share the puncture time evenly."""
    course = template()
    outflow = operation_s - course.before_end_s
    first = outflow - puncture_s
    moments = [first + n * puncture_s // len(tries) for n in range(len(tries))]
    needle_in = puncture_s // len(tries) // 2
    events = _entries(course.opening, 0, first)
    events += _insertions(tries, approach, moments, [needle_in] * (len(tries) - 1))
    events += _entries(course.found, outflow) + _entries(course.given, operation_s)
    return events + _entries(course.aftercare, operation_s)


def failure(tries: Sequence[str], approach: str) -> list[Json]:
    """The events of a procedure that was given up after these insertions, to be finished another way."""
    course = template()
    moments = [course.first_insertion_s + n * course.between_s for n in range(len(tries))]
    events = _entries(course.opening, 0, course.first_insertion_s)
    events += _insertions(tries, approach, moments, [course.needle_in_s] * len(tries))
    events += _entries(course.given_up, moments[-1] + course.between_s)
    return events + _entries(course.aftercare, _seconds(events[-1]["t"]))


def clock_of(seconds: float) -> str:
    """Seconds as the hh:mm:ss of a scenario."""
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _insertions(tries: Sequence[str], approach: str, moments: list[int], needle_in: list[int]) -> list[Json]:
    """The needle goes in at each moment, and out again after as long as `needle_in` says (the last may stay)."""
    course, events = template(), []
    for n, (group, at) in enumerate(zip(tries, moments, strict=True)):
        if n and group != tries[n - 1]:
            events.append({"t": clock_of(at), "mark": course.change, course.group: group})
        events.append({"t": clock_of(at), "mark": course.insertion, course.group: group, course.approach: approach})
        if n < len(needle_in):
            events.append({"t": clock_of(at + needle_in[n]), "mark": course.withdrawn})
    return events


def _entries(entries: list[Json], start: int, length: int = 0) -> list[Json]:
    """Entries of the template from `start` on, one after the other; `length`: the time that shares are of (seconds)."""
    windows = {window.clock: int(window.below_s) for window in protocol().window if window.below_s}
    events, at = [], start
    for entry in entries:
        waited = entry.get("after_s", 0) + windows.get(entry.get("lasting", ""), 0)
        at = start + int(entry["share"] * length) if "share" in entry else at + waited
        content = {
            key: content_value for key, content_value in entry.items() if key not in ("after_s", "share", "lasting")
        }
        events.append({"t": clock_of(at)} | content)
    return events


def _seconds(clock: str) -> int:
    hours, minutes, seconds = map(int, clock.split(":"))
    return (hours * 60 + minutes) * 60 + seconds

"""Schedules read from their files: when the next dose is due.

A profile is a TOML document in `core/schedules/`, or in the folder `schedules` of the site's own protocols, where one
of the same id stands for ours. `load` refuses a bad file with sentences; core/schedules/course.py walks the tables.
"""

from functools import cache
from pathlib import Path

from core import protocols
from core.protocols.shape import ProtocolError, shape
from core.schedules.check import problems
from core.schedules.tables import Schedule

FOLDER = Path(__file__).parent


def load(path: Path) -> Schedule:
    """A profile's file. Raises ProtocolError."""
    return parse(protocols.text_of(path), path.name)


def parse(text: str, name: str = "schedule") -> Schedule:
    """The tables of a profile's text. Raises ProtocolError with every problem found."""
    schedule = shape(protocols.toml(text, name), name, Schedule)
    sentences = problems(schedule)
    if sentences:
        raise ProtocolError([f"{name}: {sentence}" for sentence in sentences])
    return schedule


@cache
def shipped() -> dict[str, Schedule]:
    """The profiles in use, by id. Raises ProtocolError."""
    return {schedule.id: schedule for schedule in map(load, protocols.files(FOLDER, "schedules"))}


def of_protocol(id_: str) -> list[Schedule]:
    """The profiles that go with a protocol, in the order in which they are offered."""
    profiles = [schedule for schedule in shipped().values() if schedule.protocol == id_]
    return sorted(profiles, key=lambda schedule: (schedule.order, schedule.id))

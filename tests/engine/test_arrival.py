"""What is listed to review for its time: late on the server, or stamped ahead of it, by the protocol's own numbers."""

import re

import msgspec
import pytest

from core import protocols
from core.engine.events import read
from core.engine.session import fold
from core.engine.walk import walk
from core.protocols.tables import Protocol
from tests.helpers.tables import LUMBAR, LUMBAR_TEXT, mark, session_of

HOUR_MS, START = 3600 * 1000, 1_795_168_800_000
BEFORE = protocols.parsed(re.sub(r"(?m)^(late_h|ahead_s|arrival_source) = .*\n", "", LUMBAR_TEXT))
OWN = protocols.parsed(re.sub(r"(?m)^late_h = \S+", "late_h = 2", LUMBAR_TEXT).replace("ahead_s = 5 ", "ahead_s = 60 "))


def listed(p: Protocol, delay_ms: int) -> list[str]:
    """What a tap is listed as that reached the server so long after its moment."""
    (tap,) = [line.event for line in session_of([mark(0, "scan_started")]).entries if line.event.kind == "mark"]
    arrived = msgspec.structs.replace(tap, received=tap.tapped + delay_ms)
    return [item.kind for item in fold(p, "s", [arrived]).walk.review]


@pytest.mark.parametrize(("p", "hours"), [(LUMBAR, 24), (BEFORE, 24), (OWN, 2)], ids=["shipped", "before", "own"])
def test_a_tap_is_late_above_the_hours_of_its_protocol(p: Protocol, hours: int):
    bound = hours * HOUR_MS
    assert [listed(p, delay) for delay in (bound - 1, bound, bound + 1)] == [[], [], ["arrived_late"]]


@pytest.mark.parametrize(("p", "seconds"), [(LUMBAR, 5), (BEFORE, 5), (OWN, 60)], ids=["shipped", "before", "own"])
def test_a_clock_is_ahead_above_the_seconds_of_its_protocol(p: Protocol, seconds: int):
    bound = seconds * 1000
    assert [listed(p, -ahead) for ahead in (bound - 1, bound, bound + 1)] == [[], [], ["clock_ahead"]]


@pytest.mark.parametrize(
    ("of", "kinds"),
    [
        ({"at": START + 1, "tapped": START}, ["to_come"]),
        ({"at": START, "tapped": START}, []),
        ({"at": START - 1, "tapped": START}, []),
    ],
)
def test_what_happened_after_it_was_entered_is_listed(of: dict[str, int], kinds: list[str]):
    raw = {"id": "e1", "session": "s", "kind": "mark", "device": "d", "seq": 1, "data": {"mark": "scan_started"}} | of
    assert [item.kind for item in walk(LUMBAR, [read(raw)]).review] == kinds


@pytest.mark.parametrize(("moved", "kinds"), [(HOUR_MS, ["to_come"]), (0, []), (-HOUR_MS, [])])
def test_a_correction_to_a_moment_that_is_to_come_is_listed(moved: int, kinds: list[str]):
    mark = {"id": "e1", "kind": "mark", "at": START, "tapped": START, "seq": 1, "data": {"mark": "scan_started"}}
    change = {"of": "e1", "set": {"at": START + 60_000 + moved}, "reason": "clock"}
    amended = {"id": "e2", "kind": "amend", "at": START + 60_000, "tapped": START + 60_000, "seq": 2, "data": change}
    log = [read({"session": "s", "device": "d"} | entry) for entry in (mark, amended)]
    assert [item.kind for item in walk(LUMBAR, log).review] == kinds

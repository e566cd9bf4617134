"""What is listed to review for its time: late on the server, or stamped ahead of it, by the protocol's own numbers."""

import re

import msgspec
import pytest

from core import protocols
from core.engine.session import fold
from core.protocols.tables import Protocol
from tests.helpers.tables import LUMBAR, LUMBAR_TEXT, mark, session_of

HOUR_MS = 3600 * 1000
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

"""One rule for seconds: moments are cut to the second in which they are shown, and spans add up between these."""

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine import events
from core.engine.session import Session, fold
from core.engine.summary import summary
from core.records import sessions
from core.transfer import export_csv
from tests.helpers.kept import rows
from tests.helpers.tables import HEAD, LUMBAR, LUMBAR_TEXT

START = 1_769_850_000_000  # 31 Jan 2026, 09:00 UTC
SESSION = "20260131-seconds"
Moments = list[tuple[str, int]]


def session_at(marks: Moments, opened: int = START) -> Session:
    contents = [("opened", HEAD, opened), *(("mark", {"mark": mark}, at) for mark, at in marks)]
    log = [
        events.read(
            {
                "id": f"e{n}",
                "session": SESSION,
                "kind": kind,
                "at": at,
                "tapped": at,
                "device": "d",
                "seq": n,
                "data": data,
            }
        )
        for n, (kind, data, at) in enumerate(contents)
    ]
    return fold(LUMBAR, SESSION, log)


def test_moments_120_s_apart_stand_beside_120_s(data: Path):
    marks = [("scan_started", START), ("skin_puncture", START + 60_900), ("csf_outflow", START + 180_100)]
    session = session_at(marks)
    log = [entry.event for entry in session.entries]
    sessions.open_session(sessions.store(), LUMBAR_TEXT, HEAD, log, SESSION, START)
    out = io.StringIO(newline="")
    list(export_csv.write(sessions.store(), rows(), out, "whole"))
    (row,) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    began, ended = (datetime.fromisoformat(row[f"lum_at_{mark}"]) for mark in ("skin_puncture", "csf_outflow"))
    assert (ended - began).total_seconds() == float(row["lum_puncture_time_s"]) == 120


@given(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), st.integers(0, 999))
def test_what_stands_side_by_side_adds_up(after: list[int], fraction: int):
    first, second, third = (START + offset for offset in sorted(after))
    marks = [
        ("skin_puncture", first),
        ("csf_outflow", second),
        ("injection_started", second),
        ("injection_completed", third),
    ]
    figures = summary(session_at(marks, START - fraction))
    assert figures["puncture_time_s"] == second // 1000 - first // 1000
    assert figures["injection_time_s"] == third // 1000 - second // 1000


@pytest.mark.parametrize(("started", "ended", "fast"), [(0, 59_999, True), (900, 60_000, False), (0, 60_000, False)])
def test_a_window_goes_by_the_seconds_that_are_shown(started: int, ended: int, fast: bool):
    marks = [("injection_started", START + started), ("injection_completed", START + ended)]
    kinds = [prompt["kind"] for prompt in summary(session_at(marks))["prompts"]]
    assert ("injection_fast" in kinds) == fast

"""The row of a session: a protocol may call its counters, runs and clocks as it likes."""

import csv
import io
from pathlib import Path

import pytest

from core import protocols
from core.curves import cases
from core.records import index, sessions
from core.transfer import export_csv
from tests.helpers.tables import HEAD, LUMBAR, LUMBAR_TEXT, mark, session_of

EVENTS = [
    mark(0, "scan_started"),
    mark(600, "skin_puncture", interspace="L3-L4"),
    mark(840, "csf_outflow"),
    mark(2900, "injection_started"),
    mark(3000, "injection_completed"),
]
NAMES = [
    ("version", "bars", "waits"),
    ("left_ward_at", "version", "bars"),
    ("patient", "dose", "outcome"),
    ("cells", "figures", "session"),
    ("operator", "case", "good"),
]


@pytest.mark.parametrize(("counter", "runs", "clock"), NAMES)
def test_a_counter_its_runs_and_a_clock_of_any_name_stand_in_lists_beside_what_the_row_itself_says(
    data: Path, counter: str, runs: str, clock: str
):
    text = (
        LUMBAR_TEXT.replace('prefix = "lum"', 'prefix = "own"')
        .replace('"insertions"', f'"{counter}"')
        .replace('"interspaces_used"', f'"{runs}"')
    )
    text = text.replace('"puncture"', f'"{clock}"')
    p = protocols.parse(text)
    log = [line.event for line in session_of(EVENTS).entries]
    session = sessions.open_session(sessions.store(), text, HEAD, log, "20260101-named", log[0].at)

    (row,) = index.index().rows()
    assert (row.figures[counter], row.figures[runs], row.figures[f"{clock}_time_s"]) == (1, 1, 240)
    assert (row.session, row.patient, row.dose, row.operator) == (session, "P-001", 1, "AK")
    assert (row.version, row.bars, row.waits, row.left_ward_at, row.outcome) == (len(log), [], None, None, "success")

    frame = cases.cases([row], p).frame
    told = {figure.label: frame[figure.column][0] for figure in cases.figures(p)}
    assert told["Puncture time"] == 4
    assert told["Insertions"] == 1
    assert (frame["operator"][0], frame["patient"][0], frame["case"][0]) == ("AK", "P-001", 1)


@pytest.mark.parametrize(("counter", "runs", "clock"), NAMES)
def test_such_a_figure_has_a_column_of_its_own_and_the_tables_own_columns_keep_their_names(
    data: Path, counter: str, runs: str, clock: str
):
    text = (
        LUMBAR_TEXT.replace('prefix = "lum"', 'prefix = "own"')
        .replace('"insertions"', f'"{counter}"')
        .replace('"interspaces_used"', f'"{runs}"')
    )
    text = text.replace('"puncture"', f'"{clock}"')
    log = [line.event for line in session_of(EVENTS).entries]
    session = sessions.open_session(sessions.store(), text, HEAD, log, "20260101-named", log[0].at)
    out = io.StringIO(newline="")
    list(export_csv.write(sessions.store(), index.index().rows(), out, "whole"))
    header, cells = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert len(header) == len(set(header))
    row = dict(zip(header, cells, strict=True))
    assert (row["session"], row["patient"], row["dose"], row["operator"]) == (session, "P-001", "1", "AK")
    assert (row["version"], row["outcome"], row[f"own_{clock}_time_s"]) == (LUMBAR.version, "success", "240")
    taken = ("session", "patient", "dose", "operator", "version", "outcome")
    assert [row[f"own_figures_{name}" if name in taken else f"own_{name}"] for name in (counter, runs)] == ["1", "1"]


@pytest.mark.parametrize("own", ["dose", "outcome", "version", "number", "at"])
def test_what_an_insertion_carries_under_a_name_of_the_table_keeps_apart_from_it(data: Path, own: str):
    text = (
        LUMBAR_TEXT.replace('prefix = "lum"', 'prefix = "own"')
        .replace('"approach"', f'"{own}"')
        .replace("[value.approach]", f"[value.{own}]")
    )
    text = text.replace("[[value.approach.options]]", f"[[value.{own}.options]]")
    events = [*EVENTS[:1], mark(600, "skin_puncture", interspace="L3-L4", approach="transforaminal"), *EVENTS[2:]]
    log = [line.event for line in session_of(events).entries]
    for event in log:
        if "approach" in event.data:
            event.data[own] = event.data.pop("approach")
    sessions.open_session(sessions.store(), text, HEAD, log, "20260101-named", log[0].at)
    out = io.StringIO(newline="")
    list(export_csv.write(sessions.store(), index.index().rows(), out, "each"))
    header, cells = csv.reader(io.StringIO(out.getvalue(), newline=""))
    row = dict(zip(header, cells, strict=True))
    assert row[f"own_each_insertion_{own}"] == "transforaminal"
    assert (row["dose"], row["version"], row["number"]) == ("1", LUMBAR.version, "1")

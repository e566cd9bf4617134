"""The event logs: every tap in them, as CSV and as XES, for programs that mine processes."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from core import site
from core.records import index, sessions
from core.transfer import exports
from tests.helpers.kept import INJECTED, add, cervical, keep, with_everything

SCHEMA = xmlschema.XMLSchema(Path(__file__).parent / "xes.xsd")


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INTERSPACE_TIME_ZONE", "Europe/Berlin")
    site.zone.cache_clear()
    yield
    monkeypatch.undo()
    site.zone.cache_clear()


def written(format_: str) -> str:
    out = io.BytesIO()
    rows = index.index().rows()
    assert [step.problem for step in exports.write(format_, sessions.store(), rows, out) if step.problem] == []
    return out.getvalue().decode()


def rows_of(session: str) -> list[dict[str, str]]:
    return [row for row in csv.DictReader(io.StringIO(written("events"))) if row["case_id"] == session]


def traces() -> dict[str, list[dict[str, str]]]:
    """Case → its events, each attribute by key."""
    root = ElementTree.fromstring(written("xes"))
    return {
        trace.find("string[@key='concept:name']").attrib["value"]: [  # type: ignore[union-attr]
            {part.attrib["key"]: part.attrib["value"] for part in event} for event in trace.iter("event")
        ]
        for trace in root.iter("trace")
    }


def test_every_stored_entry_is_one_row_and_one_event(data: Path):
    session = with_everything()
    stored = sorted(event["id"] for event in sessions.store().load(session).events)
    assert sorted(row["event_id"] for row in rows_of(session)) == stored
    assert sorted(event["concept:instance"] for event in traces()[session]) == stored


def test_a_row_says_what_who_when_and_under_which_protocol(data: Path):
    row = next(row for row in rows_of(with_everything()) if row["activity_id"] == "skin_puncture")
    assert (row["activity"], row["group"], row["content"]) == (
        "Skin puncture",
        "L2-L3",
        "Interspace L2–L3, Approach Parasagittal oblique",
    )
    assert row["timestamp"] == "2026-01-31T10:06:40.000+01:00"
    assert (row["resource"], row["role"], row["lifecycle"]) == ("RR", "recorder", "complete")
    assert (row["patient"], row["dose"], row["protocol"], row["drill"]) == ("P-006", "2", "lumbar-nusinersen", "false")


def test_moments_keep_their_milliseconds(data: Path):
    session = keep([])
    opened = sessions.read(sessions.store(), session).opened_at
    note = {"id": "n1", "session": session, "kind": "note", "device": "tablet0002", "seq": 7, "data": {"text": "x"}}
    sessions.store().append(session, [note | {"at": opened + 125, "tapped": opened + 250}])
    (row,) = [row for row in rows_of(session) if row["event_id"] == "n1"]
    moments = [datetime.fromisoformat(row[name]).microsecond for name in ("timestamp", "tapped")]
    assert moments == [125_000, 250_000]


def test_what_was_taken_back_amended_doubled_or_late_is_marked_and_left_in(data: Path):
    rows = rows_of(with_everything())
    (undone,) = [row for row in rows if row["activity_id"] == "patient_stop"]
    assert (undone["counts"], undone["taken_back"]) == ("false", "true")
    (undo,) = [row for row in rows if row["kind"] == "undo"]
    assert (undo["corrects"], undo["reason"]) == (undone["event_id"], "touched by mistake")
    (amended,) = [row for row in rows if row["activity_id"] == "injection_completed"]
    assert (amended["amended"], amended["content"], amended["first_content"]) == (
        "true",
        "Injected 4.5 mL",
        "Injected 5 mL",
    )
    first, second = [row for row in rows if row["activity_id"] == "csf_outflow"]
    assert (first["counts"], second["counts"], second["same_as"]) == ("true", "false", first["event_id"])
    (late,) = [row for row in rows if row["activity_id"] == "compression_ended"]
    assert (late["late"], late["timestamp"], late["tapped"]) == (
        "true",
        "2026-01-31T10:38:10.000+01:00",
        "2026-01-31T10:40:00.000+01:00",
    )


def test_csv_and_xes_say_the_same(data: Path):
    session = with_everything()
    for row, event in zip(rows_of(session), traces()[session], strict=True):
        assert (row["activity"], row["timestamp"], row["lifecycle"], row["counts"]) == (
            event["concept:name"],
            event["time:timestamp"],
            event["lifecycle:transition"],
            event["counts"],
        )
        assert event.get("org:resource", "") == row["resource"]


def test_xes_is_valid_with_no_record_with_many_and_with_any_words(data: Path):
    SCHEMA.validate(written("xes"))
    with_everything()
    cervical()
    session = keep(
        [{"t": "00:00:01", "note": '<b> & "quoted" ]]> 针尖 😀'}], "2026-04-02T09:00:00Z", patient="P-9", drill=True
    )
    text = written("xes")
    SCHEMA.validate(text)
    assert '<boolean key="drill" value="true"/>' in text
    (note,) = [event for event in traces()[session] if event["kind"] == "note"]
    assert note["content"] == '<b> & "quoted" ]]> 针尖 😀'


def test_a_sign_that_no_xml_file_can_hold_never_reaches_an_event_log(data: Path):
    session = keep(INJECTED)
    add(session, {"kind": "note", "at": 700, "data": {"text": "lot\x1d10A1\x0bend"}})
    SCHEMA.validate(written("xes"))
    (note,) = [row for row in rows_of(session) if row["kind"] == "note"]
    assert note["content"] == "lot 10A1 end"


@pytest.mark.parametrize("broken", ['<log xes.version="1.0"><trace/><global/></log>', "<log/>"])
def test_the_schema_refuses_what_is_no_event_log(broken: str):
    assert not SCHEMA.is_valid(broken)

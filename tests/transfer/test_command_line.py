"""The command line as DESIGN.md §4 promises it: scenarios in, JSON alone on stdout, one sentence for bad input."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from tests.helpers.tables import LUMBAR, mark

ROOT = Path(__file__).parents[2]
HEAD = {"protocol": LUMBAR.id, "patient": "P-006", "dose": 1, "operator": "op-A"}
EXAMPLE = HEAD | {
    "events": [
        mark(0, "scan_started"),
        mark(720, "skin_puncture", interspace="L2-L3", approach="parasagittal oblique"),
        mark(900, "withdrawn"),
    ]
}
SUMMARY_KEYS = [
    "outcome",
    "insertions",
    "insertions_by_interspace",
    "interspaces_used",
    "operation_time_s",
    "puncture_time_s",
    "injection_time_s",
    "compression_time_s",
    "supine_time_s",
    "prompts",
    "to_review",
]
EXPORT_KEYS = ["session", "protocol", "patient", "dose", "operator", "drill", "events", "summary"]
OPEN = {
    "outcome": "open",
    "insertions": 1,
    "insertions_by_interspace": {"L2-L3": 1},
    "interspaces_used": 1,
    "operation_time_s": None,
    "puncture_time_s": None,
    "injection_time_s": None,
    "compression_time_s": None,
    "supine_time_s": None,
    "prompts": [],
    "to_review": [],
}


class Ran:
    """What one command said."""

    def __init__(self, status: int | str | None, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]  # words of a command → what it said
Written = Callable[[Any], Path]  # a scenario → its file


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An INTERSPACE_DATA that does not exist yet."""
    monkeypatch.setenv("INTERSPACE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*words: str | Path) -> Ran:
        try:
            status: int | str | None = main([str(word) for word in words])
        except SystemExit as end:  # argparse
            status = end.code
        return Ran(status, *capsys.readouterr())

    return ran


@pytest.fixture
def scenario(tmp_path: Path) -> Written:
    def written(content: Any) -> Path:
        path = tmp_path / "scenario.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    return written


def process(data: Path, *words: str | Path) -> Ran:
    """A real process in the project's folder, as anyone would start it."""
    command = [sys.executable, "-m", "core", *map(str, words)]
    environment = os.environ | {"INTERSPACE_DATA": str(data)}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def test_a_replay_in_a_process_of_its_own_prints_the_summary_alone_and_stores_nothing(data: Path, scenario: Written):
    ran = process(data, "replay", scenario(EXAMPLE))
    assert (ran.status, ran.err, ran.json) == (0, "", OPEN)
    assert list(ran.json) == SUMMARY_KEYS
    assert not data.exists()


def test_a_saved_replay_can_be_exported_by_another_process(data: Path, scenario: Written):
    saved = process(data, "replay", "--save", scenario(EXAMPLE))
    assert (saved.status, saved.err) == (0, "")
    exported = process(data, "export", "--format", "json")
    assert (exported.status, exported.err) == (0, "")
    [record] = exported.json
    assert list(record) == EXPORT_KEYS
    assert record["session"] == saved.json["session"]
    assert {"session": record["session"]} | record["summary"] == saved.json == {"session": record["session"]} | OPEN
    assert {key: record[key] for key in HEAD} == HEAD
    assert record["drill"] is False
    assert [event["data"].get("mark") for event in record["events"]] == [
        None,
        "scan_started",
        "skin_puncture",
        "withdrawn",
    ]


def test_bad_input_to_a_process_of_its_own_ends_with_2_one_sentence_and_no_traceback(data: Path, scenario: Written):
    ran = process(data, "replay", "--save", scenario(EXAMPLE | {"dose": 0}))
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("scenario.json: dose: expected a whole number from 1 to 1000, found 0")
    assert not data.exists()


def test_checking_a_protocol_in_a_process_of_its_own_ends_with_0_1_or_2(data: Path, tmp_path: Path):
    shipped = ROOT / "core" / "protocols" / "lumbar-nusinersen.toml"
    broken = tmp_path / "broken.toml"
    broken.write_text(shipped.read_text(encoding="utf-8").replace("limit = 3\n", "limit = 0\n"), encoding="utf-8")
    good, wrong, absent = (process(data, "check", path) for path in (shipped, broken, tmp_path / "absent.toml"))
    assert (good.status, good.err, good.json["id"]) == (0, "", LUMBAR.id)
    assert (wrong.status, wrong.out, wrong.err.count("\n")) == (1, "", 1)
    assert (absent.status, absent.out, absent.err.count("\n")) == (2, "", 1)


def test_exporting_one_session_prints_a_list_of_it_alone(data: Path, run: Run, scenario: Written):
    first, second = (run("replay", "--save", scenario(EXAMPLE | {"dose": dose})).json["session"] for dose in (1, 2))
    assert [record["session"] for record in run("export", "--format", "json", "--session", second).json] == [second]
    assert {record["session"] for record in run("export", "--format", "json").json} == {first, second}


def test_exporting_where_nothing_was_stored_prints_an_empty_list(data: Path, run: Run):
    ran = run("export", "--format", "json")
    assert (ran.status, ran.err, ran.json) == (0, "", [])


@pytest.mark.parametrize("unknown", ["20261120-aaaaaaaaaa", "../../etc/passwd", ""])
def test_exporting_a_session_that_is_not_there_ends_with_2_and_one_sentence(
    data: Path, run: Run, scenario: Written, unknown: str
):
    run("replay", "--save", scenario(EXAMPLE))
    ran = run("export", "--format", "json", "--session", unknown)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_a_drill_never_mixes_with_exported_records_unless_it_is_asked_for(data: Path, run: Run, scenario: Written):
    saved = run("replay", "--save", scenario(EXAMPLE | {"drill": True})).json["session"]
    assert run("export", "--format", "json").json == []
    assert [record["drill"] for record in run("export", "--format", "json", "--drills").json] == [True]
    assert [record["drill"] for record in run("export", "--format", "json", "--session", saved).json] == [True]


def test_a_saved_scenario_ends_now_or_begins_at_its_start(data: Path, run: Run, scenario: Written):
    run("replay", "--save", scenario(EXAMPLE))
    [record] = run("export", "--format", "json").json
    assert 0 <= record["events"][-1]["received"] - record["events"][-1]["at"] < 60_000
    run("replay", "--save", scenario(EXAMPLE | {"dose": 2, "start": "2021-05-01T09:00:00Z"}))
    [dated] = [record for record in run("export", "--format", "json").json if record["dose"] == 2]
    assert dated["events"][0]["at"] == 1_619_859_600_000
    assert dated["summary"] == record["summary"] == OPEN


def test_a_saved_scenario_may_end_at_most_24_hours_from_now(data: Path, run: Run, scenario: Written):
    ran = run("replay", "--save", scenario(EXAMPLE | {"start": "2999-01-01T00:00:00Z"}))
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "scenario.json: start: expected a record that ends at most 24 h from now, found" in ran.err
    assert not data.exists()
    assert run("replay", scenario(EXAMPLE | {"start": "2999-01-01T00:00:00Z"})).status == 0


def test_an_en_dash_is_accepted_in_an_interspace_and_never_printed(data: Path, run: Run, scenario: Written):
    dashed = EXAMPLE | {
        "values": {"reserved_channel": "L2–L3"},
        "events": [mark(0, "scan_started"), mark(60, "skin_puncture", interspace="L2–L3"), mark(90, "csf_outflow")],
    }
    saved = run("replay", "--save", scenario(dashed))
    exported = run("export", "--format", "json")
    assert saved.json["insertions_by_interspace"] == {"L2-L3": 1}
    for text in (saved.out, exported.out, json.dumps([saved.json, exported.json], ensure_ascii=False)):
        assert "–" not in text
        assert "\\u2013" not in text
    refused = run("replay", scenario(dashed | {"events": [mark(0, "skin_puncture", interspace="L6–S1")]}))
    assert refused.status == 2
    assert "–" not in refused.err


def test_hours_may_exceed_24(data: Path, run: Run, scenario: Written):
    late = [mark(0, "supine_started"), {"t": "100:00:01", "mark": "supine_ended"}]
    assert run("replay", scenario(HEAD | {"events": late})).json["supine_time_s"] == 360_001


def test_entries_may_say_why_where_by_whom_and_in_any_language(data: Path, run: Run, scenario: Written):
    noted = [
        mark(0, "scan_started", device="tablet-2", by="RN Müller", reason="late\nsecond line"),
        {"t": "00:00:01", "note": "病人\u3000安静 — « calme » 👩\u200d⚕️", "at": "00:00:00"},
        {"t": "00:00:02", "complication": "headache", "text": "on the left"},
        {"t": "00:00:03", "check": "time_out"},
        {"t": "00:00:04", "value": "weight_kg", "is": 34.5},
    ]
    assert run("replay", "--save", scenario(HEAD | {"recorder": "RN Roy", "events": noted})).status == 0
    [record] = run("export", "--format", "json").json
    assert [event["by"] for event in record["events"]] == [
        "RN Roy",
        "RN Müller",
        "RN Roy",
        "RN Roy",
        "RN Roy",
        "RN Roy",
    ]
    assert record["events"][2]["data"]["text"] == noted[1]["note"]
    assert record["events"][1]["device"] == "tablet-2"
    assert record["summary"]["to_review"] == []


def test_what_was_stored_as_a_value_out_of_range_is_exported_with_its_review(data: Path, run: Run, scenario: Written):
    run("replay", "--save", scenario(HEAD | {"values": {"weight_kg": 0.5}, "events": []}))
    [record] = run("export", "--format", "json").json
    [item] = record["summary"]["to_review"]
    assert (item["kind"], item["t"]) == ("out_of_range", "00:00:00")
    assert "0.5" in item["text"]
    assert record["events"][1]["data"] == {"value": "weight_kg", "is": 0.5}

"""Records leave and come back by the command line: the format alone on stdout, sentences on stderr."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fhir.resources.R4B.bundle import Bundle

from core.__main__ import main
from core.records import sessions
from core.transfer.exports import FORMATS
from tests.helpers.kept import INJECTED, cervical, keep, stored, table, with_everything
from tests.helpers.tables import CERVICAL, LUMBAR


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Run = Callable[..., Ran]
TEXTS = [
    name for name, format_ in FORMATS.items() if not format_.plain
]  # tests/transfer/test_workbook.py has the other


@pytest.fixture
def run(data: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs a command of `python -m core`; what it printed."""

    def ran(*words: Any) -> Ran:
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        return Ran(status, out.decode(), err.decode())

    return ran


def test_csv_is_a_table_of_every_record_but_drills_and_those_only_when_asked_for(run: Run):
    session, drill = with_everything(), keep(INJECTED, "2026-03-03T09:00:00Z", patient="DRILL-1", drill=True)
    ran = run("export", "--format", "csv")
    assert (ran.status, ran.err) == (0, "")
    assert [row["session"] for row in table(ran.out)] == [session]
    assert [row["session"] for row in table(run("export", "--format", "csv", "--drills").out)] == [session, drill]
    assert [row["drill"] for row in table(run("export", "--format", "csv", "--session", drill).out)] == ["1"]


@pytest.mark.parametrize("format_", TEXTS)
def test_every_format_prints_itself_alone_and_its_data_dictionary_when_asked(run: Run, format_: str):
    with_everything()
    cervical()
    ran, described = run("export", "--format", format_), run("export", "--format", format_, "--dictionary")
    assert (ran.status, ran.err, described.status, described.err) == (0, "", 0, "")
    assert len(table(described.out)) > 10
    if format_ in ("fhir", "archive"):
        json.loads(ran.out)
    else:
        assert len(table(ran.out)) >= 2
    assert not ran.out.startswith("\ufeff")


def test_fhir_is_one_valid_bundle(run: Run):
    with_everything()
    cervical()
    assert Bundle.model_validate_json(run("export", "--format", "fhir").out).type == "collection"


@pytest.mark.parametrize("format_", ["json", "csv"])
def test_filters_narrow_any_format(run: Run, format_: str):
    first, neck = with_everything(), cervical()

    def sessions_found(*filters: str) -> list[str]:
        ran = run("export", "--format", format_, *filters)
        assert ran.status == 0
        rows = json.loads(ran.out) if format_ == "json" else table(ran.out)
        return [row["session"] for row in rows]

    assert sessions_found("--patient", "P-006") == [first]
    assert sessions_found("--operator", "BL") == [first]
    assert sessions_found("--protocol", CERVICAL.id) == [neck]
    assert sessions_found("--since", "2026-02-02") == [neck]
    assert sessions_found("--until", "2026-02-01") == [first]
    assert sessions_found("--until", "2026-02-02", "--to-review") == [first, neck]
    assert sessions_found("--outcome", "Open") == []


@pytest.mark.parametrize("format_", ["json", "csv"])
@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (("--since", "2026-02-02", "--until", "2026-02-01"), "--until: expected 2026-02-02 (--since) or a later day, "),
        (("--outcome", "Succes"), "--outcome: expected one of "),
        (("--protocol", "lumbar"), "--protocol: expected one of "),
    ],
)
def test_a_filter_that_nothing_could_fit_ends_with_2_and_one_sentence(
    run: Run, format_: str, filters: tuple[str, ...], sentence: str
):
    with_everything()
    ran = run("export", "--format", format_, *filters)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith(sentence)
    assert filters[-1] in ran.err


@pytest.mark.parametrize("format_", ["json", "csv"])
def test_a_reader_that_leaves_early_ends_an_export_quietly(data: Path, format_: str):
    with_everything()
    command = [sys.executable, "-m", "core", "export", "--format", format_]
    ours, theirs = os.pipe()
    os.close(ours)  # nobody reads
    with open(theirs, "wb") as out:
        environment = os.environ | {"INTERSPACE_DATA": str(data)}
        root = Path(__file__).parents[2]
        ended = subprocess.run(command, cwd=root, env=environment, stdout=out, stderr=subprocess.PIPE, timeout=60)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_json_keeps_its_promised_keys_with_filters_too(run: Run):
    with_everything()
    (record,) = json.loads(run("export", "--format", "json", "--patient", "P-006").out)
    assert list(record) == ["session", "protocol", "patient", "dose", "operator", "drill", "events", "summary"]


@pytest.mark.parametrize("format_", TEXTS)
def test_a_record_that_cannot_be_read_is_told_and_the_others_are_printed(run: Run, data: Path, format_: str):
    with_everything()
    torn = cervical()
    path = next(data.glob(f"sessions/*/{torn}.json"))
    path.write_bytes(path.read_bytes()[:200])
    ran = run("export", "--format", format_)
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert torn in ran.err
    assert "20260131-everything" in ran.out
    outcome = run("export", "--format", format_, "--session", torn)
    assert (outcome.status, outcome.out, outcome.err.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("unknown", ["20261120-aaaaaaaaaa", "../../etc/passwd", ""])
def test_a_session_that_is_not_there_ends_with_2_and_one_sentence(run: Run, unknown: str):
    with_everything()
    ran = run("export", "--format", "csv", "--session", unknown)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_an_archive_is_imported_into_another_folder_and_exports_the_same(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with_everything()
    cervical()
    path = tmp_path / "archive.json"
    path.write_text(run("export", "--format", "archive").out, encoding="utf-8")
    before, printed = stored(data), run("export", "--format", "json").out
    monkeypatch.setenv("INTERSPACE_DATA", str(tmp_path / "other"))
    assert json.loads(run("import", "--check", path).out)["added"] == 2
    assert stored(tmp_path / "other") == {}
    first, again = run("import", path), run("import", path)
    assert json.loads(first.out) == {"added": 2, "completed": 0, "unchanged": 0, "refused": 0}
    assert json.loads(again.out) == {"added": 0, "completed": 0, "unchanged": 2, "refused": 0}
    assert stored(tmp_path / "other") == before
    assert run("export", "--format", "json").out == printed


def test_an_archive_with_a_bad_record_imports_the_good_ones_and_ends_with_1(run: Run, tmp_path: Path):
    with_everything()
    archive = json.loads(run("export", "--format", "archive").out)
    archive["records"].append(archive["records"][0] | {"session": "20260131-another"})
    path = tmp_path / "archive.json"
    path.write_text(json.dumps(archive | {"count": 2}), encoding="utf-8")
    ran = run("import", path)
    assert (ran.status, json.loads(ran.out)["refused"], ran.err.count("\n")) == (1, 1, 1)
    assert "Record 2: expected the head of session 20260131-another" in ran.err


def test_paper_records_are_imported_on_the_clock_of_their_zone(run: Run, tmp_path: Path):
    path = tmp_path / "paper.csv"
    head = "sheet,protocol,patient,dose,date,time,kind,what"
    path.write_text(f"{head}\n1,{LUMBAR.id},P-001,1,2021-05-03,10:00,mark,scan_started\n", encoding="utf-8")
    ran = run("import", path, "--zone", "Europe/Berlin", "--by", "MM")
    assert (ran.status, json.loads(ran.out)) == (0, {"added": 1, "unchanged": 0})
    (record,) = json.loads(run("export", "--format", "json").out)
    assert [(event["at"], event["by"]) for event in record["events"]] == [(1_620_028_800_000, "MM")] * 2
    assert json.loads(run("import", path, "--zone", "Europe/Berlin").out) == {"added": 0, "unchanged": 1}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "expected the columns"),
        (b'{"format": ', "no whole JSON"),
        (b"[]", "found other JSON"),
        (b"sheet,patient,dose,date,time,kind,what\n1,P 1,1,2021-05-03,10:00,check,consent\n", "column protocol"),
    ],
)
def test_a_file_that_cannot_be_imported_ends_with_2_names_the_file_and_writes_nothing(
    run: Run, data: Path, tmp_path: Path, content: bytes, sentence: str
):
    path = tmp_path / "some.file"
    path.write_bytes(content)
    ran = run("import", path)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("some.file: ")
    assert sentence in ran.err
    assert list(sessions.store().sessions()) == []


def test_an_absent_file_and_an_unknown_zone_get_a_sentence(run: Run, tmp_path: Path):
    absent = run("import", tmp_path / "absent.csv")
    assert (absent.status, absent.err) == (
        2,
        "absent.csv: expected a readable file, found: No such file or directory\n",
    )
    path = tmp_path / "paper.csv"
    path.write_text("sheet\n", encoding="utf-8")
    zone = run("import", path, "--zone", "Europe/Atlantis")
    assert zone.status == 2
    assert zone.err == "paper.csv: expected a time zone like Europe/Berlin, found 'Europe/Atlantis'\n"

"""The published cohort through the engine and the store: stored, exported, read back, and the paper's figures found."""

import io
import json
import os
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from core import clock
from core.__main__ import main
from core.curves.cohort import published
from core.curves.cohort.published import Row
from core.paths import REFERENCE
from core.records.index import index
from tests.helpers.tables import prompts, replayed, reviewed

Json = dict[str, Any]
SUCCESSES = [row for row in published.punctures() if published.succeeded(row)]
Records = dict[tuple[str, str], Json]  # (case, dose) → the exported record


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """All twenty, each saved by the command line into one data folder, then exported from it."""
    folder = tmp_path_factory.mktemp("cohort")
    was = os.environ.get("INTERSPACE_DATA")
    os.environ["INTERSPACE_DATA"] = str(folder / "data")
    try:
        for content in map(published.as_scenario, published.punctures()):
            path = folder / "scenario.json"
            path.write_text(json.dumps(content), encoding="utf-8")
            command("replay", "--save", str(path))
        exported = command("export", "--format", "json")
    finally:
        del os.environ["INTERSPACE_DATA"]
        if was is not None:
            os.environ["INTERSPACE_DATA"] = was
    return {(record["patient"].removeprefix("case-"), str(record["dose"])): record for record in exported}


@pytest.fixture(scope="module")
def succeeded(records: Records) -> list[Json]:
    return [record["summary"] for record in records.values() if record["summary"]["outcome"] == "success"]


def command(*words: str) -> Any:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        assert main(list(words)) == 0, err.getvalue()
    assert err.getvalue() == ""
    return json.loads(out.getvalue())


def test_nineteen_of_the_twenty_punctures_succeed(records: Records, succeeded: list[Json]):
    assert (len(succeeded), len(records)) == (19, 20)
    assert round(100 * len(succeeded) / len(records)) == 95


def test_the_median_operation_takes_19_minutes_from_13_to_56(succeeded: list[Json]):
    took = [figures["operation_time_s"] / 60 for figures in succeeded]
    assert (median(took), min(took), max(took)) == (19, 13, 56)


def test_the_median_puncture_takes_3_minutes_from_2_to_30(succeeded: list[Json]):
    took = [figures["puncture_time_s"] / 60 for figures in succeeded]
    assert (median(took), min(took), max(took)) == (3, 2, 30)


def test_17_of_the_19_successes_took_at_most_two_insertions(succeeded: list[Json]):
    few = [figures for figures in succeeded if figures["insertions"] <= 2]
    assert len(few) == 17
    assert round(100 * len(few) / len(succeeded), 1) == 89.5


def test_two_successes_are_transforaminal_two_parasagittal_oblique_and_fifteen_near_spinous(records: Records):
    used = Counter(approach(record) for record in records.values() if record["summary"]["outcome"] == "success")
    assert used == {"transforaminal": 2, "parasagittal oblique": 2, "near-spinous process": 15}


def test_15_of_16_near_spinous_punctures_succeed(records: Records):
    near = [record["summary"]["outcome"] for record in records.values() if approach(record) == "near-spinous process"]
    assert Counter(near) == {"success": 15, "ct_guidance": 1}


@pytest.mark.parametrize(
    "row",
    SUCCESSES,
    ids=lambda row: f"case {row['case']} dose {row['dose_in_series']}",
)
def test_each_success_has_the_figures_of_its_row(records: Records, row: Row):
    figures = records[row["case"], row["dose_in_series"]]["summary"]
    computed = [figures[key] for key in ("insertions", "interspaces_used", "operation_time_s", "puncture_time_s")]
    published = [int(row[key]) for key in ("insertions", "interspaces_used", "operation_min", "puncture_min")]
    assert computed == [*published[:2], *(60 * minutes for minutes in published[2:])]
    assert list(figures["insertions_by_interspace"])[-1] == row["interspace"]
    assert (reviewed(figures), figures["outcome"]) == ([], row["outcome"])


def test_what_is_stored_and_read_back_is_what_the_engine_said(records: Records):
    for content in map(published.as_scenario, published.punctures()):
        record = records[content["patient"].removeprefix("case-"), str(content["dose"])]
        head = {key: value for key, value in content.items() if key != "events"}
        assert record["summary"] == replayed(content["events"], **head)


def test_case_6_dose_1_is_advised_two_changes_of_interspace_and_no_ct(records: Records):
    figures = records["6", "1"]["summary"]
    assert [kind for kind, _ in prompts(figures)] == ["change_interspace", "change_interspace"]
    assert figures["insertions_by_interspace"] == {"L2-L3": 3, "L3-L4": 3, "L4-L5": 2}


def test_no_other_success_is_advised_anything_not_even_case_2_dose_1_with_its_three_insertions(records: Records):
    advised = {key for key, record in records.items() if prompts(record["summary"])}
    assert advised - {("7", "4")} == {("6", "1")}
    assert records["2", "1"]["summary"]["insertions"] == 3


def test_case_7_dose_4_ends_in_ct_guidance_and_says_that_it_is_invented(records: Records):
    record = records["7", "4"]
    assert [kind for kind, _ in prompts(record["summary"])] == ["change_interspace", "change_interspace", "ct_guidance"]
    assert record["summary"]["outcome"] == "ct_guidance"
    assert (record["summary"]["operation_time_s"], record["summary"]["puncture_time_s"]) == (None, None)
    assert reviewed(record["summary"]) == []
    assert published.cohort().failed_note in [event["data"].get("text") for event in record["events"]]


def test_the_command_prints_the_twenty_and_stores_them_apart_from_any_operator(
    data: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["cohort"]) == 0
    assert json.loads(capsys.readouterr().out) == [published.as_scenario(row) for row in published.punctures()]
    assert not list(data.glob("sessions/**/*.json"))
    assert main(["cohort", "--save"]) == 0
    stored = json.loads(capsys.readouterr().out)
    rows = index().rows()
    assert sorted(row.session for row in rows) == sorted(stored)
    assert len(stored) == 20
    assert {row.operator for row in rows} == {"Not Published"}
    assert main(["cohort", "--save"]) == 0
    assert json.loads(capsys.readouterr().out) == stored
    assert len(index().rows()) == 20
    assert {row.opened_at < clock.now_ms() - 365 * 24 * 3600 * 1000 for row in rows} == {True}


def test_the_numbness_is_a_complication_of_case_1_s_second_dose_alone(records: Records):
    complicated = {
        key for key, record in records.items() if any(event["kind"] == "complication" for event in record["events"])
    }
    assert complicated == {("1", "2")}


def test_the_reference_copies_hold_twenty_punctures_of_seven_cases_and_every_column_is_explained():
    readme = (REFERENCE / "README.md").read_text(encoding="utf-8")
    rows = published.punctures()
    assert (len(rows), len({row["case"] for row in rows})) == (20, 7)
    assert [column for column in rows[0] if f"`{column}`" not in readme] == []
    assert "Orphanet J Rare Dis 2023;18:30" in readme


def approach(record: Json) -> str:
    """The approach of the last insertion."""
    return str(
        [event["data"]["approach"] for event in record["events"] if event["data"].get("mark") == "skin_puncture"][-1]
    )

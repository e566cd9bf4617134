"""The paper from raw taps: its headline figures and its table are found again; where they differ is said."""

import csv

import pytest

from core.curves.publication import data, figures
from core.curves.publication.data import Dose
from core.paths import REFERENCE

DOSES = {(dose.case, dose.dose): dose for dose in data.doses()}
FOUND = {headline.about: headline for headline in figures.headlines()}
DIFFERENT = {difference.about: difference for difference in figures.differences()}


def table() -> list[dict[str, str]]:
    with (REFERENCE / "published_punctures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("about", "figure"),
    [
        ("Successful punctures", "19/20 (95 %)"),
        ("At most two insertions, of the successful", "17/19 (89.5 %)"),
        ("Operation time, median (range)", "19 min (13–56)"),
        ("Puncture time, median (range)", "3 min (2–30)"),
        ("Successful by the near-spinous process approach", "15 of 16"),
        ("Successful by the parasagittal oblique approach", "2"),
        ("Successful by the transforaminal approach", "2"),
        ("Last dose quicker than the first", "yes"),
    ],
)
def test_a_headline_figure_of_the_paper_comes_out_of_the_events(about: str, figure: str):
    assert FOUND[about].found == figure
    assert FOUND[about].same


def test_there_is_no_other_headline():
    assert len(FOUND) == 8


@pytest.mark.parametrize("row", table(), ids=lambda row: f"case {row['case']} dose {row['dose_in_series']}")
def test_the_figures_of_each_puncture_are_those_of_its_row(row: dict[str, str]):
    dose = DOSES[row["case"], int(row["dose_in_series"])]
    assert dose.succeeded == (row["outcome"] == "success")
    assert (dose.where, dose.approach) == (row["interspace"] if dose.succeeded else dose.where, row["approach"])
    columns = {
        "puncture": "puncture_min",
        "operation": "operation_min",
        "insertions": "insertions",
        "interspaces_used": "interspaces_used",
    }
    for figure, column in columns.items():
        computed, published = dose.figures[figure]
        assert published == (float(row[column]) if row[column] else None)
        assert published is None or computed == published
    assert dose.same


def test_a_figure_that_did_not_come_out_would_be_seen():
    dose = DOSES["6", 1]
    wrong = Dose(
        **{name: getattr(dose, name) for name in dose.__struct_fields__} | {"figures": {"puncture": (29.0, 30.0)}}
    )
    assert not wrong.same
    assert not figures.Line("Puncture time", "3 min (2–30)", "Results", "3 min (2–29)").same


def test_first_against_last_dose_of_the_four_patients_with_several():
    sentences = {
        case: [first.figures["puncture"][0], last.figures["puncture"][0]] for case, first, last in data.first_and_last()
    }
    assert sentences == {"1": [12, 3], "2": [20, 2], "3": [7, 2], "6": [30, 3]}


@pytest.mark.parametrize(
    ("about", "parts"),
    [
        ("CHOP-INTEND gain", ["5, 7, 8 and 11", "median 7.5,", "mean 7.75"]),
        ("Months since the spine operation", ["1, 1, 5, 23 and 40", "median 5", "range 1 to 40"]),
        ("SMA subtypes", ["2 with 1c", "1 with 2a", "2 with 2b", "2 with 3a"]),
        ("Procedures of case 7", ["doses 3 and 4", "succeeded and failed", "20 punctures"]),
        ("First doses of cases 2 and 6", ["3 and 8 insertions", "19 successes"]),
        ("Ages", ["12, 12, 12, 13, 15, 16 and 19", "12 is not yet", "19 is an adult"]),
        ("Compression", ["achieve"]),
    ],
)
def test_a_place_where_paper_and_data_differ_is_named_with_what_the_data_give(about: str, parts: list[str]):
    assert [part for part in parts if part not in DIFFERENT[about].data] == []
    assert "{" not in DIFFERENT[about].data + DIFFERENT[about].paper
    assert len(DIFFERENT) == 7


def test_no_number_of_ours_is_written_into_the_words():
    """What we give is computed: outside of names in braces the file holds digits only in what the paper says."""
    text = (REFERENCE / "paper.toml").read_text(encoding="utf-8")
    ours = [line for line in text.splitlines() if line.startswith(("found =", "data ="))]
    assert len(ours) == len(FOUND) + len(DIFFERENT)
    for line in ours:
        bare = "".join(part.partition("}")[2] or part if n else part for n, part in enumerate(line.split("{")))
        assert [c for c in bare.replace("Table 1", "") if c.isdigit()] == []

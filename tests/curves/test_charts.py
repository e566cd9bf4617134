"""What a chart is made of: the colours of the tokens, zero where it must be, n on every mark, one text, files."""

from typing import Any

import altair as alt
import pytest

from core.curves import cases as metrics
from core.curves import choice, lc_cusum, marks, replay
from core.curves import words as words_of
from core.curves.cases import GOOD
from core.curves.charts import bands, curve, look, publication
from core.curves.charts import cusum as charts_cusum
from core.curves.charts import ribbon as charts_ribbon
from core.curves.charts.colours import roles
from core.curves.choice import Choice
from core.curves.cohort import published
from core.curves.marks import Band
from core.curves.publication import data as paper_data
from core.paths import BOARD
from tests.helpers import invented
from tests.helpers.tables import LUMBAR

Json = dict[str, Any]
assert LUMBAR.curve
CURVE = LUMBAR.curve
FIGURES = [*metrics.figures(LUMBAR), metrics.success(CURVE)]
COUNT = 760


@pytest.fixture(scope="module")
def frame() -> Any:
    return metrics.cases(invented.rows(COUNT, seed=8), LUMBAR).frame


def drawn(frame: Any, figure: metrics.Figure, log: bool = False, dark: bool = False, **by: Any) -> Json:
    cases = choice.chosen(frame, Choice(**by), CURVE)
    points = marks.bins(cases, figure) if len(cases) > marks.MOST_MARKS else marks.marks(cases, figure, CURVE.running)
    ranges = marks.bands(LUMBAR.id, figure, by.get("doses"))
    return look.dressed(curve.curve(points, figure, ranges, log, dark), "What it shows", dark)


def values_of(spec: Any, key: str) -> list[Any]:
    """Everything that stands under a key, at any depth."""
    if isinstance(spec, list):
        return [value for part in spec for value in values_of(part, key)]
    if not isinstance(spec, dict):
        return []
    here = [spec[key]] if key in spec else []
    return here + [value for part in spec.values() for value in values_of(part, key)]


def heights(spec: Json) -> list[Any]:
    """The ranges of the upright axis."""
    return [axis["scale"]["domain"] for axis in values_of(spec, "y") if isinstance(axis, dict) and "scale" in axis]


def points_of(spec: Json) -> list[Json]:
    """The largest set of data of a chart: its marks."""
    return max(spec["datasets"].values(), key=len)


# ---------------------------------------------------------------------------------------------------------------- axes
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.label)
def test_every_figure_begins_at_zero_unless_it_is_asked_to_be_logarithmic(frame: Any, figure: metrics.Figure):
    plain = drawn(frame, figure, operator="AK")
    assert {low for low, _ in heights(plain)} == {0}
    highest = max(point["drawn"] for point in points_of(plain))
    assert all(high >= highest for _, high in heights(plain))


def test_a_logarithmic_scale_holds_every_mark_above_zero(frame: Any):
    spec = drawn(frame, FIGURES[0], log=True, operator="AK")
    least = min(point["drawn"] for point in points_of(spec))
    assert all(0 < low <= least for low, _ in heights(spec))
    assert set(values_of(spec, "type")) >= {"log"}


# --------------------------------------------------------------------------------------------------------------- marks
@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.label)
def test_every_case_is_a_mark_with_its_n_and_what_a_touch_says(frame: Any, figure: metrics.Figure):
    spec = drawn(frame, figure, operator="AK")
    cases = choice.chosen(frame, Choice(operator="AK"), CURVE)
    assert len(points_of(spec)) == len(cases)
    assert {point["n"] for point in points_of(spec)} == set(range(1, CURVE.running + 1))
    assert all(point["label"].startswith(f"Case {point['place']}: {point['patient']}") for point in points_of(spec))
    shown = {point["shown"] for point in points_of(spec)}
    firsts = int((cases["doses"] == metrics.FIRST).sum())
    assert shown == {f"First dose (n = {firsts})", f"Repeat dose (n = {len(cases) - firsts})"}


def test_many_cases_are_drawn_as_bins_that_hold_them_all(frame: Any):
    spec = drawn(frame, FIGURES[0])
    assert len(points_of(spec)) <= 2 * marks.BINS
    assert sum(point["n"] for point in points_of(spec)) == len(frame)
    assert all(f"(n = {point['n']})" in point["label"] for point in points_of(spec))


def test_a_clock_that_never_ended_stands_at_the_upper_edge_and_says_so(frame: Any):
    spec = drawn(frame, FIGURES[0], operator="CM")
    never = [point for point in points_of(spec) if point["value"] is None]
    assert len(never) > 0
    assert all(point["value_said"] == "never ended" for point in never)
    assert {point["drawn"] for point in never} == {max(high for _, high in heights(spec))}


def names_of_bands(spec: Json) -> list[str]:
    return [band["name"] for data in spec["datasets"].values() for band in data if "name" in band]


def test_the_published_range_is_shaded_per_dose_and_named_with_its_n_beside_the_plot(frame: Any):
    spec = drawn(frame, FIGURES[0])
    words = "\n".join(names_of_bands(spec)).replace("published\n", "").split("\n")
    assert sorted(words) == [
        "dose 1 (n = 4)",
        "dose 2 (n = 4)",
        "dose 3 (n = 5)",
        "dose 4 (n = 5)",
        "dose 5 (n = 1)",
    ]
    texts = [layer for layer in spec["layer"] if layer["mark"].get("lineBreak") and layer["mark"]["align"] == "left"]
    beside = [layer for layer in texts if layer["encoding"]["x"] == {"value": "width"}]
    assert len(beside) == len(names_of_bands(spec))
    assert spec["padding"]["right"] > look.PADDING["right"]
    assert names_of_bands(drawn(frame, FIGURES[0], doses=metrics.FIRST)) == ["published\ndose 1 (n = 4)"]


def test_names_of_ranges_that_would_meet_stand_together():
    scale = alt.Scale(type="linear", domain=[0, 100])
    near = [Band(f"dose {n}", n == 1, 0, 5, high, 4) for n, high in enumerate((90, 88, 30), 1)]
    assert names_of_bands(alt.layer(*bands.named(near, scale, roles(False))).to_dict()) == [
        "published\ndose 1 (n = 4)\ndose 2 (n = 4)",
        "published\ndose 3 (n = 4)",
    ]


@pytest.mark.parametrize("cases", [9, 400], ids=["marks", "bins"])
def test_no_time_at_all_stands_at_the_lower_edge_of_a_logarithmic_scale_and_is_said(frame: Any, cases: int):
    times = frame.head(cases).copy()
    times[FIGURES[0].column] = [*[0.0] * (cases // 3), *[5.0] * (cases // 3), *[12.0] * (cases - 2 * (cases // 3))]
    times["operator"] = "AK"
    spec = drawn(times, FIGURES[0], log=True)
    lowest = {low for low, _ in heights(spec)}
    assert len(lowest) == 1
    assert {point["drawn"] for point in points_of(spec) if point["value"] == 0} == lowest
    assert all(point["drawn"] < max(high for _, high in heights(spec)) for point in points_of(spec))
    assert f"At the lower edge: 0 min (n = {cases // 3})" in words_of.of_edges(times, FIGURES[0], True)
    assert words_of.of_edges(times, FIGURES[0], False) == ""


def test_the_data_of_a_time_say_of_each_case_whether_its_clock_ended(frame: Any):
    cases = choice.chosen(frame, Choice(operator="CM"), CURVE)
    marked = marks.marks(cases, FIGURES[0], CURVE.running)
    table = words_of.table(marked, FIGURES[0])
    assert list(table["Clock"] == "never ended") == list(marked["value"].isna())
    assert marked["value"].isna().any()
    assert "Clock" not in words_of.table(marks.marks(cases, FIGURES[-1], CURVE.running), FIGURES[-1])


# ------------------------------------------------------------------------------------------------------------ the look
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_charts_have_no_colour_but_those_of_the_tokens(frame: Any, dark: bool):
    known = set(roles(dark).values())
    for spec in (drawn(frame, FIGURES[0], dark=dark), cusum(frame, dark), ribbon(dark), paper(dark)):
        used = [
            colour
            for key in ("color", "fill", "stroke", "background")
            for colour in values_of(spec, key)
            if isinstance(colour, str)
        ]
        assert len(used) > 3
        assert [colour for colour in used if colour not in known] == []


def test_colours_are_read_from_the_tokens_of_the_board():
    tokens = (BOARD / "style" / "tokens.css").read_text(encoding="utf-8")
    for dark in (False, True):
        assert {"card", "ink", "run", "cyan", "amber", "accent-soft", "line"} <= set(roles(dark))
        assert all(colour in tokens for colour in roles(dark).values())
    assert (roles(False)["card"], roles(True)["card"]) == ("#ffffff", "#0d1417")


def test_every_chart_carries_its_text_and_its_symbols_keep_still(frame: Any):
    for spec in (drawn(frame, FIGURES[0]), cusum(frame, False), ribbon(False), paper(False)):
        assert spec["description"] == "What it shows"
        assert spec["config"]["mark"] == {"aria": False}


def test_a_chart_becomes_a_picture_and_a_drawing_that_say_what_whose_when_and_how_many(frame: Any):
    spec = drawn(frame, FIGURES[0], operator="CM")
    cases = choice.chosen(frame, Choice(operator="CM"), CURVE)
    about = [words_of.of_choice(Choice(operator="CM"), LUMBAR, cases), words_of.of_edges(cases, FIGURES[0], False)]
    title = "Puncture time, case by case"
    picture, drawing = look.png(spec, title, about), look.svg(spec, title, about)
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
    assert drawing.startswith("<svg")
    for part in (title, "operator CM", f"{len(cases)} cases, 20", "Triangles at the upper edge: never ended", "Case<"):
        assert part in drawing
    assert "dose 1 (n = 4)" in drawing


# -------------------------------------------------------------------------------------------------- the other charts
def cusum(frame: Any, dark: bool) -> Json:
    evidence = CURVE.evidence
    design = lc_cusum.Design(evidence.p0, evidence.p1, evidence.horizon, evidence.false_adequate)
    cases = choice.chosen(frame, Choice(operator="DS"), CURVE)
    series = [bool(good) for good in cases[GOOD] > 0]
    watched = lc_cusum.watch(series, design, lc_cusum.limit(design))
    assert watched.adequate_at
    chart = charts_cusum.cusum(watched, series, list(cases["patient"]), lc_cusum.limit(design), dark)
    return look.dressed(chart, "What it shows", dark)


def ribbon(dark: bool) -> Json:
    session = next(
        candidate for row, candidate in published.sessions() if (row["case"], row["dose_in_series"]) == ("6", "1")
    )
    layers = replay.ribbon(session, [])
    return look.dressed(charts_ribbon.ribbon(layers, layers.needle_end, dark), "What it shows", dark)


def paper(dark: bool) -> Json:
    return look.dressed(publication.doses(paper_data.doses(), FIGURES[0], dark), "What it shows", dark)


def test_lc_cusum_draws_the_cases_watched_and_its_limit(frame: Any):
    spec = cusum(frame, False)
    assert len(points_of(spec)) == CURVE.evidence.horizon
    assert [datum["name"] for data in spec["datasets"].values() for datum in data if "h" in datum] == [
        "adequate from h = 3.55"
    ]


def test_the_ribbon_can_be_touched_wherever_something_is(frame: Any):
    labels = [datum["label"] for data in ribbon(False)["datasets"].values() for datum in data if "label" in datum]
    assert "8. L4–L5: CSF outflow: 3.8 min, from 49.8" in labels
    assert "asked: Change interspace (32.9 min)" in labels
    assert any(label.startswith("Puncture time: 30.0 min") for label in labels)

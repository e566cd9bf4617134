"""A score from dose to dose as it is drawn: what could not be tested is no point, least of all one at 0."""

from typing import Any

import pytest

from core.curves.charts import scores
from core.facts.scores import ScoreReading
from tests.helpers.courses import DAY_MS
from tests.helpers.tables import LUMBAR

VALUE = LUMBAR.value[LUMBAR.score[0].value]


def drawn(*readings: ScoreReading) -> tuple[list[Any], list[Any], Any]:
    """(points drawn, days marked as not tested, range of the axis)."""
    chart = scores.course(VALUE, readings, "said", dark=False)
    circle = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "circle")
    rule = next(layer for layer in chart["layer"] if layer["mark"]["type"] == "rule")
    points = [row["points"] for row in chart["datasets"][circle["data"]["name"]]]
    days = [row["day"][:10] for row in chart["datasets"][rule["data"]["name"]]]
    return points, days, circle["encoding"]["y"]["scale"]["domain"]


def test_could_not_test_is_a_line_of_its_own_and_0_is_a_point():
    tested, untested = ScoreReading("chop_intend", 0, 0.0, ""), ScoreReading("chop_intend", DAY_MS, None, "asleep")
    assert drawn(tested, untested) == ([0], ["1970-01-02"], [VALUE.min, VALUE.max])


@pytest.mark.parametrize("dark", [False, True])
def test_the_chart_says_in_words_what_it_shows(dark: bool):
    chart = scores.course(VALUE, [ScoreReading("chop_intend", 0, 31.0, "")], "CHOP-INTEND: 31 points", dark)
    assert chart["description"] == "CHOP-INTEND: 31 points"

"""A score from dose to dose as an altair chart; "could not test" is a dashed line, never a point at 0."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from core import site
from core.curves.charts.colours import roles
from core.curves.charts.look import FINGER, WIDE, Spec, dressed
from core.facts.scores import ScoreReading
from core.protocols.tables import Value

HEIGHT = 220
UNTESTED = "not tested"


def course(value: Value, readings: Sequence[ScoreReading], text: str, dark: bool) -> Spec:
    """The readings over their days on the score's whole range; `text` says the same to who cannot see it."""
    ink = roles(dark)
    days = [
        site.local(reading.at).replace(tzinfo=None) for reading in readings
    ]  # drawn as the site's calendar has them
    frame = pd.DataFrame({"day": days, "points": [reading.points for reading in readings]})
    axis = alt.Axis(format="%-d %b %y", labelOverlap=True, grid=False, tickCount=6)
    x = alt.X("day:T", title=None, axis=axis, scale=alt.Scale(padding=32))
    y = alt.Y("points:Q", title=value.unit, scale=alt.Scale(domain=[value.min or 0, value.max or 0], nice=False))
    points = alt.Chart(frame[frame["points"].notna()]).encode(x=x, y=y)
    lines = alt.Chart(frame[frame["points"].isna()]).encode(x=x)
    layers = [
        points.mark_line(color=ink["run"], strokeWidth=2),
        points.mark_circle(color=ink["run"], size=120, opacity=1),
        points.mark_circle(size=FINGER, opacity=0).encode(tooltip=["points:Q", "day:T"]),
        points.mark_text(dy=-16, color=ink["ink"], fontSize=16).encode(text="points:Q"),
        lines.mark_rule(color=ink["ink-3"], strokeDash=[4, 4], strokeWidth=2),
        lines.mark_text(color=ink["ink-3"], fontSize=14, dx=8, align="left", text=UNTESTED, y=10),
    ]
    return dressed(alt.layer(*layers, height=HEIGHT, **WIDE), text, dark)

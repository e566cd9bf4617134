"""The published puncture times from dose to dose as an altair chart: a line a patient."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.curves.cases import Figure
from core.curves.charts.colours import roles
from core.curves.charts.look import HEIGHT, WIDE, touched
from core.curves.publication.data import Dose

SHAPES = ["circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "triangle-right"]


def doses(doses_: Sequence[Dose], figure: Figure, dark: bool) -> Any:
    """A figure of each successful dose, logarithmic; every patient has a shape."""
    ink = roles(dark)
    columns = ["case", "dose", "value", "where", "way"]
    won = [dose for dose in doses_ if dose.succeeded]
    rows = [(f"case {dose.case}", dose.dose, dose.figures[figure.id][0], dose.where, dose.approach) for dose in won]
    frame = pd.DataFrame(rows, columns=columns)
    frame["label"] = [
        f"{case}, dose {dose}: {value:g} {figure.unit}\n{where}, {way}" for case, dose, value, where, way in rows
    ]
    cases, numbers = list(dict.fromkeys(frame["case"])), sorted(frame["dose"].unique())
    across = alt.Scale(domain=[numbers[0] - 0.4, numbers[-1] + 0.4], nice=False)
    x = alt.X("dose:Q", title="Dose of the series", scale=across, axis=alt.Axis(values=numbers, format="d", grid=False))
    up = alt.Scale(type="log", nice=False, padding=12)
    y = alt.Y("value:Q", title=figure.unit, scale=up, axis=alt.Axis(format=".9~g", tickCount=5))
    shape = alt.Shape("case:N", scale=alt.Scale(domain=cases, range=SHAPES[: len(cases)]), title=None)
    titles = ["Patient", "Dose", f"{figure.label}, {figure.unit}", "Interspace", "Approach"]
    touch = [alt.Tooltip(f"{column}:N", title=title) for column, title in zip(columns, titles, strict=True)]
    base = alt.Chart()
    layers = [
        base.mark_line(strokeWidth=2, color=ink["run"], opacity=0.55).encode(x=x, y=y, detail=alt.Detail("case:N")),
        base.mark_point(size=110, filled=True, color=ink["run"], opacity=1).encode(x=x, y=y, shape=shape),
        *touched(base, x, y, ["case", "dose"], touch, ink),
    ]
    return alt.layer(*layers, data=frame, height=HEIGHT, **WIDE)

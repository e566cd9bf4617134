"""LC-CUSUM as an altair chart: the sum case by case, its limit, and where it was crossed."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.curves.charts.colours import roles
from core.curves.charts.look import HEIGHT, WIDE, outlined, touched
from core.curves.lc_cusum import Limit, Watch

HEADROOM = 1.15
GOOD = "Success"


def cusum(watched: Watch, successes: Sequence[bool], names: Sequence[str], limit: Limit, dark: bool) -> Any:
    """The sum after each case watched. Successes are filled; a failure is open and takes the sum down; the first
    crossing is a diamond. `names`: what a touch says of each case.
    """
    ink, frame = roles(dark), _told(watched, successes, names)
    last = max(watched.horizon if 2 * len(frame) > watched.horizon else len(frame), 2)
    axis = alt.Axis(grid=False, format="d", tickMinStep=1)
    x = alt.X("case:Q", title="Case", scale=alt.Scale(domain=[0, last], nice=False, padding=12), axis=axis)
    scale = alt.Scale(domain=[0, HEADROOM * max([limit.h, *watched.sums])], nice=False)
    y = alt.Y("sum:Q", title="S", scale=scale, axis=alt.Axis(tickCount=5))
    shown = {label: ink["run"] if label.startswith(GOOD) else ink["card"] for label in frame["shown"].unique()}
    fill = alt.Fill("shown:N", scale=alt.Scale(domain=list(shown), range=list(shown.values())), legend=outlined(ink))
    base = alt.Chart()
    crossed = base.transform_filter(alt.datum.case == watched.adequate_at)
    touch = [
        alt.Tooltip("case:Q", title="Case"),
        alt.Tooltip("name:N", title="Which"),
        alt.Tooltip("what:N", title="Result"),
        alt.Tooltip("sum:Q", title="S", format=".3f"),
    ]
    layers = [
        *_limit(limit, scale, ink),
        base.mark_line(strokeWidth=3, color=ink["run"]).encode(x=x, y=y),
        base.mark_point(size=70, strokeWidth=2, stroke=ink["run"], opacity=1).encode(x=x, y=y, fill=fill),
        crossed.mark_point(size=260, shape="diamond", filled=True, color=ink["go"], opacity=1).encode(x=x, y=y),
        *touched(base, x, y, ["case"], touch, ink),
    ]
    return alt.layer(*layers, data=frame, height=HEIGHT, **WIDE)


def _told(watched: Watch, successes: Sequence[bool], names: Sequence[str]) -> pd.DataFrame:
    rows = [
        (n, s, GOOD if good else "Failure", name)
        for n, (s, good, name) in enumerate(zip(watched.sums, successes, names, strict=False), 1)
    ]
    frame = pd.DataFrame(rows, columns=["case", "sum", "what", "name"])
    frame["label"] = [f"Case {n}: {name}\n{what}, S = {s:.2f}" for n, s, what, name in rows]
    counts = frame["what"].value_counts()
    return frame.assign(shown=[f"{label} (n = {counts[label]})" for label in frame["what"]])


def _limit(limit: Limit, scale: Any, ink: dict[str, str]) -> list[Any]:
    base = alt.Chart(pd.DataFrame([{"h": limit.h, "name": f"adequate from h = {limit.h:g}"}]))
    h = alt.Y("h:Q", scale=scale)
    rule = base.mark_rule(color=ink["amber-line"], strokeWidth=2, strokeDash=[7, 5]).encode(y=h)
    name = base.mark_text(align="right", baseline="bottom", dy=-4, fontSize=13, color=ink["ink-2"])
    return [rule, name.encode(y=h, x=alt.XValue("width"), text=alt.Text("name:N"))]

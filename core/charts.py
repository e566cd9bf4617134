"""A frame of marks → an altair chart of one figure, case by case. Colours, marks and axis words only.

Told apart without colour: first doses are filled and their line is whole, repeats are open and their line is dashed.
"""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from core.charts_look import FINGER, HEIGHT, outlined, sized
from core.colours import roles
from core.marks import Band
from core.metrics import FIRST, REPEAT, Figure

ORDER = [FIRST, REPEAT]
CROWDED = 60  # more marks than this are drawn smaller
HEADROOM = 1.12  # above the highest mark, for names and for what never ended


def curve(told: pd.DataFrame, figure: Figure, bands: Sequence[Band], log: bool, dark: bool) -> Any:
    """A figure case by case over the published range. `told` is of `marks` (a mark a case) or of `bins` (it has `low`).

    Counts, shares and times begin at zero; a logarithmic scale, for times, cannot. A clock that never ended is a
    triangle at the upper edge.
    """
    ink = roles(dark)
    low, top = _ends(told, figure, bands)
    scale = alt.Scale(type="log", domain=[low, top], nice=False) if log else alt.Scale(domain=[0, top], nice=False)
    names = {doses: f"{doses} (n = {n})" for doses in ORDER if (n := _cases(told, doses))}
    told = told.assign(shown=told["doses"].map(names), top=top)
    layers = _published(bands, scale, ink)
    layers += _spread(told, scale, ink) if "low" in told else _middle(told, names, scale, ink)
    layers += _marks(told, figure, names, scale, ink)
    return sized(alt.layer(*layers), HEIGHT)


def _middle(told: pd.DataFrame, names: dict[str, str], scale: Any, ink: dict[str, str]) -> list[Any]:
    """The running median, of first and of repeat doses."""
    dash = alt.Scale(domain=list(names.values()), range=[[1, 0] if one == FIRST else [7, 5] for one in names])
    line = alt.Chart(told[told["middle"].notna()]).mark_line(strokeWidth=3, color=ink["run"])
    shown = alt.StrokeDash("shown:N", scale=dash, legend=outlined(ink))
    return [line.encode(x=_x(), y=alt.Y("middle:Q", scale=scale), strokeDash=shown)]


def _spread(told: pd.DataFrame, scale: Any, ink: dict[str, str]) -> list[Any]:
    """From the lower to the upper quartile of a bin; up to the edge where the upper one never ended."""
    known = told[told["low"].notna()]
    known = known.assign(high=known["high"].fillna(known["top"]))
    bar = alt.Chart(known).mark_rule(strokeWidth=2, color=ink["run"], opacity=0.4)
    return [bar.encode(x=_x(), y=alt.Y("low:Q", scale=scale), y2="high:Q")]


def _marks(told: pd.DataFrame, figure: Figure, names: dict[str, str], scale: Any, ink: dict[str, str]) -> list[Any]:
    """A point for each value, a triangle for each that never ended, and around them what a finger can meet."""
    fill = alt.Scale(domain=list(names.values()), range=[ink["run"] if one == FIRST else ink["card"] for one in names])
    axis = alt.Axis(tickCount=5, format=".9~g", tickMinStep=1)
    y = alt.Y("value:Q", title=figure.unit or None, scale=scale, axis=axis)
    told = told.assign(drawn=told["value"].fillna(told["top"]))
    ended, never = told[told["value"].notna()], told[told["value"].isna()]
    crowded = len(told) > CROWDED or figure.kind == "share"
    point = alt.Chart(ended).mark_point(size=36 if crowded else 80, strokeWidth=1.5, stroke=ink["run"], opacity=1)
    layers = [point.encode(x=_x(), y=y, fill=alt.Fill("shown:N", scale=fill, legend=outlined(ink)))]
    if len(never):
        triangle = alt.Chart(never).mark_point(size=90, shape="triangle-up", filled=True, color=ink["amber"], opacity=1)
        layers.append(triangle.encode(x=_x(), y=alt.Y("top:Q", scale=scale)))
    near = alt.selection_point(nearest=True, on="pointerover,click", fields=["place", "doses"], empty=False)
    finger = alt.Chart(told).mark_point(size=FINGER, opacity=0).add_params(near)
    return [*layers, finger.encode(x=_x(), y=alt.Y("drawn:Q", scale=scale), tooltip=_tooltip(told, figure))]


def _published(bands: Sequence[Band], scale: Any, ink: dict[str, str]) -> list[Any]:
    """The published range per dose: shaded, named at its upper edge with n."""
    if not bands:
        return []
    named: dict[float, list[str]] = {}
    for one in bands:  # ranges that end alike have one name
        named.setdefault(one.high, []).append(f"{one.doses} (n = {one.n})")
    area = alt.Chart(pd.DataFrame([{"low": one.low, "high": one.high} for one in bands]))
    edge = alt.Chart(pd.DataFrame([{"high": high, "name": f"published {', '.join(n)}"} for high, n in named.items()]))
    high = alt.Y("high:Q", scale=scale)
    name: dict[str, Any] = {"align": "right", "baseline": "bottom", "dy": -2, "fontSize": 13}
    words: dict[str, Any] = {"y": high, "x": alt.value("width"), "text": "name:N"}
    return [
        area.mark_rect(color=ink["cyan"], opacity=0.11).encode(y=alt.Y("low:Q", scale=scale), y2="high:Q"),
        edge.mark_rule(color=ink["cyan"], opacity=0.6, strokeDash=[2, 4]).encode(y=high),
        edge.mark_text(**name, stroke=ink["card"], strokeWidth=4, opacity=0.7).encode(**words),
        edge.mark_text(**name, color=ink["ink-2"]).encode(**words),
    ]


def _tooltip(told: pd.DataFrame, figure: Figure) -> list[Any]:
    """What a touch says: the case, or the cases of a bin with their n."""
    value = alt.Tooltip("value:Q", title=titled(figure), format=".3~g")
    if "low" in told:
        return [
            alt.Tooltip("doses:N", title="Doses"), alt.Tooltip("from:Q", title="From case"),
            alt.Tooltip("to:Q", title="To case"), alt.Tooltip("n:Q", title="n"), value,
            alt.Tooltip("low:Q", title="Lower quartile", format=".3~g"),
            alt.Tooltip("high:Q", title="Upper quartile", format=".3~g"),
        ]  # fmt: skip
    middle = "Running share, %" if figure.kind == "share" else "Running median"
    return [
        alt.Tooltip("place:Q", title="Case"), alt.Tooltip("patient:N", title="Patient"),
        alt.Tooltip("dose:Q", title="Dose"), alt.Tooltip("operator:N", title="Operator"),
        alt.Tooltip("at:T", title="Opened", format="%Y-%m-%d"), value,
        alt.Tooltip("middle:Q", title=middle, format=".3~g"), alt.Tooltip("n:Q", title="n of that"),
    ]  # fmt: skip


def titled(figure: Figure) -> str:
    """The words of an axis: what, and in which unit."""
    return f"{figure.label}, {figure.unit}" if figure.unit else figure.label


def _x() -> Any:
    axis = alt.Axis(grid=False, tickMinStep=1, format="d", labelOverlap=True)
    return alt.X("place:Q", title="Case", scale=alt.Scale(nice=False, padding=16, zero=False), axis=axis)


def _cases(told: pd.DataFrame, doses: str) -> int:
    some = told[told["doses"] == doses]
    return int(some["n"].sum()) if "low" in told else len(some)


def _ends(told: pd.DataFrame, figure: Figure, bands: Sequence[Band]) -> tuple[float, float]:
    """Where the axis begins (if it cannot at zero) and ends."""
    if figure.kind == "share":
        return 0, 100 * HEADROOM
    columns = [name for name in ("value", "middle", "low", "high") if name in told]
    known = [*told[columns].stack(), *(one.low for one in bands), *(one.high for one in bands)]
    known = [float(one) for one in known if one > 0]
    return (min(known) / HEADROOM, max(known) * HEADROOM) if known else (1, 10)

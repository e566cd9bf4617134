"""A frame of marks → an altair chart of one figure, case by case. Colours, marks and axis words only.

Told apart without colour: first doses are filled and their line is whole, repeats are open and their line is dashed.
"""

from collections.abc import Hashable, Mapping, Sequence
from math import isnan
from typing import Any

import altair as alt
import pandas as pd

from core.curves.cases import FIRST, REPEAT, Figure
from core.curves.charts.bands import MARGIN, named, shaded
from core.curves.charts.colours import roles
from core.curves.charts.look import HEIGHT, PADDING, WIDE, outlined, touched
from core.curves.marks import Band
from core.curves.words import MIDDLE

ORDER = [FIRST, REPEAT]
LARGE, SMALL, CROWDED = 80, 36, 60  # square pixels of a mark; more marks than the last are drawn smaller
HEADROOM = 1.12  # above the highest mark, for names and for what never ended


def curve(frame: pd.DataFrame, figure: Figure, bands: Sequence[Band], log: bool, dark: bool) -> Any:
    """A figure case by case over the published range. `told` is of `marks` (a mark a case) or of `bins` (it has `low`).

    Counts, shares and times begin at zero; a logarithmic scale, for times, cannot: what took no time stands at its
    lower edge. A clock that never ended is a triangle at the upper edge.
    """
    ink = roles(dark)
    low, top = _ends(frame, figure, bands)
    scale = alt.Scale(type="log" if log else "linear", domain=[low if log else 0, top], nice=False)
    names = {doses: f"{doses} (n = {n})" for doses in ORDER if (n := _cases(frame, doses))}
    frame = _prepared(frame, figure, names, *scale.domain)
    behind = _spread(scale, ink) if "low" in frame else _middle(names, scale, ink)
    marks = _marks(frame, figure, names, scale, ink)
    y = alt.Y("drawn:Q", scale=scale)
    finger = touched(alt.Chart(), _x(), y, ["place", "doses"], _tooltip(frame, figure), ink)
    layers = [*shaded(bands, scale, ink), behind, *marks, *named(bands, scale, ink), *finger]
    # One set of data for all layers that bring none: altair would copy and check it for each.
    beside = {"padding": PADDING | {"right": MARGIN}} if bands else {}
    return alt.layer(*layers, data=frame, height=HEIGHT, **WIDE, **beside)


def _prepared(frame: pd.DataFrame, figure: Figure, names: dict[str, str], low: float, top: float) -> pd.DataFrame:
    """One dataset for all layers: with what a touch says, a place at the upper edge for what never ended and one at the
    lower edge for what lies below it.
    """
    frame = frame.assign(shown=frame["doses"].map(names), drawn=frame["value"].fillna(top).clip(lower=low))
    for column in ("value", "middle", "low", "high"):
        if column in frame:
            frame[f"{column}_said"] = [said(value, figure) for value in frame[column]]
    frame["label"] = [_label(row, figure) for row in frame.to_dict("records")]
    if "low" in frame:
        frame["high"] = frame["high"].fillna(top)
    for column in ("middle", "low", "high"):
        if column in frame:
            frame[column] = frame[column].clip(lower=low)
    return frame.drop(columns="session", errors="ignore")


def _label(mark: Mapping[Hashable, Any], figure: Figure) -> str:
    """What a tap writes: which case or cases, and what of them."""
    if "low" in mark:
        which = f"{mark['doses']}, cases {mark['from']}–{mark['to']} (n = {mark['n']})"
        quartiles = f", quartiles {mark['low_said']} to {mark['high_said']}"
        return f"{which}\n{mark['value_said']}{'' if figure.kind == 'share' else quartiles}"
    which = f"Case {mark['place']}: {mark['patient']}, dose {mark['dose']}, {mark['operator']}"
    middle = f"; {MIDDLE[figure.kind].lower()} {mark['middle_said']} (n = {mark['n']})"
    return f"{which}\n{mark['value_said']}{'' if isnan(mark['middle']) else middle}"


def said(value: float, figure: Figure) -> str:
    """A value in words."""
    return "never ended" if isnan(value) else f"{value:.3g} {figure.unit}".strip()


def _middle(names: dict[str, str], scale: Any, ink: dict[str, str]) -> Any:
    """The running median, of first and of repeat doses."""
    dash = alt.Scale(domain=list(names.values()), range=[[1, 0] if doses == FIRST else [7, 5] for doses in names])
    line = alt.Chart().transform_filter("isValid(datum.middle)").mark_line(strokeWidth=3, color=ink["run"])
    shown = alt.StrokeDash("shown:N", scale=dash, legend=outlined(ink))
    return line.encode(x=_x(), y=alt.Y("middle:Q", scale=scale), strokeDash=shown)


def _spread(scale: Any, ink: dict[str, str]) -> Any:
    """From the lower to the upper quartile of a bin; up to the edge where the upper one never ended."""
    known = alt.Chart().transform_filter("isValid(datum.low)")
    bar = known.mark_rule(strokeWidth=2, color=ink["run"], opacity=0.4)
    return bar.encode(x=_x(), y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q"))


def _marks(frame: pd.DataFrame, figure: Figure, names: dict[str, str], scale: Any, ink: dict[str, str]) -> list[Any]:
    """A point for each value, a triangle for each that never ended."""
    fill = alt.Scale(
        domain=list(names.values()), range=[ink["run"] if doses == FIRST else ink["card"] for doses in names]
    )
    axis = alt.Axis(tickCount=5, format=".9~g", tickMinStep=1)
    y = alt.Y("drawn:Q", title=figure.unit or None, scale=scale, axis=axis)
    size = SMALL if len(frame) > CROWDED or figure.kind == "share" else LARGE
    base = alt.Chart()
    ended, never = (base.transform_filter(f"{no}isValid(datum.value)") for no in ("", "!"))
    point = ended.mark_point(size=size, strokeWidth=1.5, stroke=ink["run"], opacity=1)
    triangle = never.mark_point(size=90, shape="triangle-up", filled=True, color=ink["amber"], opacity=1)
    return [
        point.encode(x=_x(), y=y, fill=alt.Fill("shown:N", scale=fill, legend=outlined(ink))),
        triangle.encode(x=_x(), y=y),
    ]


def _tooltip(frame: pd.DataFrame, figure: Figure) -> list[Any]:
    """What a touch says: the case, or the cases of a bin with their n."""
    bin_ = {
        "shown": "Doses",
        "from": "From case",
        "to": "To case",
        "n": "n",
        "value_said": f"{figure.label}, median",
        "low_said": "Lower quartile",
        "high_said": "Upper quartile",
    }
    case = {
        "place": "Case",
        "patient": "Patient",
        "dose": "Dose",
        "operator": "Operator",
        "value_said": figure.label,
        "middle_said": "Running median",
        "n": "n of that",
    }
    if figure.kind == "share":
        bin_ = {key: title for key, title in bin_.items() if key not in ("low_said", "high_said")}
        bin_["value_said"] = "Share of successes"
        case |= {"middle_said": "Running share"}
    if "low" not in frame:
        return [
            *(alt.Tooltip(f"{field}:N", title=title) for field, title in case.items()),
            alt.Tooltip("at:T", title="Opened", format="%Y-%m-%d"),
        ]
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in bin_.items()]


def _x() -> Any:
    axis = alt.Axis(grid=False, tickMinStep=1, format="d", tickCount=8)
    return alt.X("place:Q", title="Case", scale=alt.Scale(nice=False, padding=16, zero=False), axis=axis)


def _cases(frame: pd.DataFrame, doses: str) -> int:
    own = frame[frame["doses"] == doses]
    return int(own["n"].sum()) if "low" in frame else len(own)


def _ends(frame: pd.DataFrame, figure: Figure, bands: Sequence[Band]) -> tuple[float, float]:
    """Where the axis begins (if it cannot at zero) and ends."""
    if figure.kind == "share":
        return 0, 100 * HEADROOM
    columns = [name for name in ("value", "middle", "low", "high") if name in frame]
    known = [*frame[columns].stack(), *(band.low for band in bands), *(band.high for band in bands)]
    known = [float(number) for number in known if number > 0]
    return (min(known) / HEADROOM, max(known) * HEADROOM) if known else (1, 10)

"""The published ranges behind a curve: shaded, and named beside the plot, where no mark can stand."""

from collections.abc import Sequence
from math import log10
from typing import Any

import altair as alt
import pandas as pd

from core.curves.charts.look import HEIGHT
from core.curves.marks import Band

LINE = 16  # pixels from one line of a name to the next
MARGIN = 116  # pixels beside the plot for the names


def shaded(bands: Sequence[Band], scale: Any, ink: dict[str, str]) -> list[Any]:
    """The ranges, each with a line at its upper edge; their ends may not lie below the axis."""
    if not bands:
        return []
    low, top = scale.domain
    area = alt.Chart(
        pd.DataFrame([{"low": min(max(band.low, low), top), "high": max(band.high, low)} for band in bands])
    )
    high = alt.Y("high:Q", scale=scale)
    shade = area.mark_rect(color=ink["cyan"], opacity=0.11).encode(y=alt.Y("low:Q", scale=scale), y2=alt.Y2("high:Q"))
    return [shade, area.mark_rule(color=ink["cyan"], opacity=0.6, strokeDash=[2, 4]).encode(y=high)]


def named(bands: Sequence[Band], scale: Any, ink: dict[str, str]) -> list[Any]:
    """Which doses a range is of, to the right of its upper edge. Names that would meet stand together as one."""
    if not bands:
        return []
    look: dict[str, Any] = {"align": "left", "baseline": "top", "dx": 6, "fontSize": 13, "lineBreak": "\n"}
    texts = [(down, alt.Chart(pd.DataFrame([{"name": "\n".join(lines)}]))) for down, lines in _blocks(bands, scale)]
    return [
        text.mark_text(**look, lineHeight=LINE, color=ink["ink-2"]).encode(
            x=alt.XValue("width"), y=alt.YValue(down), text=alt.Text("name:N")
        )
        for down, text in texts
    ]


def _blocks(bands: Sequence[Band], scale: Any) -> list[tuple[float, list[str]]]:
    """From the top: how many pixels down a name begins, and its lines."""
    blocks: list[tuple[float, list[str]]] = []
    for band in sorted(bands, key=lambda band: -band.high):
        down, name = _down(band.high, scale), f"{band.doses} (n = {band.n})"
        if blocks and down < blocks[-1][0] + LINE * len(blocks[-1][1]):
            blocks[-1][1].append(name)
        else:
            blocks.append((down, ["published", name]))
    return blocks


def _down(value: float, scale: Any) -> float:
    """How far below the plot's upper edge a value stands, in pixels."""
    low, top = scale.domain
    if scale.type == "log":
        value, low, top = log10(max(value, low)), log10(low), log10(top)
    return float(HEIGHT * (top - value) / (top - low))

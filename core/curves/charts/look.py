"""What every chart has in common: type and colours of the tokens, its text for who cannot see it, its files."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from core.curves.charts.colours import roles

Spec = dict[str, Any]  # of Vega-Lite
WIDE: dict[str, Any] = {"width": "container"}  # as wide as its place
HEIGHT = 260
PADDING = {"left": 4, "right": 12, "top": 4, "bottom": 4}
FONT = "Source Sans 3, system-ui, sans-serif"
FINGER = 1600  # square pixels: what a finger can meet
FILE_FONT = "Liberation Sans, Arial, sans-serif"  # the drawing library brings the first
FILE_WIDTH, FILE_SCALE, FILE_PADDING = 720, 2, 16
FILE_LETTERS = 120  # of the lines below the title: so many fit beside each other


def dressed(chart: Any, text: str, dark: bool) -> Spec:
    """A chart's specification in the one look; `text` says what it shows to who cannot see it.

    altair has checked the parts as they were made; it would copy the whole chart for every setting made here.
    """
    spec: Spec = chart.to_dict(validate=False)
    return spec | {"description": text, "autosize": {"type": "fit-x", "contains": "padding"}, "config": _look(dark)}


def _look(dark: bool) -> Spec:
    ink = roles(dark)
    return {
        "background": ink["card"],
        "font": FONT,
        "padding": PADDING,
        "view": {"stroke": None},
        "mark": {"aria": False},  # one text says what is shown; a symbol alone says nothing
        "axis": {
            "labelColor": ink["ink-2"],
            "titleColor": ink["ink-2"],
            "gridColor": ink["line-2"],
            "domainColor": ink["line"],
            "tickColor": ink["line"],
            "labelFontSize": 14,
            "titleFontSize": 14,
            "titleFontWeight": "normal",
        },
        "legend": {
            "labelColor": ink["ink-2"],
            "labelFontSize": 14,
            "symbolSize": 120,
            "orient": "top",
            "title": None,
            "labelLimit": 400,
        },
    }


def touched(
    base: Any, x: Any, y: Any, fields: list[str], tooltip: list[Any], ink: dict[str, str], words_at: float = 4
) -> list[Any]:
    """What a finger meets: a tap anywhere rings the nearest mark and writes its `label` at the left, `words_at` pixels
    from the top, where it stays; a mouse that only passes reads the tooltip. The last layers of a chart.
    """
    near = alt.selection_point(nearest=True, on="click", fields=fields, empty=False)
    here = base.transform_filter(near)
    words: dict[str, Any] = {"align": "left", "baseline": "top", "fontSize": 14, "lineBreak": "\n", "fontWeight": 600}
    corner: dict[str, Any] = {"x": alt.XValue(6), "y": alt.YValue(words_at), "text": alt.Text("label:N")}
    return [
        here.mark_point(size=260, strokeWidth=3, stroke=ink["amber"], opacity=1).encode(x=x, y=y),
        here.mark_text(**words, stroke=ink["card"], strokeWidth=7).encode(**corner),
        here.mark_text(**words, color=ink["ink"]).encode(**corner),
        base.mark_point(size=FINGER, opacity=0).encode(x=x, y=y, tooltip=tooltip).add_params(near),
    ]


def outlined(ink: dict[str, str]) -> Any:
    """A legend whose open marks are seen."""
    return alt.Legend(title=None, symbolStrokeColor=ink["run"], symbolStrokeWidth=2, symbolDash=[1, 0])


def png(spec: Spec, title: str, about: Sequence[str]) -> bytes:
    """The chart as a picture, drawn here: no browser, no network. `about`: the lines below its title."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_file(spec, title, about), scale=FILE_SCALE))


def svg(spec: Spec, title: str, about: Sequence[str]) -> str:
    """The chart as a drawing, drawn here: no browser, no network. `about`: the lines below its title."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_file(spec, title, about)))


def _file(spec: Spec, title: str, about: Sequence[str]) -> Spec:
    """A sheet that leaves the page says itself what it shows; there is no place to be as wide as."""
    lines = [line for text in about for line in wrap(text, FILE_LETTERS)]
    heading = {"text": wrap(title, FILE_LETTERS * 3 // 4), "subtitle": lines, "anchor": "start", "frame": "bounds"}
    ink = {"color": roles(dark=False)["ink"], "subtitleColor": roles(dark=False)["ink-2"]}
    sizes = {"fontSize": 18, "subtitleFontSize": 12, "subtitleLineHeight": 16, "offset": 14}
    return spec | {
        "width": FILE_WIDTH,
        "title": heading | ink | sizes,
        "padding": {side: FILE_PADDING + space for side, space in spec.get("padding", PADDING).items()},
        "config": spec["config"] | {"font": FILE_FONT},
    }

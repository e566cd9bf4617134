"""What every chart has in common: type and colours of the tokens, its text for who cannot see it, its files."""

from typing import Any

import altair as alt

from core.colours import roles

HEIGHT = 260
FONT = "Source Sans, Source Sans 3, Source Sans Pro, system-ui, sans-serif"
FINGER = 1600  # square pixels: what a finger can meet
FILE_FONT = "Liberation Sans, Arial, sans-serif"  # the drawing library brings the first
FILE_WIDTH, FILE_SCALE = 720, 2


def sized(chart: Any, height: int) -> Any:
    """As wide as its place."""
    return chart.properties(width="container", height=height)


def dressed(chart: Any, text: str, dark: bool) -> Any:
    """A chart in the one look; `text` says what it shows to who cannot see it."""
    ink = roles(dark)
    return (
        chart.properties(description=text, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure(background=ink["card"], font=FONT, padding={"left": 4, "right": 12, "top": 4, "bottom": 4})
        .configure_view(stroke=None)
        .configure_mark(aria=False)  # one text says what is shown; a symbol alone says nothing
        .configure_axis(
            labelColor=ink["ink-2"], titleColor=ink["ink-2"], gridColor=ink["line-2"], domainColor=ink["line"],
            tickColor=ink["line"], labelFontSize=14, titleFontSize=14, titleFontWeight="normal",
        )
        .configure_legend(
            labelColor=ink["ink-2"], labelFontSize=14, symbolSize=120, orient="top", title=None, labelLimit=400,
        )
    )  # fmt: skip


def outlined(ink: dict[str, str]) -> Any:
    """A legend whose open marks are seen."""
    return alt.Legend(title=None, symbolStrokeColor=ink["run"], symbolStrokeWidth=2, symbolDash=[1, 0])


def png(chart: Any) -> bytes:
    """The chart as a picture, drawn here: no browser, no network."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(_file(chart), scale=FILE_SCALE))


def svg(chart: Any) -> str:
    """The chart as a drawing, drawn here: no browser, no network."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(_file(chart)))


def _file(chart: Any) -> dict[str, Any]:
    """On paper there is no place to be as wide as."""
    with alt.data_transformers.enable("default", max_rows=None):
        spec: dict[str, Any] = chart.to_dict()
    return spec | {"width": FILE_WIDTH, "config": spec["config"] | {"font": FILE_FONT}}

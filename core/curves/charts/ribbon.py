"""A case replayed as an altair chart: phases and insertions as bars, clocks beside the operator's median, moments."""

from math import nan
from typing import Any

import altair as alt
import pandas as pd

from core.curves.charts.colours import roles
from core.curves.charts.look import WIDE, touched
from core.curves.replay import Moment, Ribbon, Span, Timer
from core.curves.words import short

ROW = 46  # pixels a lane
LETTERS = 60  # so many fit beside each other over the whole width
PHASES, INSERTIONS, MOMENTS, WORDS = "Phases", "Insertions", "Marked", " "
# A shape and a colour role for each kind of moment: colour alone tells nothing.
SHAPES = {
    "asked": ("diamond", "amber"),
    "to review": ("square", "amber"),
    "late": ("triangle-left", "cyan"),
    "undone": ("cross", "ink-3"),
    "complication": ("triangle-up", "red-line"),
    "hand-over": ("triangle-right", "run"),
}


def ribbon(told: Ribbon, until: float, dark: bool) -> Any:
    """The ribbon up to `until` (seconds): a lane for phases, insertions, each clock, and what stands out."""
    timers = [one for one in told.timers if one.start < until]
    moments = [one for one in told.moments if 0 <= one.at <= until]
    bars = [(PHASES, one) for one in told.phases] + [(INSERTIONS, one) for one in told.insertions]
    spans = [(lane, one) for lane, one in bars if one.start < until]
    lanes = [PHASES, INSERTIONS, *(one.label for one in timers), MOMENTS, WORDS]
    draw = _Drawing(max(until, 1) / 60, lanes, roles(dark))
    layers = draw.bars(spans) + draw.timers(timers) + draw.moments(moments) + draw.finger(spans, timers, moments)
    return alt.layer(*layers, height=ROW * len(lanes), **WIDE)


class _Drawing:
    """One time axis (minutes, up to `end`) and its lanes."""

    def __init__(self, end: float, lanes: list[str], ink: dict[str, str]) -> None:
        self.end, self.ink, self.words_at = end, ink, ROW * (len(lanes) - 1) + 8
        self.scale = alt.Scale(domain=[0, end], nice=False)
        lane = alt.Scale(domain=lanes, paddingInner=0.25, paddingOuter=0.1)
        self.y = alt.Y("lane:N", title=None, scale=lane, axis=alt.Axis(domain=False, ticks=False, labelLimit=150))

    def x(self, column: str = "start") -> Any:
        axis = alt.Axis(format="d", tickMinStep=1)
        return alt.X(f"{column}:Q", title="Minutes from the first mark", scale=self.scale, axis=axis)

    def bars(self, spans: list[tuple[str, Span]]) -> list[Any]:
        """Phases and insertions; words stand on those that are long enough."""
        told = pd.DataFrame(
            [(lane, one.start / 60, min(one.end / 60, self.end), one.label, one.short) for lane, one in spans],
            columns=["lane", "start", "end", "name", "short"],
        )
        told["minutes"] = told["end"] - told["start"]
        fits = told["minutes"] / self.end * LETTERS > told["short"].str.len()
        phase, ink = told["lane"] == PHASES, self.ink
        wide = alt.Chart(told[phase]).mark_bar(
            cornerRadius=4, strokeWidth=2, stroke=ink["card"], fill=ink["accent-soft"]
        )
        narrow = alt.Chart(told[~phase]).mark_bar(height=18, cornerRadius=3, fill=ink["run"])
        on = alt.Chart(told[phase & fits]).mark_text(align="left", dx=6, fontSize=13, color=ink["ink"])
        over = alt.Chart(told[~phase]).mark_text(align="left", dy=-17, fontSize=12, color=ink["ink-2"])
        bars = [one.encode(x=self.x(), x2=alt.X2("end:Q"), y=self.y) for one in (wide, narrow)]
        return bars + [one.encode(x=self.x(), y=self.y, text=alt.Text("short:N")) for one in (on, over)]

    def timers(self, timers: list[Timer]) -> list[Any]:
        """What this case took as a bar; the operator's own median as a tick with its n."""
        told = pd.DataFrame([_timer(one) for one in timers], columns=["lane", "start", "end", "minutes", "median", "n"])
        told["at"], told["end"] = told["start"] + told["median"], told["end"].clip(upper=self.end)
        usual = told[told["at"] <= self.end]
        told_n = zip(usual["median"], usual["n"], strict=True)
        usual = usual.assign(name=[f"own median {short(one)} (n = {n})" for one, n in told_n])
        bar = alt.Chart(told).mark_bar(cornerRadius=4, height=14, color=self.ink["cyan"], opacity=0.55)
        tick = alt.Chart(usual).mark_tick(thickness=4, height=30, color=self.ink["ink"])
        late = usual["at"] > self.end / 2  # words stand where there is room
        words: dict[str, Any] = {"dy": -14, "fontSize": 12, "color": self.ink["ink-2"]}
        named: dict[str, Any] = {"x": self.x("at"), "y": self.y, "text": alt.Text("name:N")}
        return [
            bar.encode(x=self.x(), x2=alt.X2("end:Q"), y=self.y),
            tick.encode(x=self.x("at"), y=self.y),
            alt.Chart(usual[~late]).mark_text(align="left", dx=7, **words).encode(**named),
            alt.Chart(usual[late]).mark_text(align="right", dx=-7, **words).encode(**named),
        ]

    def moments(self, moments: list[Moment]) -> list[Any]:
        """A shape and a colour for each kind."""
        told = pd.DataFrame(
            [(MOMENTS, one.at / 60, one.kind, one.label) for one in moments], columns=["lane", "start", "kind", "name"]
        )
        counts = told["kind"].value_counts()
        present = [one for one in SHAPES if one in counts]
        names = {one: f"{one} (n = {counts[one]})" for one in present}
        told["shown"] = told["kind"].map(names)
        shape = alt.Scale(domain=list(names.values()), range=[SHAPES[one][0] for one in present])
        colour = alt.Scale(domain=list(names.values()), range=[self.ink[SHAPES[one][1]] for one in present])
        shown = {
            "shape": alt.Shape("shown:N", scale=shape, title=None),
            "color": alt.Color("shown:N", scale=colour, title=None),
        }
        point = alt.Chart(told).mark_point(size=170, filled=True, opacity=1)
        return [point.encode(x=self.x(), y=self.y, **shown)]

    def finger(self, spans: list[tuple[str, Span]], timers: list[Timer], moments: list[Moment]) -> list[Any]:
        """A tap near any of them writes below the lanes what it is, from when, for how long."""
        rows = [
            (lane, self._middle(one.start, one.end), _lasting(one.label, one.start, one.end)) for lane, one in spans
        ]
        for one in timers:
            usual = "" if one.median is None else f"\nown median {one.median / 60:.1f} min (n = {one.n})"
            words = _lasting(one.label, one.start, one.start + one.seconds) + usual
            rows.append((one.label, self._middle(one.start, one.start + one.seconds), words))
        rows += [
            (MOMENTS, moment.at / 60, f"{moment.kind}: {moment.label} ({moment.at / 60:.1f} min)") for moment in moments
        ]
        base = alt.Chart(pd.DataFrame(rows, columns=["lane", "at", "label"]))
        tooltip = [alt.Tooltip("label:N", title=" ")]
        return touched(base, self.x("at"), self.y, ["lane", "at"], tooltip, self.ink, self.words_at)

    def _middle(self, start: float, end: float) -> float:
        """Where a finger finds something that lasted (seconds): the middle of what is seen of it (minutes)."""
        return (start / 60 + min(end / 60, self.end)) / 2


def _lasting(label: str, start: float, end: float) -> str:
    return f"{label}: {(end - start) / 60:.1f} min, from {start / 60:.1f}"


def _timer(one: Timer) -> tuple[str, float, float, float, float, int]:
    usual = nan if one.median is None else one.median / 60
    return one.label, one.start / 60, (one.start + one.seconds) / 60, one.seconds / 60, usual, one.n

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


def ribbon(case: Ribbon, until: float, dark: bool) -> Any:
    """The ribbon up to `until` (seconds): a lane for phases, insertions, each clock, and what stands out."""
    timers = [timer for timer in case.timers if timer.start < until]
    moments = [moment for moment in case.moments if 0 <= moment.at <= until]
    bars = [(PHASES, span) for span in case.phases] + [(INSERTIONS, span) for span in case.insertions]
    spans = [(lane, span) for lane, span in bars if span.start < until]
    lanes = [PHASES, INSERTIONS, *(timer.label for timer in timers), MOMENTS, WORDS]
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
        frame = pd.DataFrame(
            [(lane, span.start / 60, min(span.end / 60, self.end), span.label, span.short) for lane, span in spans],
            columns=["lane", "start", "end", "name", "short"],
        )
        frame["minutes"] = frame["end"] - frame["start"]
        fits = frame["minutes"] / self.end * LETTERS > frame["short"].str.len()
        phase, ink = frame["lane"] == PHASES, self.ink
        wide = alt.Chart(frame[phase]).mark_bar(
            cornerRadius=4, strokeWidth=2, stroke=ink["card"], fill=ink["accent-soft"]
        )
        narrow = alt.Chart(frame[~phase]).mark_bar(height=18, cornerRadius=3, fill=ink["run"])
        on = alt.Chart(frame[phase & fits]).mark_text(align="left", dx=6, fontSize=13, color=ink["ink"])
        over = alt.Chart(frame[~phase]).mark_text(align="left", dy=-17, fontSize=12, color=ink["ink-2"])
        bars = [layer.encode(x=self.x(), x2=alt.X2("end:Q"), y=self.y) for layer in (wide, narrow)]
        return bars + [layer.encode(x=self.x(), y=self.y, text=alt.Text("short:N")) for layer in (on, over)]

    def timers(self, timers: list[Timer]) -> list[Any]:
        """What this case took as a bar; the operator's own median as a tick with its n."""
        frame = pd.DataFrame(
            [_timer(timer) for timer in timers], columns=["lane", "start", "end", "minutes", "median", "n"]
        )
        frame["at"], frame["end"] = frame["start"] + frame["median"], frame["end"].clip(upper=self.end)
        usual = frame[frame["at"] <= self.end]
        medians = zip(usual["median"], usual["n"], strict=True)
        usual = usual.assign(name=[f"own median {short(minutes)} (n = {n})" for minutes, n in medians])
        bar = alt.Chart(frame).mark_bar(cornerRadius=4, height=14, color=self.ink["cyan"], opacity=0.55)
        tick = alt.Chart(usual).mark_tick(thickness=4, height=30, color=self.ink["ink"])
        late = usual["at"] > self.end / 2  # words stand where there is room
        words: dict[str, Any] = {"dy": -14, "fontSize": 12, "color": self.ink["ink-2"]}
        labels: dict[str, Any] = {"x": self.x("at"), "y": self.y, "text": alt.Text("name:N")}
        return [
            bar.encode(x=self.x(), x2=alt.X2("end:Q"), y=self.y),
            tick.encode(x=self.x("at"), y=self.y),
            alt.Chart(usual[~late]).mark_text(align="left", dx=7, **words).encode(**labels),
            alt.Chart(usual[late]).mark_text(align="right", dx=-7, **words).encode(**labels),
        ]

    def moments(self, moments: list[Moment]) -> list[Any]:
        """A shape and a colour for each kind."""
        frame = pd.DataFrame(
            [(MOMENTS, moment.at / 60, moment.kind, moment.label) for moment in moments],
            columns=["lane", "start", "kind", "name"],
        )
        counts = frame["kind"].value_counts()
        present = [kind for kind in SHAPES if kind in counts]
        names = {kind: f"{kind} (n = {counts[kind]})" for kind in present}
        frame["shown"] = frame["kind"].map(names)
        shape = alt.Scale(domain=list(names.values()), range=[SHAPES[kind][0] for kind in present])
        colour = alt.Scale(domain=list(names.values()), range=[self.ink[SHAPES[kind][1]] for kind in present])
        shown = {
            "shape": alt.Shape("shown:N", scale=shape, title=None),
            "color": alt.Color("shown:N", scale=colour, title=None),
        }
        point = alt.Chart(frame).mark_point(size=170, filled=True, opacity=1)
        return [point.encode(x=self.x(), y=self.y, **shown)]

    def finger(self, spans: list[tuple[str, Span]], timers: list[Timer], moments: list[Moment]) -> list[Any]:
        """A tap near any of them writes below the lanes what it is, from when, for how long."""
        rows = [
            (lane, self._middle(span.start, span.end), _lasting(span.label, span.start, span.end))
            for lane, span in spans
        ]
        for timer in timers:
            usual = "" if timer.median is None else f"\nown median {timer.median / 60:.1f} min (n = {timer.n})"
            words = _lasting(timer.label, timer.start, timer.start + timer.seconds) + usual
            rows.append((timer.label, self._middle(timer.start, timer.start + timer.seconds), words))
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


def _timer(timer: Timer) -> tuple[str, float, float, float, float, int]:
    usual = nan if timer.median is None else timer.median / 60
    return timer.label, timer.start / 60, (timer.start + timer.seconds) / 60, timer.seconds / 60, usual, timer.n

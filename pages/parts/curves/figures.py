"""The four figures above the curves: the two times, the successes, and where LC-CUSUM stands."""

import numpy as np
import pandas as pd

from core.curves import cases, marks, words
from core.curves.cases import FIRST, GOOD, Figure
from core.curves.choice import Choice
from core.curves.cohort import course, published
from core.curves.lc_cusum import Design
from core.curves.words import PLURAL, counted, percent, short
from core.protocols.tables import Protocol
from pages.parts.curves import cusum, data
from pages.parts.frame.tables import Tile


def of(p: Protocol, by: Choice, frame: pd.DataFrame, asked: Design) -> list[Tile]:
    """The tiles of the chosen cases."""
    curve = data.curve_of(p)
    times = [figure for figure in cases.figures(p) if figure.kind == "time"][:2]
    tiles = [_time(p, figure, frame, curve.running) for figure in times]
    good = int((frame[GOOD] > 0).sum())
    tiles.append((curve.success.label, f"{good} of {len(frame)}", percent(good, len(frame)) + _published(p)))
    return [*tiles, _watch(frame, asked) if by.operator else _team(frame, asked)]


def _time(p: Protocol, figure: Figure, frame: pd.DataFrame, window: int) -> Tile:
    """First and repeat doses are never mixed: of both, the repeat doses' time and beside it the first's."""
    kinds = {str(doses): own[figure.column].to_numpy(dtype=float) for doses, own in frame.groupby("doses")}
    first = kinds.pop(FIRST) if len(kinds) > 1 else np.array([])
    ((doses, values),) = kinds.items()
    label = f"{figure.label}, {PLURAL[doses].lower()}" if len(first) else figure.label
    enough = len(values) >= 2 * window
    beside = f" · first {window}: {_median(values[:window], figure)}" if enough else ""
    if len(first) >= window:
        beside = f" · first doses, last {window}: {_median(first[-window:], figure)}"
    if not enough:
        return f"{label}, {counted(len(values), 'case')}", _median(values, figure), f"median{beside}"
    return f"{label}, last {window}", _median(values[-window:], figure), f"median{beside}"


def _median(values: marks.Values, figure: Figure) -> str:
    middle = marks.middle(values, figure)
    return "never ended" if pd.isna(middle) else f"{short(middle)} {figure.unit}".strip()


def _published(p: Protocol) -> str:
    """How many of the published punctures were a success of this kind, by their table."""
    success = data.curve_of(p).success
    column = published.cohort().figures.get(success.counter)
    if p.id != course.protocol().id or column is None:
        return ""
    punctures = published.punctures()
    good = sum(published.succeeded(row) and int(row[column]) <= success.most for row in punctures)
    return f" · published {good} of {len(punctures)}"


def _watch(frame: pd.DataFrame, asked: Design) -> Tile:
    watched = cusum.watch(frame, asked)
    state, _, rest = words.state(watched).partition(": ")
    return "LC-CUSUM", state, rest or counted(watched.cases, "case")


def _team(frame: pd.DataFrame, asked: Design) -> Tile:
    states = [cusum.watch(own, asked).state for name, own in frame.groupby("operator") if name]
    return "LC-CUSUM", f"{states.count('adequate')} of {len(states)}", "operators adequate"

"""The four figures above the curves: the two times, the successes, and where LC-CUSUM stands."""

import pandas as pd

from core.curves import cases, marks, words
from core.curves.cases import FIRST, GOOD, Figure
from core.curves.choice import Choice
from core.curves.cohort import course, published
from core.curves.lc_cusum import Design
from core.curves.words import PLURAL, counted, percent, short
from core.protocols.tables import Protocol
from pages.parts.curves import cusum
from pages.parts.frame.tables import Tile


def of(p: Protocol, by: Choice, some: pd.DataFrame, asked: Design) -> list[Tile]:
    """The tiles of the chosen cases."""
    times = [one for one in cases.figures(p) if one.kind == "time"][:2]
    found = [_time(p, one, some, p.curve.running) for one in times]
    good = int((some[GOOD] > 0).sum())
    found.append((p.curve.success.label, f"{good} of {len(some)}", percent(good, len(some)) + _published(p)))
    return [*found, _watch(some, asked) if by.operator else _team(some, asked)]


def _time(p: Protocol, figure: Figure, some: pd.DataFrame, window: int) -> Tile:
    """First and repeat doses are never mixed: of both, the repeat doses' time and beside it the first's."""
    kinds = {doses: own[figure.column].to_numpy(dtype=float) for doses, own in some.groupby("doses")}
    first = kinds.pop(FIRST) if len(kinds) > 1 else ()
    ((doses, told),) = kinds.items()
    label = f"{figure.label}, {PLURAL[doses].lower()}" if len(first) else figure.label
    enough = len(told) >= 2 * window
    beside = f" · first {window}: {_median(told[:window], figure)}" if enough else ""
    if len(first) >= window:
        beside = f" · first doses, last {window}: {_median(first[-window:], figure)}"
    if not enough:
        return f"{label}, {counted(len(told), 'case')}", _median(told, figure), f"median{beside}"
    return f"{label}, last {window}", _median(told[-window:], figure), f"median{beside}"


def _median(told: marks.Values, figure: Figure) -> str:
    middle = marks.middle(told, figure)
    return "never ended" if pd.isna(middle) else f"{short(middle)} {figure.unit}".strip()


def _published(p: Protocol) -> str:
    """How many of the published punctures were a success of this kind, by their table."""
    success = p.curve.success
    column = published.cohort().figures.get(success.counter)
    if p.id != course.protocol().id or column is None:
        return ""
    told = published.punctures()
    good = sum(published.succeeded(row) and int(row[column]) <= success.most for row in told)
    return f" · published {good} of {len(told)}"


def _watch(some: pd.DataFrame, asked: Design) -> Tile:
    watched = cusum.watch(some, asked)
    state, _, rest = words.state(watched).partition(": ")
    return "LC-CUSUM", state, rest or counted(watched.cases, "case")


def _team(some: pd.DataFrame, asked: Design) -> Tile:
    states = [cusum.watch(own, asked).state for name, own in some.groupby("operator") if name]
    return "LC-CUSUM", f"{states.count('adequate')} of {len(states)}", "operators adequate"

"""What is drawn of the chosen cases: a mark a case with a running median, or bins where there are too many marks.

A case whose clock never ended has no time. It counts as longer than any other, so that leaving it out makes nobody look
quicker; a median over mostly such cases does not exist, and is not drawn.
"""

from math import ceil, inf, isfinite, nan
from statistics import median
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from core.curves.cases import FIRST, Figure
from core.curves.cohort import course, published

MOST_MARKS = 300  # more cases than this are drawn as bins: a finger can tell no more apart
BINS, FEWEST = 60, 10  # at most so many bins, of at least so many cases
Values = np.ndarray[Any, np.dtype[np.float64]]
CASE = ["session", "patient", "dose", "operator", "at"]


class Band(msgspec.Struct, frozen=True):
    """The published range of a figure at some doses of the series, over `n` punctures."""

    doses: str
    first: bool
    low: float
    median: float
    high: float
    n: int


def marks(chosen: pd.DataFrame, figure: Figure, window: int) -> pd.DataFrame:
    """A mark a case: its value (missing: the clock never ended) and the running median (of a share: the mean) of the
    last `window` cases with it, from half a window on; first and repeat doses apart. `n`: cases in that median.
    """
    frame = chosen[[*CASE, "doses", "place"]].copy()
    frame["value"] = chosen[figure.column].astype(float)
    frame["middle"], frame["n"] = nan, 0
    for _, group in frame.groupby("doses"):
        middles = running(group["value"].to_numpy(dtype=float), figure, window)
        frame.loc[group.index, "middle"] = middles
        frame.loc[group.index, "n"] = np.minimum(np.arange(len(group)) + 1, window)
    return frame


def bins(chosen: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    """A mark for some tens or hundreds of cases in a row: median and quartiles (of a share: the mean), and `n`."""
    rows: list[list[Any]] = []
    for doses, group in chosen.groupby("doses"):
        values, places = group[figure.column].to_numpy(dtype=float), group["place"].to_numpy()
        for part in np.array_split(np.arange(len(group)), max(1, min(BINS, len(group) // FEWEST))):
            cases = values[part]
            place = [float(np.median(places[part])), int(places[part[0]]), int(places[part[-1]])]
            value = middle(cases, figure)
            spread = [value, value] if figure.kind == "share" else [quantile(cases, 0.25), quantile(cases, 0.75)]
            rows.append([doses, *place, value, *spread, len(part)])
    return pd.DataFrame(rows, columns=["doses", "place", "from", "to", "value", "low", "high", "n"])


def running(values: Values, figure: Figure, window: int) -> list[float]:
    """The middle of the last `window` values at each case; nan where there is none yet, or where it does not exist."""
    return [
        middle(values[max(0, end - window) : end], figure) if 2 * min(end, window) > window else nan
        for end in range(1, len(values) + 1)
    ]


def middle(values: Values, figure: Figure) -> float:
    """The median with missing values as the longest, of a share the mean; nan where it does not exist."""
    if not len(values):
        return nan
    value = float(values.mean() if figure.kind == "share" else np.median(_longest(values)))
    return value if isfinite(value) else nan


def quantile(values: Values, share: float) -> float:
    """The least value that this share of the cases does not pass, missing ones as the longest; nan among those."""
    value = float(np.sort(_longest(values))[max(0, ceil(share * len(values)) - 1)])
    return value if isfinite(value) else nan


def _longest(values: Values) -> Values:
    return np.where(np.isnan(values), inf, values)


def bands(protocol: str, figure: Figure, doses: str | None) -> list[Band]:
    """The published range of a figure at first, at repeat or at all doses; doses of one range are told together. Empty
    where no cohort was published for the protocol, or not this figure.
    """
    column = published.cohort().figures.get(figure.id)
    if protocol != course.protocol().id or column is None:
        return []
    published_ranges: dict[str, list[float]] = {}
    for row in published.punctures():
        wanted = doses is None or (row["dose_in_series"] == "1") == (doses == FIRST)
        if row[column] and wanted:
            published_ranges.setdefault(row["dose_in_series"], []).append(float(row[column]))
    ranges: dict[tuple[bool, float, float], list[str]] = {}
    for dose, values in sorted(published_ranges.items()):
        ranges.setdefault((dose == "1", min(values), max(values)), []).append(dose)
    return [
        Band(
            _named(doses),
            first,
            low,
            median(value for dose in doses for value in published_ranges[dose]),
            high,
            sum(len(published_ranges[dose]) for dose in doses),
        )
        for (first, low, high), doses in ranges.items()
    ]


def _named(doses: list[str]) -> str:
    return f"{'dose' if len(doses) == 1 else 'doses'} {', '.join(doses)}"

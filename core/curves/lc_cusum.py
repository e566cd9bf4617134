"""LC-CUSUM: from which case on there is enough evidence that an operator's share of failures is acceptable.

Biau DJ, Williams SM, Schlup MM, Nizard RS, Porcher R. Br J Surg 2008, doi 10.1002/bjs.6056, and Biau DJ, Porcher R.
Stat Med 2010, doi 10.1002/sim.3947. H0: the share of failures is p1 (not adequate); H1: it is p0 < p1. The closed-form
limit of Wald's test is wrong here, as the sum is held at zero: the limit comes from simulation.
"""

from collections.abc import Sequence
from functools import cache
from math import log

import msgspec
import numpy as np

from core.protocols.check_curve import LONGEST

SEED = 20080101
RUNS = 50_000  # sampling error of a rate of 10 %: 0.13 %
GRID = 0.05  # limits are tried in these steps


class Design(msgspec.Struct, frozen=True):
    """What is asked: p0 acceptable and p1 unacceptable share of failures, the cases watched, and how often an operator
    truly at p1 may be called adequate.
    """

    p0: float
    p1: float
    horizon: int
    false_adequate: float


class Limit(msgspec.Struct, frozen=True):
    """The limit h, and what simulation says of it: how often it is crossed at p1 (falsely) and at p0 (power)."""

    h: float
    false_adequate: float
    power: float


class Watch(msgspec.Struct, frozen=True):
    """The sum after each case watched, and where it first crossed the limit (1 is the first case)."""

    sums: tuple[float, ...]
    adequate_at: int | None
    cases: int  # all cases, those beyond the horizon too
    failures: int  # among those watched
    horizon: int

    @property
    def watched(self) -> int:
        return len(self.sums)

    @property
    def state(self) -> str:
        """ "adequate", "too few" (not crossed, fewer cases than the horizon) or "not shown"."""
        if self.adequate_at is not None:
            return "adequate"
        return "too few" if self.cases < self.horizon else "not shown"


def problem(p0: float, p1: float, horizon: float, false_adequate: float) -> str | None:
    """Why a design cannot be, in a sentence; None if it can."""
    for name, share in (("p0", p0), ("p1", p1), ("The share of operators falsely called adequate", false_adequate)):
        if not 0 < share < 1:
            return f"{name}: expected more than 0 % and less than 100 %, found {100 * share:g} %."
    if p1 <= p0:
        return f"p1, the unacceptable share of failures: expected more than p0 ({100 * p0:g} %), found {100 * p1:g} %."
    if not 1 <= horizon <= LONGEST or horizon % 1:
        return f"Horizon: expected a whole number of cases, 1 to {LONGEST}, found {horizon:g}."
    return None


def weights(p0: float, p1: float) -> tuple[float, float]:
    """What a success adds, ln((1−p0)/(1−p1)) > 0, and a failure, ln(p0/p1) < 0 (log-likelihood ratios, Biau 2008)."""
    return log((1 - p0) / (1 - p1)), log(p0 / p1)


def sums(successes: Sequence[bool], p0: float, p1: float) -> list[float]:
    """S after each case: S = max(0, S + w)."""
    success, failure = weights(p0, p1)
    series, s = [], 0.0
    for succeeded in successes:
        s = max(0.0, s + (success if succeeded else failure))
        series.append(s)
    return series


def watch(successes: Sequence[bool], design: Design, limit: Limit) -> Watch:
    """An operator's cases against the limit; cases beyond the horizon are not watched."""
    watched = successes[: design.horizon]
    series = sums(watched, design.p0, design.p1)
    crossed = next((n for n, s in enumerate(series, 1) if s >= limit.h), None)
    failures = len(watched) - sum(watched)
    return Watch(tuple(series), crossed, len(successes), failures, design.horizon)


@cache
def limit(design: Design) -> Limit:
    """The lowest limit on the grid that an operator at p1 crosses in at most `false_adequate` of the runs. Seeded: the
    same design has the same limit everywhere.
    """
    at_p1, at_p0 = _highest(design, design.p1), _highest(design, design.p0)
    steps = np.arange(1, int(at_p1.max() / GRID) + 3)
    rates = 1 - np.searchsorted(np.sort(at_p1), steps * GRID) / RUNS
    h = round(GRID * float(steps[int(np.argmax(rates <= design.false_adequate))]), 2)
    return Limit(h, _share(at_p1 >= h), _share(at_p0 >= h))


def too_close(design: Design) -> bool:
    """Of a design without power: whether p0 and p1 are to blame, and not the number of cases. They are where a whole
    horizon of successes adds less than one step of the limit, or is rare enough at p1 to be evidence.
    """
    success, _ = weights(design.p0, design.p1)
    return design.horizon * success < GRID or (1 - design.p1) ** design.horizon <= design.false_adequate


def _highest(design: Design, truth: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The highest S that each of `RUNS` operators with this share of failures reaches within the horizon."""
    success, failure = weights(design.p0, design.p1)
    rng = np.random.default_rng(SEED)
    s, top = np.zeros(RUNS), np.zeros(RUNS)
    for _ in range(design.horizon):
        s = np.maximum(0, s + np.where(rng.random(RUNS, dtype=np.float32) < truth, failure, success))
        np.maximum(top, s, out=top)
    return top


def _share(crossed: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> float:
    return float(crossed.mean())

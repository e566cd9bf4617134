"""Rows of sessions → the cases of a learning curve in order, and whose each is; what was left out, and why."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

import msgspec
import pandas as pd

from core import site
from core.curves.cohort import published
from core.protocols.figures import of_clock
from core.protocols.tables import Curve, Protocol
from core.records.row import Row

FIRST, REPEAT = "First dose", "Repeat dose"
UNKNOWN = "not recorded"
GOOD = "share_good"  # the column that says whether a case was a success

# Why a record is no case, in the order in which it is asked; one and more than one.
REASONS = {
    "drill": ("drill", "drills"),
    "mistaken": ("record opened by mistake", "records opened by mistake"),
    "published": ("published puncture", "published punctures"),
    "to_review": ("record to review", "records to review"),
    "undecided": ("procedure under way or without an outcome", "procedures under way or without an outcome"),
    "untouched": ("procedure without an insertion", "procedures without an insertion"),
    "unnumbered": ("record without a dose number", "records without a dose number"),
}


class Figure(msgspec.Struct, frozen=True):
    """One thing that a curve plots: a time (minutes), a count, or a share (0 or 100 %)."""

    id: str
    label: str
    kind: Literal["time", "count", "share"]

    @property
    def unit(self) -> str:
        return {"time": "min", "count": "", "share": "%"}[self.kind]

    @property
    def column(self) -> str:
        """Its column in a frame of cases."""
        return f"{self.kind}_{self.id}"

    def amount(self, row: Row) -> float | None:
        """What a row says of it; None where a clock never ended."""
        if self.kind == "count":
            return float(row.figures[self.id])
        seconds = row.figures[of_clock(self.id)]
        return None if seconds is None else seconds / 60


class Cases(NamedTuple):
    """`frame`: a row a case, in the order of their opening; `left_out`: reason → how many."""

    frame: pd.DataFrame
    left_out: dict[str, int]


def figures(p: Protocol) -> list[Figure]:
    """What the protocol's curve plots, in its order."""
    known = {clock.id: Figure(clock.id, clock.label, "time") for clock in p.clock}
    for counter in p.counter:
        known[counter.id] = Figure(counter.id, counter.label, "count")
        if counter.runs:
            known[counter.runs] = Figure(counter.runs, counter.runs.replace("_", " ").capitalize(), "count")
    return [known[id_] for id_ in p.curve.figures] if p.curve else []


def success(curve: Curve) -> Figure:
    """Whether a case was a success, as a figure."""
    return Figure("good", curve.success.label, "share")


def cases(rows: Iterable[Row], p: Protocol) -> Cases:
    """The cases under one protocol, numbered for the team (`case`) and for each operator (`own`; 0: nobody's).

    `operator` is "" where nobody was named, or where the needle changed hands and the protocol says it is nobody's.
    """
    left_out: Counter[str] = Counter()
    plotted = figures(p)
    accepted = []
    for row in sorted(rows, key=lambda row: row.opened_at):
        if row.protocol == p.id and p.curve:
            reason = why_not(row, p)
            if reason:
                left_out[reason] += 1
            else:
                accepted.append(_case(row, p.curve, plotted))
    frame = pd.DataFrame(accepted, columns=columns(p))
    frame["at"] = pd.to_datetime(frame["at"])
    frame["case"] = range(1, len(frame) + 1)
    frame["own"] = (frame.groupby("operator").cumcount() + 1).where(frame["operator"] != "", 0)
    return Cases(frame, {reason: left_out[reason] for reason in REASONS if left_out[reason]})


def columns(p: Protocol) -> list[str]:
    """The columns of a frame of cases, before they are numbered; the protocol's own cannot meet the others."""
    filters = list(p.curve.filters) if p.curve else []
    fixed = ["session", "patient", "dose", "doses", "operator", "handed", "at", GOOD]
    return fixed + [figure.column for figure in figures(p)] + [f"by_{key}" for key in filters]


def why_not(row: Row, p: Protocol) -> str | None:
    """Why a record is no case of the curve; None if it is one."""
    undecided = next(outcome.id for outcome in p.outcome if outcome.rank == 0 and not outcome.marks)
    counter = p.curve.success.counter if p.curve else ""
    reasons = {
        "drill": row.drill,
        "mistaken": row.mistaken,
        "published": row.operator == published.cohort().operator,
        "to_review": row.to_review > 0,
        "undecided": row.outcome == undecided,
        "untouched": not row.figures[counter],
        "unnumbered": row.dose is None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def good(row: Row, curve: Curve) -> bool:
    """Whether a case is a success on the curve."""
    success = curve.success
    reached = row.figures[of_clock(success.reached)] is not None
    return reached and row.figures[success.counter] <= success.most and row.outcome not in success.never


def whose(operators: list[str], hand_over: str) -> str:
    """Whose case it is: "" nobody's."""
    if len(operators) == 1:
        return operators[0]
    return {"first": operators[0], "last": operators[-1]}.get(hand_over, "")


def _case(row: Row, curve: Curve, plotted: list[Figure]) -> list[Any]:
    opened = site.local(row.opened_at).replace(tzinfo=None)  # drawn and chosen by as the site's calendar has it
    return [
        row.session,
        row.patient,
        row.dose,
        FIRST if row.dose == 1 else REPEAT,
        whose(row.case_operators, curve.hand_over),
        len(row.case_operators) > 1,
        opened,
        100.0 if good(row, curve) else 0.0,
        *(figure.amount(row) for figure in plotted),
        *(row.carried.get(key) or row.values.get(key) or UNKNOWN for key in curve.filters),
    ]

"""Which cases of a curve are looked at: whose, which doses, and by what the protocol names."""

from datetime import date

import msgspec
import pandas as pd

from core.protocols.tables import Curve
from core.records import find


class Choice(msgspec.Struct, frozen=True):
    """Empty means all. `experience`: bands of an operator's own cases, by number. Dates are the site's."""

    operator: str | None = None
    doses: str | None = None
    values: dict[str, list[str]] = {}
    experience: list[int] = []
    since: date | None = None
    until: date | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but the operator and the doses was chosen."""
        return any((any(self.values.values()), self.experience, self.since, self.until))


def problem(choice: Choice) -> str | None:
    """Why nothing can be chosen so, in a sentence."""
    return find.problem(choice.since, choice.until)


def experience(curve: Curve) -> list[str]:
    """The bands of an operator's own cases in words: "cases 1–10", "cases 11–30", "from case 31"."""
    starts = [1, *(bound + 1 for bound in curve.experience)]
    closed = [f"cases {low}–{high}" for low, high in zip(starts, curve.experience, strict=False)]
    return [*closed, f"from case {starts[-1]}"]


def chosen(frame: pd.DataFrame, choice: Choice, curve: Curve) -> pd.DataFrame:
    """The chosen cases with their `place` on the chart: the operator's own case number, or the team's."""
    mask = pd.Series(True, index=frame.index)
    if choice.operator is not None:
        mask &= frame["operator"] == choice.operator
    if choice.doses is not None:
        mask &= frame["doses"] == choice.doses
    for key, options in choice.values.items():
        if options:
            mask &= frame[f"by_{key}"].isin(options)
    if choice.experience:
        bands = pd.cut(frame["own"], [0, *curve.experience, float("inf")], labels=False)
        mask &= bands.isin(choice.experience)
    if choice.since:
        mask &= frame["at"] >= pd.Timestamp(choice.since)
    if choice.until:
        mask &= frame["at"] < pd.Timestamp(choice.until) + pd.Timedelta(days=1)
    picked = frame[mask].copy()
    picked["place"] = picked["case"] if choice.operator is None else picked["own"]
    return picked

"""The published punctures as their events tell them, and every fact that the paper's figures are compared with."""

import tomllib
from collections import Counter
from functools import cache
from statistics import mean, median
from typing import Any

import msgspec

from core.curves import cases
from core.curves.cases import Figure
from core.curves.cohort import course, published
from core.curves.cohort.published import Row
from core.engine.session import Session
from core.facts.insertions import insertions
from core.paths import REFERENCE
from core.records.row import row as row_of


class Dose(msgspec.Struct, frozen=True):
    """One puncture: each figure of the curve from its events beside the published one (None: not published)."""

    case: str
    dose: int
    succeeded: bool
    few: bool  # as few insertions as a success on the curve allows
    where: str  # the interspace where it ended
    approach: str
    figures: dict[str, tuple[float | None, float | None]]

    @property
    def same(self) -> bool:
        return all(published is None or amount == published for amount, published in self.figures.values())


def figures() -> list[Figure]:
    """The figures that were published."""
    return [figure for figure in cases.figures(course.protocol()) if figure.id in published.cohort().figures]


@cache
def doses() -> list[Dose]:
    """Every puncture in the order of the table."""
    return [_dose(row, session) for row, session in published.sessions()]


def series(own: list[Dose], figure: Figure) -> str:
    """A figure from dose to dose, as the paper's table writes it: "12/8/5/3"; "–" where it was not published."""
    pairs = (dose.figures[figure.id] for dose in own)
    return "/".join("–" if published is None or amount is None else f"{amount:g}" for amount, published in pairs)


def by_case() -> list[tuple[str, list[Dose]]]:
    """The punctures of each patient, in the order of the table."""
    by_patient: dict[str, list[Dose]] = {}
    for dose in doses():
        by_patient.setdefault(dose.case, []).append(dose)
    return list(by_patient.items())


def first_and_last() -> list[tuple[str, Dose, Dose]]:
    """Each patient's first and last successful dose, of those who had several."""
    won = [(case, [dose for dose in own if dose.succeeded]) for case, own in by_case()]
    return [(case, own[0], own[-1]) for case, own in won if len(own) > 1]


def paper_table(name: str) -> Any:
    """A table of core/reference/paper.toml; names in braces are not filled in yet."""
    return tomllib.loads((REFERENCE / "paper.toml").read_text(encoding="utf-8"))[name]


@cache
def facts() -> dict[str, str]:
    """What words in core/reference can name, as text."""
    return _counted() | _timed() | _of_tables()


def _counted() -> dict[str, str]:
    """How many punctures succeeded: in all, in few insertions, by each approach."""
    every, won = doses(), [dose for dose in doses() if dose.succeeded]
    few = [dose for dose in won if dose.few]
    known = {
        "punctures": f"{len(every)}",
        "successes": f"{len(won)}",
        "successful": f"{len(won)}/{len(every)} ({100 * len(won) / len(every):.0f} %)",
        "few": f"{len(few)}/{len(won)} ({100 * len(few) / len(won):.1f} %)",
    }
    for option in course.protocol().options(course.template().approach):
        used = [dose.succeeded for dose in every if dose.approach == option.id]
        known |= {option.id: f"{sum(used)}", f"{option.id} tried": f"{sum(used)} of {len(used)}"}
    return known


def _timed() -> dict[str, str]:
    """The published figures over the successful punctures, and how first and last doses compare."""
    known = {}
    for figure in figures():
        pairs = [dose.figures[figure.id] for dose in doses() if dose.succeeded]
        known[figure.id] = _middle([amount for amount, _ in pairs if amount is not None], figure.unit)
        known |= {f"{figure.id} {dose.case}/{dose.dose}": f"{dose.figures[figure.id][0] or 0:g}" for dose in doses()}
    times = [figure for figure in figures() if figure.kind == "time"]
    quicker = [all(_fell(first, last, figure) for figure in times) for _, first, last in first_and_last()]
    return known | {"quicker": "yes" if all(quicker) else f"{sum(quicker)} of {len(quicker)}"}


def _of_tables() -> dict[str, str]:
    """The columns that core/reference/paper.toml names, over the patients; doses and outcomes of each patient."""
    known: dict[str, str] = {}
    for name, (column, *minus) in paper_table("columns").items():
        rows = [row for row in published.cases() if all(row[key] for key in (column, *minus))]
        numbers = sorted(
            int(row[column]) - sum(int(row[key]) for key in minus) for row in rows if row[column].isdigit()
        )
        known |= _spread(name, numbers) if numbers else {}
        groups = Counter(row[column] for row in rows)
        known[f"{name} grouped"] = ", ".join(f"{n} with {group}" for group, n in sorted(groups.items()))
    for case in (row["case"] for row in published.cases()):
        own = [dose for dose in doses() if dose.case == case]
        known[f"doses of {case}"] = _listed([dose.dose for dose in own])
        known[f"outcomes of {case}"] = " and ".join("succeeded" if dose.succeeded else "failed" for dose in own)
    return known


def _spread(name: str, numbers: list[int]) -> dict[str, str]:
    least, most = f"{numbers[0]}", f"{numbers[-1]}"
    return {
        name: _listed(numbers),
        f"{name} median": f"{median(numbers):g}",
        f"{name} mean": f"{mean(numbers):g}",
        f"{name} least": least,
        f"{name} most": most,
    }


def _dose(row: Row, session: Session) -> Dose:
    record, p = row_of(session), session.protocol
    last = insertions(session)[-1]
    known = published.cohort().figures
    amounts = {figure.id: (figure.amount(record), _number(row[known[figure.id]])) for figure in figures()}
    approach = str(last.carried.get(course.template().approach, ""))
    reached = p.curve is not None and record.outcome not in p.curve.success.never
    few = p.curve is not None and cases.good(record, p.curve)
    return Dose(row["case"], int(row["dose_in_series"]), reached, few, last.group, approach, amounts)


def _number(cell: str) -> float | None:
    """A published cell; None where it is empty."""
    return float(cell) if cell else None


def _fell(first: Dose, last: Dose, figure: Figure) -> bool:
    before, after = first.figures[figure.id][0], last.figures[figure.id][0]
    return before is not None and after is not None and after < before


def _middle(numbers: list[float], unit: str) -> str:
    """ "19 min (13–56)": the median and the range."""
    return f"{median(numbers):g}{' ' + unit if unit else ''} ({min(numbers):g}–{max(numbers):g})"


def _listed(numbers: list[int]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} and {last}" if most else last

"""What a chart shows, in sentences computed from the data: below each chart, and for who cannot see it."""

from collections import Counter
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import isnan, nan

import numpy as np
import pandas as pd

from core.curves import marks
from core.curves.cases import FIRST, REASONS, REPEAT, Figure
from core.curves.choice import Choice, experience
from core.curves.lc_cusum import Design, Limit, Watch, too_close
from core.curves.marks import Band, Values
from core.curves.replay import Ribbon, Timer
from core.protocols.tables import Protocol
from core.records.row import Row

MIDDLE = {"time": "Running median", "count": "Running median", "share": "Running share"}
PLURAL = {FIRST: "First doses", REPEAT: "Repeat doses"}


def of_figure(chosen: pd.DataFrame, figure: Figure, window: int) -> str:
    """How a figure went over the chosen cases, first and repeat doses apart."""
    if not len(chosen):
        return "No case to show."
    groups = [(doses, chosen[chosen["doses"] == doses][figure.column].to_numpy(dtype=float)) for doses in PLURAL]
    return " ".join(_group(PLURAL[doses], values, figure, window) for doses, values in groups if len(values))


def of_edges(frame: pd.DataFrame, figure: Figure, log: bool) -> str:
    """What stands at an edge of the chart because it has no place on its scale, and how many of each."""
    values = frame[figure.column].to_numpy(dtype=float)
    open_, none = int(np.isnan(values).sum()), int((values <= 0).sum())
    at_edges = [f"Triangles at the upper edge: never ended (n = {open_})."] if open_ else []
    if log and none:
        at_edges.append(f"At the lower edge: 0 {figure.unit} (n = {none}), which a logarithmic scale cannot show.")
    return " ".join(at_edges)


def of_choice(by: Choice, p: Protocol, cases: pd.DataFrame) -> str:
    """Whose cases a chart shows, which, how many and from when to when."""
    parts = [p.short, f"operator {by.operator}" if by.operator else "team", by.doses or "all doses"]
    for key, options in by.values.items():
        labels = {option.id: option.label for option in p.options(key)}
        if options:
            parts.append(f"{p.value[key].label}: {', '.join(labels.get(option, option) for option in options)}")
    bands = experience(p.curve) if p.curve else []
    parts += [", ".join(bands[band] for band in by.experience)] if by.experience else []
    days = f", {cases['at'].min():%Y-%m-%d} to {cases['at'].max():%Y-%m-%d}" if len(cases) else ""
    return f"{' · '.join(parts)} · {counted(len(cases), 'case')}{days}"


def _group(name: str, values: Values, figure: Figure, window: int) -> str:
    if figure.kind == "share":
        return _shares(name, values, window)
    head = f"{name} (n = {len(values)})"
    if len(values) < 2 * window:
        few = "" if len(values) == 1 else f", range {_range(values, figure)}"
        sentence = f"{head}: median {_amount(values, figure)}{few}; too few to compare early with late cases."
    else:
        first, last = _amount(values[:window], figure), _amount(values[-window:], figure)
        sentence = f"{head}: median {first} over the first {window}, {last} over the last {window}."
    open_ = int(np.isnan(values).sum())
    return sentence + (f" {open_} never ended: longer than any other." if open_ else "")


def _shares(name: str, values: Values, window: int) -> str:
    good = int((values > 0).sum())
    sentence = f"{name}: {good} of {len(values)} ({percent(good, len(values))})"
    if len(values) < 2 * window:
        return f"{sentence}; too few to compare early with late cases."
    early, late = int((values[:window] > 0).sum()), int((values[-window:] > 0).sum())
    return f"{sentence}: {early} of the first {window}, {late} of the last {window}."


def _amount(values: Values, figure: Figure) -> str:
    """A median in words."""
    middle = marks.middle(values, figure)
    return "none, as most never ended" if isnan(middle) else f"{short(middle)}{figure.unit and ' ' + figure.unit}"


def _range(values: Values, figure: Figure) -> str:
    known = values[~np.isnan(values)]
    if not len(known):
        return "none"
    return f"{short(known.min())}–{short(known.max())}{figure.unit and ' ' + figure.unit}"


def of_bands(bands: Sequence[Band], source: str) -> str:
    """What is shaded, and whose it is not."""
    if not bands:
        return ""
    ranges = "; ".join(f"{band.doses}: {short(band.low)}–{short(band.high)} (n = {band.n})" for band in bands)
    return f"Shaded: published range. {ranges}. {source}; its operators are not published."


def of_watch(operator: str, watched: Watch, design: Design, limit: Limit) -> str:
    """Where an operator stands, and how far LC-CUSUM can be trusted."""
    seen = f"{counted(watched.watched, 'case')} watched, {counted(watched.failures, 'failure')}"
    return f"{operator}: {state(watched)}. {seen}. {of_design(design, limit)}"


def counted(n: int, word: str) -> str:
    """So many of something."""
    return f"{n} {word}{'' if n == 1 else 's'}"


def state(watched: Watch) -> str:
    """The state in words."""
    return {
        "adequate": f"Adequate at case {watched.adequate_at}",
        "too few": f"Too few cases to say: {watched.cases} of {watched.horizon}",
        "not shown": f"Not shown within {watched.horizon} cases",
    }[watched.state]


def of_design(design: Design, limit: Limit) -> str:
    """What was asked, and both error rates."""
    asked = f"p0 {100 * design.p0:g} %, p1 {100 * design.p1:g} %, at most {design.horizon} cases, h {limit.h:g}."
    if limit.power == 0 and too_close(design):
        return f"{asked} p0 and p1 are too close to be told apart: not even a series without a failure crosses h."
    if limit.power == 0:
        return f"{asked} So few cases cannot show it: not even a series without a failure crosses h."
    return (
        f"{asked} Simulated: called adequate while at p1 {100 * limit.false_adequate:.1f} %, "
        f"found if at p0 {100 * limit.power:.0f} %."
    )


def of_left_out(left_out: dict[str, int], unreadable: int) -> str:
    """What is no case, and how many of each."""
    reasons = [f"{n} {REASONS[reason][n > 1]}" for reason, n in left_out.items()]
    reasons += [f"{counted(unreadable, 'session file')} that cannot be read"] if unreadable else []
    return f"Left out: {', '.join(reasons)}." if reasons else "No record was left out."


def of_hand_overs(handed: int, rule: str, source: str) -> str:
    """What became of the cases in which the operator changed."""
    if not handed:
        return ""
    whose = {"left_out": "the team's alone", "first": "the first operator's", "last": "the last operator's"}[rule]
    return f"In {counted(handed, 'case')} the operator changed: counted as {whose} ({source})."


def of_case(ribbon: Ribbon) -> str:
    """A case replayed, in sentences."""
    if not ribbon.phases:
        return "No mark of this record lasted: there is no ribbon to draw."
    where = Counter(span.label.partition(". ")[2].partition(":")[0] for span in ribbon.insertions)
    inserted = ", ".join(f"{place} {n}" for place, n in where.items())
    number = len(ribbon.insertions)
    sentences = [f"{number} insertion{'' if number == 1 else 's'}: {inserted}." if inserted else "No insertion."]
    sentences += [f"{timer.label} {short(timer.seconds / 60)} min{_usual(timer)}." for timer in ribbon.timers]
    kinds = Counter(moment.kind for moment in ribbon.moments)
    sentences += [f"Marked: {', '.join(f'{n} {kind}' for kind, n in kinds.items())}."] if kinds else []
    return " ".join(sentences)


def _usual(timer: Timer) -> str:
    return "" if timer.median is None else f" (own median {short(timer.median / 60)}, n = {timer.n})"


def of_others(row: Row, others: Sequence[object]) -> str:
    """Whose median stands beside a case."""
    if len(row.case_operators) > 1:
        return "no own median, as the needle changed hands"
    return f"own median of {len(others)} other cases" if others else "no other case of this operator to compare with"


def entries(ribbon: Ribbon) -> pd.DataFrame:
    """What a ribbon shows, as a table in the order of time (minutes from the first mark)."""
    lasting = [("phase", ribbon.phases), ("needle in", ribbon.insertions)]
    rows = [(kind, span.label, span.start, span.end) for kind, spans in lasting for span in spans]
    rows += [("clock", timer.label, timer.start, timer.start + timer.seconds) for timer in ribbon.timers]
    rows += [(moment.kind, moment.label, moment.at, nan) for moment in ribbon.moments]
    table = pd.DataFrame(rows, columns=["What", "Which", "From, min", "To, min"]).sort_values(
        "From, min", kind="stable"
    )
    return table.assign(**{name: (table[name] / 60).round(1) for name in ("From, min", "To, min")})


def of_lines(window: int) -> str:
    """What the lines and marks mean."""
    return (
        f"First dose: dose 1 of the series. Lines: running median of the last {window} cases of a kind; a case that "
        "never ended (triangle) counts as longer than any other."
    )


def percent(part: int, whole: int) -> str:
    """A share in words."""
    return f"{100 * part / whole:.0f} %" if whole else "no case"


def short(number: float) -> str:
    """A number as it is said: 0.8, 36.5, 12, 120; a half is rounded up."""
    step = Decimal("0.1") if abs(number) < 100 else Decimal(1)
    return str(Decimal(str(number)).quantize(step, ROUND_HALF_UP)).removesuffix(".0")


def table(frame: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    """The data behind a chart, its columns in words."""
    value = f"{figure.label}, {figure.unit}" if figure.unit else figure.label
    names = {
        "place": "Case",
        "from": "From case",
        "to": "To case",
        "patient": "Patient",
        "dose": "Dose",
        "doses": "Doses",
        "operator": "Operator",
        "at": "Opened",
        "value": value,
        "middle": MIDDLE[figure.kind],
        "low": "Lower quartile",
        "high": "Upper quartile",
        "n": "n",
        "session": "Session",
    }
    renamed = frame.rename(columns=names)[[names[column] for column in names if column in frame]]
    if figure.kind == "time":  # an empty cell alone would not say why it is empty
        ended = frame["value"].notna().map({True: "ended", False: "never ended"})
        renamed.insert(list(renamed.columns).index(value) + 1, "Clock", ended)
    return renamed.assign(
        **{name: renamed[name].dt.strftime("%Y-%m-%d %H:%M") for name in ["Opened"] if name in renamed}
    )

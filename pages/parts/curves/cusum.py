"""LC-CUSUM of one operator, or where each operator of the team stands."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.curves import lc_cusum, words
from core.curves.cases import GOOD
from core.curves.charts import cusum
from core.curves.charts.look import Spec, dressed
from core.curves.choice import Choice
from core.curves.lc_cusum import Design, Watch
from core.protocols.tables import Evidence, Protocol
from pages.parts.curves import chart_card, data
from pages.parts.curves.chart_card import Card
from pages.parts.frame import tables

FORMATIVE = "Formative only: it says when there is enough evidence, not who is good, and is never a credential."


def design(evidence: Evidence) -> tuple[Design, str | None]:
    """The design, from the protocol or as changed here; for an impossible change the protocol's, and why."""
    own = Design(evidence.p0, evidence.p1, evidence.horizon, evidence.false_adequate)
    first, second, third = st.columns(3)
    p0 = _number(first, "LC-CUSUM p0: acceptable failures, %", 100 * own.p0, "p0")
    p1 = _number(second, "LC-CUSUM p1: unacceptable failures, %", 100 * own.p1, "p1")
    horizon = _number(third, "LC-CUSUM horizon, cases", own.horizon, "horizon")
    st.caption(
        f"p0, p1 and the horizon begin as the protocol says ({evidence.source}). Of operators at p1 at most "
        f"{100 * own.false_adequate:g} % are to be called adequate: the limit h is found by simulation."
    )
    if p0 is None or p1 is None or horizon is None:
        return own, "p0, p1 and the horizon: expected a number in each, found an empty one. The protocol's are used."
    wrong = lc_cusum.problem(p0 / 100, p1 / 100, horizon, own.false_adequate)
    if wrong:
        return own, f"{wrong} The protocol's are used."
    return Design(round(p0 / 100, 6), round(p1 / 100, 6), int(horizon), own.false_adequate), None


def _number(column: DeltaGenerator, label: str, value: float, key: str) -> float | None:
    return column.number_input(label, value=float(value), step=1.0, key=key, format="%g")


def watch(frame: pd.DataFrame, asked: Design) -> Watch:
    """Cases in their order against the limit."""
    return lc_cusum.watch([bool(success) for success in frame[GOOD] > 0], asked, lc_cusum.limit(asked))


def show(p: Protocol, by: Choice, asked: Design, handed: str) -> None:
    """The chart of an operator; for the team a line for each operator, by name. `handed`: what became of hand-overs."""
    title = f"LC-CUSUM: {data.curve_of(p).success.label}"
    if by.operator is None:
        _team(title, p, by, asked, handed)
        return
    frame, note = data.chosen(p.id, by), f"{FORMATIVE} {handed}".strip()
    watched, limit = watch(frame, asked), lc_cusum.limit(asked)
    sentence = words.of_watch(by.operator, watched, asked, limit)
    if not len(frame):
        chart_card.show(Card("lc-cusum", title, None, sentence, frame, note))
        return
    successes = [bool(success) for success in frame[GOOD] > 0]
    names = [f"{patient}, dose {dose}" for patient, dose in zip(frame["patient"], frame["dose"], strict=True)]

    def draw(dark: bool) -> Spec:
        return dressed(cusum.cusum(watched, successes, names, limit, dark), f"{title}. {sentence}", dark)

    table = pd.DataFrame(
        {
            "Case": range(1, watched.watched + 1),
            "Which": names[: watched.watched],
            "Success": successes[: watched.watched],
            "S": watched.sums,
        }
    )
    chart_card.show(Card("lc-cusum", title, draw, sentence, table, note, words.of_choice(by, p, frame)))


def _team(title: str, p: Protocol, by: Choice, asked: Design, handed: str) -> None:
    """Where each operator stands, by name and not by rank."""
    frame, rows = data.chosen(p.id, by), []
    for name, own in frame[frame["operator"] != ""].groupby("operator"):
        watched = watch(own, asked)
        rows.append((name, len(own), watched.failures, f"{own['at'].max():%Y-%m-%d}", words.state(watched)))
    table = pd.DataFrame(rows, columns=["Operator", "Cases", "Failures among those watched", "Last case", "LC-CUSUM"])
    with st.container(border=True, key="card-lc-cusum"):
        st.header(title, anchor=False)
        if len(table):
            tables.show(table, title)
        else:
            st.markdown("No operator has a case to watch.")
        st.markdown(words.of_design(asked, lc_cusum.limit(asked)))
        st.caption(f"By name, not by rank. Choose an operator to see the chart. {FORMATIVE} {handed}".strip())

"""What the pages of the learning curves read, cached as long as no row changed."""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from core import protocols
from core.curves import cases as metrics
from core.curves import choice, marks, words
from core.curves.cases import Cases, Figure
from core.curves.charts import curve as charts
from core.curves.charts.look import Spec, dressed
from core.curves.choice import Choice
from core.curves.cohort import published
from core.protocols.tables import Curve, Protocol
from core.records import index
from core.records.row import Row

MOST_DRAWN = 64  # charts that are kept, for all who look at the same time


class Drawn(NamedTuple):
    """A chart (None: nothing to draw), what it shows in words, what is shaded, its data."""

    chart: Spec | None
    sentence: str
    shaded: str
    table: pd.DataFrame


def with_curves() -> dict[str, Protocol]:
    """The protocols in use that have a learning curve, in their order."""
    curved = [p for p, _ in protocols.shipped().values() if p.curve]
    return {p.id: p for p in sorted(curved, key=lambda p: p.order)}


def curve_of(p: Protocol) -> Curve:
    """The learning curve of a protocol that has one."""
    if p.curve is None:
        raise LookupError(f"The protocol {p.id} has no learning curve.")
    return p.curve


def cases(protocol_id: str) -> Cases:
    """The cases of a protocol as of now. Shared by all who look: do not change the frame."""
    return _cases(index.index().version(), protocol_id)


@st.cache_resource(max_entries=4, show_spinner=False)
def _cases(version: int, protocol_id: str) -> Cases:
    return metrics.cases(index.index().rows(), with_curves()[protocol_id])


def chosen(protocol_id: str, by: Choice) -> pd.DataFrame:
    """The cases that were chosen."""
    curve = curve_of(with_curves()[protocol_id])
    return choice.chosen(cases(protocol_id).frame, by, curve)


def drawn(protocol_id: str, by: Choice, figure: Figure, log: bool, dark: bool) -> Drawn:
    """A figure's chart of the chosen cases."""
    return _drawn(index.index().version(), protocol_id, by, figure, log, dark)


def chart(protocol_id: str, by: Choice, figure: Figure, log: bool, dark: bool) -> Spec:
    """The chart alone, where there is one."""
    spec = drawn(protocol_id, by, figure, log, dark).chart
    if spec is None:
        raise LookupError(f"{figure.label}: there is nothing to draw.")
    return spec


@st.cache_resource(max_entries=MOST_DRAWN, show_spinner=False, hash_funcs={Choice: repr, Figure: repr})
def _drawn(version: int, protocol_id: str, by: Choice, figure: Figure, log: bool, dark: bool) -> Drawn:
    curve, frame = curve_of(with_curves()[protocol_id]), chosen(protocol_id, by)
    marked = marks.bins(frame, figure) if len(frame) > marks.MOST_MARKS else marks.marks(frame, figure, curve.running)
    bands = marks.bands(protocol_id, figure, by.doses)
    sentence = f"{words.of_figure(frame, figure, curve.running)} {words.of_edges(frame, figure, log)}".strip()
    text = f"{figure.label}, case by case, {by.operator or 'team'}. {sentence}"
    chart = dressed(charts.curve(marked, figure, bands, log, dark), text, dark) if len(marked) else None
    return Drawn(chart, sentence, words.of_bands(bands, published.cohort().source), words.table(marked, figure))


def of_operator(row: Row, rows: dict[str, Row]) -> list[Row]:
    """The rows of the operator's other cases under the same protocol; none where the needle changed hands."""
    if row.protocol not in with_curves() or len(row.case_operators) > 1:
        return []
    frame = cases(row.protocol).frame
    own = frame[(frame["operator"] == row.case_operators[0]) & (frame["operator"] != "")]["session"]
    return [rows[session] for session in own if session != row.session and session in rows]

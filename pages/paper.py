"""The paper from raw taps: its headline figures and its table, worked out from the events of the published cohort."""

from functools import partial

import pandas as pd
import streamlit as st

from core.curves.cases import Figure
from core.curves.charts import publication
from core.curves.charts.look import Spec, dressed
from core.curves.cohort import published
from core.curves.publication import data
from core.curves.publication import figures as paper
from pages.parts.curves import chart_card, choice
from pages.parts.curves.chart_card import Card
from pages.parts.frame import frame, tables

frame.show(
    "The paper from raw taps", f"{published.cohort().source}. Every figure is worked out from events.", here="Curves"
)
choice.views("paper.py")

doses, lines = data.doses(), paper.headlines()
same = sum(line.same for line in lines)
table_same = sum(dose.same for dose in doses)
st.markdown(
    f"{same} of {len(lines)} headline figures and {table_same} of {len(doses)} punctures come out of {paper.events()} "
    "events as published. Moments in between are ours; the failed puncture has no published times, its scenario is "
    "invented and counts in the success rate alone. The cohort stands apart: no curve of this site takes it in."
)

st.header("Headline figures", anchor=False)
tables.show(
    pd.DataFrame(
        [(line.about, line.paper, line.found, "same" if line.same else "differs", line.where) for line in lines],
        columns=["Figure", "The paper", "From the events", "Compared", "Where"],
    )
)


def drawn(figure: Figure, text: str, dark: bool) -> Spec:
    return dressed(publication.doses(doses, figure, dark), text, dark)


st.header("First against last dose", anchor=False)
for figure in (figure for figure in data.figures() if figure.kind == "time"):
    changes = [
        f"case {case} {first.figures[figure.id][0]:g} → {last.figures[figure.id][0]:g}"
        for case, first, last in data.first_and_last()
    ]
    sentence = f"From the first to the last dose, {figure.unit}: {', '.join(changes)}."
    points = [
        (dose.case, dose.dose, dose.figures[figure.id][0], dose.where, dose.approach)
        for dose in doses
        if dose.succeeded
    ]
    table = pd.DataFrame(points, columns=["Case", "Dose", f"{figure.label}, {figure.unit}", "Interspace", "Approach"])
    title = f"{figure.label}, dose by dose"
    draw = partial(drawn, figure, f"{title}. {sentence}")
    chart_card.show(Card(f"paper-{figure.id}", title, draw, sentence, table, about=published.cohort().source))

figures = data.figures()
names = [f"{figure.label}{figure.unit and ', ' + figure.unit}" for figure in figures]
by_case = [
    (
        case,
        "/".join(f"{dose.dose}" for dose in own),
        next(dose.where for dose in reversed(own) if dose.succeeded),
        *(data.series(own, figure) for figure in figures),
    )
    for case, own in data.by_case()
]
st.header("By case, from dose to dose", anchor=False)
tables.show(pd.DataFrame(by_case, columns=["Case", "Doses", "Interspace", *names]))
st.caption("As Table 1 of the paper, from the events. –: not published.")

by_puncture = [
    (
        dose.case,
        dose.dose,
        "CSF" if dose.succeeded else "CT-guided",
        dose.approach,
        *(tables.beside(*dose.figures[figure.id]) for figure in figures),
    )
    for dose in doses
]
st.header("By puncture", anchor=False)
tables.show(pd.DataFrame(by_puncture, columns=["Case", "Dose", "Outcome", "Approach", *names]))
st.caption("From the events; where the table says otherwise, or nothing, it stands beside it.")

st.header("Where the paper and its data differ", anchor=False)
tables.show(
    pd.DataFrame(
        [(difference.about, difference.paper, difference.data) for difference in paper.differences()],
        columns=["About", "The paper says", "The data give"],
    )
)

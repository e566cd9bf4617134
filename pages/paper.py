"""The paper from raw taps: its headline figures and its table, worked out from the events of the published cohort."""

import pandas as pd
import streamlit as st

from core.curves.charts import publication
from core.curves.charts.look import dressed
from core.curves.cohort import published
from core.curves.publication import data
from core.curves.publication import figures as paper
from pages.parts.curves import chart_card, choice
from pages.parts.frame import frame, tables

frame.show(
    "The paper from raw taps", f"{published.cohort().source}. Every figure is worked out from events.", here="Curves"
)
choice.views("paper.py")

doses, lines = data.doses(), paper.headlines()
same = sum(one.same for one in lines)
table_same = sum(one.same for one in doses)
st.markdown(
    f"{same} of {len(lines)} headline figures and {table_same} of {len(doses)} punctures come out of {paper.events()} "
    "events as published. Moments in between are ours; the failed puncture has no published times, its scenario is "
    "invented and counts in the success rate alone. The cohort stands apart: no curve of this site takes it in."
)

st.header("Headline figures", anchor=False)
tables.show(
    pd.DataFrame(
        [(one.about, one.paper, one.found, "same" if one.same else "differs", one.where) for one in lines],
        columns=["Figure", "The paper", "From the events", "Compared", "Where"],
    )
)

st.header("First against last dose", anchor=False)
dark = st.context.theme.type == "dark"
for figure in (one for one in data.figures() if one.kind == "time"):
    told = [
        f"case {case} {first.figures[figure.id][0]:g} → {last.figures[figure.id][0]:g}"
        for case, first, last in data.first_and_last()
    ]
    said = f"From the first to the last dose, {figure.unit}: {', '.join(told)}."
    chart = dressed(publication.doses(doses, figure, dark), f"{figure.label}, dose by dose. {said}", dark)
    rows = [(one.case, one.dose, one.figures[figure.id][0], one.where, one.approach) for one in doses if one.succeeded]
    table = pd.DataFrame(rows, columns=["Case", "Dose", f"{figure.label}, {figure.unit}", "Interspace", "Approach"])
    chart_card.show(f"paper-{figure.id}", f"{figure.label}, dose by dose", chart, said, table)

figures = data.figures()
names = [f"{one.label}{one.unit and ', ' + one.unit}" for one in figures]
rows = [
    (
        case,
        "/".join(f"{one.dose}" for one in told),
        next(one.where for one in reversed(told) if one.succeeded),
        *(data.series(told, figure) for figure in figures),
    )
    for case, told in data.by_case()
]
st.header("By case, from dose to dose", anchor=False)
tables.show(pd.DataFrame(rows, columns=["Case", "Doses", "Interspace", *names]))
st.caption("As Table 1 of the paper, from the events. –: not published.")

rows = [
    (
        one.case,
        one.dose,
        "CSF" if one.succeeded else "CT-guided",
        one.approach,
        *(tables.beside(*one.figures[figure.id]) for figure in figures),
    )
    for one in doses
]
st.header("By puncture", anchor=False)
tables.show(pd.DataFrame(rows, columns=["Case", "Dose", "Outcome", "Approach", *names]))
st.caption("From the events; where the table says otherwise, or nothing, it stands beside it.")

st.header("Where the paper and its data differ", anchor=False)
tables.show(
    pd.DataFrame(
        [(one.about, one.paper, one.data) for one in paper.differences()],
        columns=["About", "The paper says", "The data give"],
    )
)

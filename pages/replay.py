"""A case replayed: one procedure as a ribbon, beside the operator's own median."""

import streamlit as st

from core import site
from core.curves import replay, words
from core.curves.charts import ribbon
from core.curves.charts.look import Spec, dressed
from core.records import index, sessions
from core.records.row import row as row_of
from core.store import StoreError
from pages.parts.curves import cases, chart_card, choice, data
from pages.parts.curves.chart_card import Card
from pages.parts.frame import frame

MARGIN = 1.06  # beyond the end of the needle's work
frame.show(
    "A case replayed",
    "Phases, insertions, prompts, late and undone marks, beside the operator's own median",
    here="Curves",
)
choice.views("replay.py")

rows = {row.session: row for row in index.index().rows()}
session = st.query_params.get("s", "")
replayed = None
if session:
    try:
        replayed = sessions.read(sessions.store(), session)
    except StoreError as error:
        st.error(f"{error} Choose another procedure.")
if replayed is None:
    cases.show(list(rows.values()))
    st.stop()

row = rows.get(session) or row_of(replayed)
others = data.of_operator(row, rows)
course, whole = replay.ribbon(replayed, others), "Whole record"
span = st.segmented_control(
    "Shown", ["The needle's work", whole], default="The needle's work", key="span", required=True
)
until = course.end if span == whole else min(course.needle_end * MARGIN, course.end)
sentence = words.of_case(course)
title = f"{row.patient}, dose {row.dose}: {row.outcome_label}"
about = [f"{site.day(row.opened_at)}", row.protocol_short, f"needle: {' → '.join(row.case_operators)}"]
note, table = " · ".join([*about, words.of_others(row, others)]), words.entries(course)


def draw(dark: bool) -> Spec:
    return dressed(ribbon.ribbon(course, until, dark), f"{title}. {sentence}", dark)


key = f"replay-{session}"
chart_card.show(Card(key, title, draw if course.phases else None, sentence, table, note))
left, right = st.columns(2)
left.page_link("replay.py", label="Another procedure")
right.page_link("bedside.py", label="Open at Bedside", query_params={"s": session})

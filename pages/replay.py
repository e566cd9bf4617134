"""A case replayed: one procedure as a ribbon, beside the operator's own median."""

import streamlit as st

from core import records, site
from core.curves import charts_ribbon, curve_words, timeline
from core.curves.charts_look import dressed
from core.store import StoreError
from pages.parts import case_list, chart_card, curve_data, curve_nav, top

MARGIN = 1.06  # beyond the end of the needle's work
top.show(
    "A case replayed",
    "Phases, insertions, prompts, late and undone marks, beside the operator's own median",
    here="Curves",
)
curve_nav.show("replay.py")

rows = {row["session"]: row for row in records.index().rows()}
session = st.query_params.get("s", "")
replayed = None
if session:
    try:
        replayed = records.read(records.store(), session)
    except StoreError as error:
        st.error(f"{error} Choose another procedure.")
if replayed is None:
    case_list.show(list(rows.values()))
    st.stop()

row = rows.get(session) or records.row(replayed)
others = curve_data.of_operator(row, rows)
told, whole = timeline.ribbon(replayed, others), "Whole record"
span = st.segmented_control(
    "Shown", ["The needle's work", whole], default="The needle's work", key="span", required=True
)
until = told.end if span == whole else min(told.needle_end * MARGIN, told.end)
dark, said = st.context.theme.type == "dark", curve_words.of_case(row, told)
title = f"{row['patient']}, dose {row['dose']}: {row['outcome_label']}"
chart = dressed(charts_ribbon.ribbon(told, until, dark), f"{title}. {said}", dark) if told.phases else None
about = [f"{site.day(row['opened_at'])}", row["protocol_short"], f"needle: {' → '.join(row['held'])}"]
note, table = " · ".join([*about, curve_words.of_others(row, others)]), curve_words.entries(told)
chart_card.show(f"replay-{session}", title, chart, said, table, note)
left, right = st.columns(2)
left.page_link("replay.py", label="Another procedure")
right.page_link("bedside.py", label="Open at Bedside", query_params={"s": session})

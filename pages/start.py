"""Start: a new procedure or a drill, what is due now, what is under way."""

import streamlit as st

from core import clock
from core.records import history, index, sessions
from pages.parts.frame import frame, mounts
from pages.parts.start import disk, due, procedures

frame.show("Interspace", "Ultrasound-guided intrathecal injection: the checklist, the times, the record", here="Start")

left, right = st.columns([4, 1], vertical_alignment="center")
if left.button("New procedure", type="primary", key="new", width="stretch"):
    st.switch_page("new_procedure.py")
if right.button("Drill", key="drill", width="stretch"):
    st.switch_page("drill.py")


@st.fragment
def live() -> None:
    """Runs again whenever a session changed on any tablet."""
    mounts.pulse()
    disk.show(sessions.store())
    now, rows = clock.now_ms(), index.index().rows()
    due.show(rows, now)
    st.html(f'<div id="{due.UNDER_WAY}"></div>')
    procedures.show(history.under_way(rows), history.ended_today(rows, now), index.index().unreadable())


live()
st.html('<p class="about">Local protocol aid, not a validated medical device.</p>')

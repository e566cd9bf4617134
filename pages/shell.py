"""The main script: sets up every page alike and runs the one that was asked for."""

import streamlit as st

from core.paths import BOARD
from pages.parts.frame import frame

st.set_page_config(page_title="Interspace", page_icon=str(BOARD / "style" / "icon.svg"), layout="wide")

page = st.navigation(
    [
        st.Page("start.py", title="Start", default=True),
        st.Page("new_procedure.py", title="New procedure", url_path="new"),
        st.Page("drill.py", title="Drill", url_path="drill"),
        st.Page("bedside.py", title="Bedside", url_path="bedside"),
        st.Page("room.py", title="Room view", url_path="room"),
        st.Page("recovery.py", title="Recovery", url_path="recovery"),
        st.Page("handover.py", title="Hand-over", url_path="handover"),
        st.Page("follow_up.py", title="Follow-up", url_path="followup"),
        st.Page("call.py", title="Follow-up call", url_path="call"),
        st.Page("patient.py", title="Patient", url_path="patient"),
        st.Page("curves.py", title="Learning curves", url_path="curves"),
        st.Page("paper.py", title="The paper", url_path="paper"),
        st.Page("replay.py", title="A case replayed", url_path="replay"),
        st.Page("records.py", title="Records", url_path="records"),
        st.Page("record.py", title="Record", url_path="record"),
    ],
    position="hidden",
)
frame.dress()
page.run()

"""The main script: sets every page up alike and lets Streamlit find the one that was asked for."""

import streamlit as st

from pages.parts import frame

st.set_page_config(page_title="Interspace", page_icon=str(frame.BOARD / "icon.svg"), layout="wide")

page = st.navigation(
    [
        st.Page("start.py", title="Start", default=True),
        st.Page("new_procedure.py", title="New procedure", url_path="new"),
        st.Page("drill.py", title="Drill", url_path="drill"),
        st.Page("bedside.py", title="Bedside", url_path="bedside"),
        st.Page("room.py", title="Room view", url_path="room"),
        st.Page("handover.py", title="Hand-over", url_path="handover"),
        st.Page("follow_up.py", title="Follow-up", url_path="followup"),
        st.Page("call.py", title="Follow-up call", url_path="call"),
        st.Page("patient.py", title="Patient", url_path="patient"),
        st.Page("records.py", title="Records", url_path="records"),
        st.Page("record.py", title="Record", url_path="record"),
    ],
    position="hidden",
)
frame.show()
page.run()

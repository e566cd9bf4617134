"""Start: what is under way, and a new procedure."""

import streamlit as st

from core import history, records
from pages.parts import procedures, pulse, top

top.show("Interspace", "Ultrasound-guided intrathecal injection: the checklist, the times, the record")

if st.button("New procedure", type="primary", key="new", width="stretch"):
    st.switch_page("new_procedure.py")


@st.fragment
def live() -> None:
    """Runs again whenever a session changed on any tablet."""
    pulse.show()
    rows = records.index().rows()
    procedures.show(history.under_way(rows), records.index().unreadable())


live()
st.caption("Local protocol aid, not a validated medical device.")

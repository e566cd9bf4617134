"""Room view: the live case for the sonographer or a wall screen, to read and to hear."""

import streamlit as st

from pages.parts.frame import mounts

session = st.query_params.get("s", "")
if session:
    mounts.room(session)
else:
    st.title("No procedure chosen")
    st.page_link("start.py", label="Back to Start")

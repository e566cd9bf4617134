"""Room view: the live case for the sonographer or a wall screen, to read and to hear."""

import streamlit as st

from pages.parts import room

session = st.query_params.get("s", "")
if session:
    room.show(session)
else:
    st.title("No procedure chosen")
    st.page_link("start.py", label="Back to Start")

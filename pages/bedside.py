"""Bedside: the live case."""

import streamlit as st

from pages.parts.frame import mounts

st.session_state.pop("opening", None)  # the next New procedure is another one
session = st.query_params.get("s", "")
if session:
    st.html("<style>[data-testid=stSkipToContent]{display:none}</style>")  # the board is the page: nothing to skip
    mounts.bedside(session)
else:
    st.title("No procedure chosen")
    st.page_link("start.py", label="Back to Start")

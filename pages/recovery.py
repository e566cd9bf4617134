"""Recovery: every patient after the needle, on one screen."""

import streamlit as st

from pages.parts import recovery

st.html("<style>[data-testid=stSkipToContent]{display:none}</style>")  # the board is the page: nothing to skip
recovery.show()

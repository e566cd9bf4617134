"""Recovery: every patient after the needle, on one screen."""

import streamlit as st

from pages.parts.frame import mounts

st.html("<style>[data-testid=stSkipToContent]{display:none}</style>")  # the board is the page: nothing to skip
mounts.recovery()

"""A page's heading: where one is, what the page is for, and the way back to Start."""

import base64

import streamlit as st

from pages.parts import theme
from pages.parts.frame import BOARD

_ICON = base64.b64encode((BOARD / "icon.svg").read_bytes()).decode()


def show(title: str, about: str = "", back: bool = False) -> None:
    """The title with the mark of Interspace beside it, or the way back."""
    with st.container(horizontal=True, vertical_alignment="center", key="top"):
        if back:
            st.page_link("start.py", label="‹ Start")
        else:
            st.html(f'<img src="data:image/svg+xml;base64,{_ICON}" alt="" width="52" height="52">', width="content")
        st.title(title, anchor=False)
        theme.show()
    if about:
        st.markdown(f'<p class="about">{about}</p>', unsafe_allow_html=True)

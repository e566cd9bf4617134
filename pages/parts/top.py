"""A page's heading with the way back to Start."""

import streamlit as st


def show(title: str, about: str = "", back: bool = False) -> None:
    """The title, what the page is for, and where it came from."""
    if back:
        st.page_link("start.py", label="‹ Start")
    st.title(title)
    if about:
        st.markdown(f":gray[{about}]")

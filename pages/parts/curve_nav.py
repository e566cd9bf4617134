"""From one view of the learning curves to another."""

import streamlit as st

VIEWS = {"curves.py": "Curves", "paper.py": "The paper", "replay.py": "A case replayed"}


def show(here: str) -> None:
    """Links to the views; the one that is open is marked."""
    with st.container(horizontal=True, key="curve-views"):
        for page, label in VIEWS.items():
            with st.container(key="view-here" if page == here else None, width="content"):
                st.page_link(page, label=label)

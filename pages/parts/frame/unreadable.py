"""Records that cannot be read, and why: named below every list that they are missing from."""

import streamlit as st

from pages.parts.frame import words


def show(files: list[tuple[str, str]]) -> None:
    """A sentence for each (session, why)."""
    for session, why in files:
        st.error(words.plain(f"{session}: {why}"))

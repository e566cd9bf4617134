"""Finds a patient by code."""

import streamlit as st

from pages.parts import words


def show(code: str, known: list[str]) -> None:
    """A field that offers the codes on record; a sentence for one that is not."""
    if code:
        st.error(f"Patient: expected a code that is on record, found “{words.plain(code[:40])}”, which is not.")
    chosen = st.selectbox("Patient code", known, index=None, placeholder="P-006", key="find")
    if chosen:
        st.switch_page("patient.py", query_params={"p": chosen})

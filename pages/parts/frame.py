"""What every page stands in: the one visual system, Streamlit's own chrome out of sight, a page that wakes up again."""

from pathlib import Path

import streamlit as st

BOARD = Path(__file__).parent.parent / "board"


def show() -> None:
    """Puts the tokens and the page's rules into the page."""
    style = (BOARD / "tokens.css").read_text() + (BOARD / "pages.css").read_text()
    st.html(f"<style>{style}</style>")
    _wake()


@st.fragment(run_every=3600)
def _wake() -> None:
    """Does nothing: with it a page whose server was restarted runs afresh once the server is back."""

"""A line on Start while the server's disk is nearly full."""

import streamlit as st

from core.store import Store


def show(store: Store) -> None:
    """What it means for the ward, and what to do about it; nothing while there is space."""
    if store.low_on_space():
        st.warning(
            "The server's disk is nearly full: taps are still saved, but soon may not be. "
            "Whoever runs the server: make space on the disk of the data folder, then start Interspace again."
        )

"""Hears that a session changed and lets the fragment around it run again; sends taps that still wait on this tablet."""

import streamlit as st

_SCRIPT = """
const pulse = await import(location.origin + "/board/pulse.js");
export default pulse.default;
"""

_PULSE = st.components.v2.component("interspace_pulse", js=_SCRIPT, html='<div class="pulse" role="status"></div>')


def show() -> None:
    """Shows nothing but taps that are not saved yet; call it inside a fragment."""
    _PULSE(key="pulse", on_changed_change=lambda: None)

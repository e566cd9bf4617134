"""The switch between the light and the dark room, on pages without a board."""

import streamlit as st

_SCRIPT = """
const theme = await import(location.origin + "/board/theme.js");
export default theme.default;
"""

_THEME = st.components.v2.component(
    "interspace_theme", js=_SCRIPT, html='<button class="theme" type="button">Dark room</button>', isolate_styles=False
)


def show() -> None:
    """A button that says what it switches to."""
    _THEME(key="theme", width="content")

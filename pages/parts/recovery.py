"""The recovery board on a Streamlit page: one component whose script is a plain file that a bare page can use too."""

import streamlit as st

_SCRIPT = """
const recovery = await import(location.origin + "/board/recovery.js");
export default recovery.default;
"""

_RECOVERY = st.components.v2.component(
    "interspace_recovery", js=_SCRIPT, html='<div class="recovery-place"></div>', isolate_styles=False
)


def show() -> None:
    """The board. It asks the server for the logs itself: no tap passes through Streamlit."""
    _RECOVERY(key="recovery")

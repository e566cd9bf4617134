"""The bedside board on a Streamlit page: one component whose script is a plain file that a bare page can use too."""

from typing import Any

import streamlit as st

_SCRIPT = """
const board = await import(location.origin + "/board/board.js");
export default board.default;
"""

_BOARD = st.components.v2.component(
    "interspace_board", js=_SCRIPT, html='<div class="board-place"></div>', isolate_styles=False
)


def show(session: str, **given: Any) -> None:
    """The board of a session. It asks the server for the log itself: no tap passes through Streamlit."""
    _BOARD(data={"session": session, **given}, key=f"board-{session}")

"""The room view on a Streamlit page: one component whose script is a plain file that a bare page can use too."""

import streamlit as st

_SCRIPT = """
const room = await import(location.origin + "/board/room.js");
export default room.default;
"""

# Without a server Streamlit would cover the room with a dialog of its own; the room says it in its head and goes on.
_STYLE = """
[data-testid="stDialog"] {
  display: none;
}
"""

_ROOM = st.components.v2.component(
    "interspace_room", js=_SCRIPT, css=_STYLE, html='<div class="room-place"></div>', isolate_styles=False
)


def show(session: str) -> None:
    """The room view of a session. It asks the server for the log itself and records nothing."""
    _ROOM(data={"session": session}, key=f"room-{session}")

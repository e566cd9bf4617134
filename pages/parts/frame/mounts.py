"""The boards on a Streamlit page: components whose scripts are plain files that a bare page can use too."""

from typing import Any

import streamlit as st

from core.engine.session import Session
from core.facts.report import plain, report
from core.web import version


def _script(path: str) -> str:
    """A component's script, which loads the one in the boards' folder; what does not come is asked for again."""
    return f"""
const script = await import(location.origin + "/board/{path}").catch(() => {{
  window.interspaceLost?.();
  return {{ default: () => {{}} }};
}});
export default script.default;
"""


# When the server is gone, Streamlit covers the page with a dialog; the room view shows it in its head and goes on.
_NO_DIALOG = """
[data-testid="stDialog"] {
  display: none;
}
"""

_BEDSIDE = st.components.v2.component(
    "interspace_board",
    js=_script("bedside/bedside.js"),
    html='<div class="board-place"></div>',
    isolate_styles=False,
)
_ROOM = st.components.v2.component(
    "interspace_room",
    js=_script("room/room.js"),
    css=_NO_DIALOG,
    html='<div class="room-place"></div>',
    isolate_styles=False,
)
_RECOVERY = st.components.v2.component(
    "interspace_recovery",
    js=_script("recovery/recovery.js"),
    html='<div class="recovery-place"></div>',
    isolate_styles=False,
)
_PULSE = st.components.v2.component(
    "interspace_pulse", js=_script("link/pulse.js"), html='<div class="pulse" role="status"></div>'
)
_THEME = st.components.v2.component(
    "interspace_theme",
    js=_script("tablet/theme.js"),
    html='<button class="theme" type="button">Dark room</button>',
    isolate_styles=False,
)
_CLIP = st.components.v2.component(
    "interspace_clip",
    js=_script("tablet/clip.js"),
    html='<button class="theme" type="button">Copy as text</button>',
    isolate_styles=False,
)
_RENEWAL = st.components.v2.component(
    "interspace_renewal",
    js=_script("tablet/renewal_page.js"),
    html='<p class="renewal" role="status" hidden>There is a new version of Interspace. '
    '<button class="theme" type="button">Load it</button></p>',
    isolate_styles=False,
)


def bedside(session: str, **data: Any) -> None:
    """The board of a session. It asks the server for the log itself: no tap passes through Streamlit."""
    _BEDSIDE(data={"session": session, **data}, key=f"board-{session}")


def room(session: str) -> None:
    """The room view of a session. It asks the server for the log itself and records nothing."""
    _ROOM(data={"session": session}, key=f"room-{session}")


def recovery() -> None:
    """The recovery board. It asks the server for the logs itself: no tap passes through Streamlit."""
    _RECOVERY(key="recovery")


def pulse() -> None:
    """Hears that a session changed and lets the fragment around it run again; sends taps that wait on this tablet.

    Shows nothing but taps that are not saved yet; call it inside a fragment.
    """
    _PULSE(key="pulse", on_changed_change=lambda: None)


def theme() -> None:
    """The switch between the light and the dark room, on pages without a board; it says what it switches to."""
    _THEME(key="theme", width="content")


def renewal() -> None:
    """Says that the server is of another program than this page, and takes it when nobody is near."""
    _RENEWAL(data=version.program(), key="renewal")


def clip(session: Session) -> None:
    """Copies the short text of a report, to paste it into the hospital's own record; the button says so."""
    _CLIP(data=plain(report(session)), key="clip", width="content")

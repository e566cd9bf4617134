"""A button that copies the short text of a report, to paste it into the hospital's own record."""

import streamlit as st

from core.report import plain, report
from core.session import Session

_SCRIPT = """
const clip = await import(location.origin + "/board/clip.js");
export default clip.default;
"""

_CLIP = st.components.v2.component(
    "interspace_clip",
    js=_SCRIPT,
    html='<button class="theme" type="button">Copy as text</button>',
    isolate_styles=False,
)


def show(session: Session) -> None:
    """One tap: the text is on the clipboard, and the button says so."""
    _CLIP(data=plain(report(session)), key="clip", width="content")

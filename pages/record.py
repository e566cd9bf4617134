"""Record: one procedure as it happened, what is to review in it, and how it is corrected."""

import streamlit as st

from core.engine.session import Session
from pages.parts.frame import address, frame, mounts
from pages.parts.record import correct, head, repeat, story


def page(session: Session) -> None:
    """The head, then the forms to correct it, then the timeline."""
    head.show(session)
    with st.container(horizontal=True, vertical_alignment="center", key="take"):
        head.ways(session)
        mounts.clip(session)
        repeat.show(session)
    correct.show(session)
    story.show(session)


session = address.session()
frame.show(f"{session.patient or 'Record'}: record" if session else "Record", here="Records")
if session:
    page(session)

"""Record: one procedure as it happened, what is to review in it, and how it is put right."""

import streamlit as st

from core.session import Session
from pages.parts import clip, found, put_right, record_head, timeline, top


def page(session: Session) -> None:
    """What is to review first, then the way it went, then the forms."""
    record_head.show(session)
    with st.container(horizontal=True, vertical_alignment="center", key="take"):
        record_head.ways(session)
        clip.show(session)
    put_right.show(session)
    timeline.show(session)


session = found.session()
top.show(f"{session.patient or 'Record'}: record" if session else "Record", here="Records")
if session:
    page(session)

"""A record repeated as a drill, with nothing in it that tells whose it was."""

import streamlit as st

from core.drills import own
from core.drills.case import NoDrill
from core.drills.drill import DrillError
from core.engine.session import Session
from core.store import StoreError


def show(session: Session) -> None:
    """The button; the page of the drills opens with the new one."""
    if st.button("Repeat as a drill", key="repeat"):
        try:
            own.keep(session)
        except (NoDrill, DrillError, StoreError) as error:
            st.error(str(error))
        else:
            st.switch_page("drill.py")

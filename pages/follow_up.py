"""Follow-up: the calls to make, those coming and those made."""

import streamlit as st

from core import clock, records
from core.care import follow_up
from pages.parts import pulse, top, unreadable, worklist

top.show("Follow-up", "Calls after each dose: what is most overdue stands first", here="Follow-up")


@st.fragment
def live() -> None:
    """Runs again whenever a session changed on any tablet."""
    pulse.show()
    found = worklist.chosen(follow_up.worklist(records.index().rows(), clock.now_ms()))
    for state in follow_up.STATES:
        worklist.show(state, [one for one in found if one.state == state])
    unreadable.show(records.index().unreadable())


live()

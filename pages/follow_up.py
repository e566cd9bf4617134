"""Follow-up: the calls to make, those coming and those made."""

import streamlit as st

from core import clock
from core.care import follow_up
from core.records import index
from pages.parts.calls import worklist
from pages.parts.frame import frame, mounts, unreadable

frame.show("Follow-up", "Calls after each dose: what is most overdue stands first", here="Follow-up")


@st.fragment
def live() -> None:
    """Runs again whenever a session changed on any tablet."""
    mounts.pulse()
    calls = worklist.chosen(follow_up.worklist(index.index().rows(), clock.now_ms()))
    for state in follow_up.STATES:
        worklist.show(state, [due for due in calls if due.state == state])
    unreadable.show(index.index().unreadable())


live()

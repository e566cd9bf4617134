"""Drill: the same screens on an invented patient, with trouble scripted in a file."""

import streamlit as st

from core import clock, protocols
from core.drills import drill, own
from core.records import history, sessions
from core.store import new_session_id
from core.web.dress import device_of
from pages.parts.forms import initials
from pages.parts.frame import frame
from pages.parts.opening import form

TWICE_MS = 10_000  # a second tap on the button within this time opens the same drill

frame.show(
    "Drill", "An invented patient and scripted trouble: kept apart from every record, chart and export", back=True
)
left, right = st.columns(2)
team = {
    "operator": initials.ask("Operator (holds the needle)", "operator", left),
    "recorder": initials.ask("Recorder (holds the tablet)", "recorder", right),
}


def begin(chosen: drill.Drill) -> str:
    """Opens the drill as New procedure opens a procedure; its session."""
    now = clock.now_ms()
    id_, session, at = st.session_state.get("drilling", ("", "", 0))
    if id_ != chosen.id or now - at > TWICE_MS:
        session = new_session_id(now)
        st.session_state["drilling"] = (chosen.id, session, now)
    p, _ = protocols.shipped()[chosen.protocol]
    opened = {"patient": chosen.patient, "dose": chosen.dose, "drill": True, "drill_id": chosen.id} | team
    opened |= history.as_opened(history.suggestions(p, [], chosen.values))
    device = device_of(st.context.cookies) or "unassigned"
    return sessions.begin(sessions.store(), session, chosen.protocol, opened, chosen.values, device)


def offered() -> list[drill.Drill]:
    """The drills in the order in which New procedure offers their protocols, then cases of the site's own."""
    shipped = sorted(drill.shipped().values(), key=lambda script: protocols.shipped()[script.protocol][0].order)
    return [*shipped, *(script for id_, script in own.offered().items() if id_ not in drill.shipped())]


for sentence in own.problems():
    st.warning(sentence)
for script in offered():
    with st.container(border=True, key=f"script-{script.id}"):
        short = protocols.shipped()[script.protocol][0].short
        st.markdown(f"**{script.title}** · {script.patient}, dose {script.dose} · {short}  \n{script.about}")
        if st.button(f"Start drill: {script.title}", key=f"drill-{script.id}", width="stretch"):
            problem = form.problem(script.patient, team | {"dose": script.dose}, drilled=True)
            if problem:
                st.error(problem)
            else:
                st.switch_page("bedside.py", query_params={"s": begin(script)})

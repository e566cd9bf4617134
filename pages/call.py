"""A follow-up call: what the patient is asked, symptom by symptom, and what is recorded of it."""

from urllib.parse import quote

import streamlit as st

from core import clock
from core.care import call
from core.engine.session import Session
from core.facts import aftercare
from core.protocols.tables import FollowUp
from pages.parts.calls import called, symptoms
from pages.parts.forms import filling
from pages.parts.frame import address, frame, words
from pages.parts.patient import adverse


def page(session: Session, table: FollowUp) -> None:
    """The call of one procedure, then what the patient had since its dose."""
    form = f"call {session.id} {table.id}"
    called.so_far(session, table)
    if not called.just_recorded(form):
        ask(session, table, form)
    adverse.since(session)


def ask(session: Session, table: FollowUp, form: str) -> None:
    """The questions, the free text, the two buttons; what stands in the way appears right above these."""
    name = filling.resumed(form)
    st.header("The call", anchor=False)
    at, by = called.when_and_who(name)
    answers, unasked = symptoms.ask(session.protocol, name)
    text = st.text_area("Anything else", key=f"{name} text", max_chars=2000, persist_state="session").strip()
    filling.keep(form)
    filled = call.Call(session, table, at, by, answers, unasked, text)
    sure = called.confirmed(call.doubts(filled), name)
    message = st.container()
    left, right = st.container(key="call-ends").columns([2, 1])
    if left.button("Save the call", type="primary", key=f"{name} save call", width="stretch"):
        with message:
            called.record(form, filled, call.answered(filled), call.faults(filled, clock.now_ms()), sure)
    if right.button("Not answered", key=f"{name} tried", width="stretch"):
        faults = call.faults(filled, clock.now_ms()) + called.answered(filled)
        with message:
            called.record(form, filled, call.tried(filled), faults, sure)


session = address.session()
call_id = st.query_params.get("c", "")
table = next((offered for offered in session.protocol.follow_up if offered.id == call_id), None) if session else None
title = f"{session.patient}: {table.label}" if session and table else "Follow-up call"
dosed = aftercare.dosed_at(session) if session else None
about = f"Dose {session.dose}, given {words.time(dosed)}" if session and dosed else ""
frame.show(title, about, here="Follow-up")
if session and table:
    page(session, table)
elif session:
    ids = ", ".join(offered.id for offered in session.protocol.follow_up) or "none"
    expected = f"Expected a call of this procedure's protocol ({ids}) in the address (&c=…)"
    st.error(words.plain(f"{expected}, found “{call_id[:40]}”."))
patient = session.patient if session else ""
ways = [(f"/patient?p={quote(patient)}", f"{patient} ›")] if patient else []
frame.ways([("/followup", "‹ All calls"), *ways])

"""Hand-over: who gives the patient to whom, a QR for the ward nurse's phone, a card to print."""

from html import escape

import streamlit as st

from core.care import handover
from core.engine.session import Session
from pages.parts.forms import filling, initials
from pages.parts.frame import address, frame, words
from pages.parts.handover import card

PHONE = "Opens this patient's recovery page on a phone"


def page(session: Session) -> None:
    """The form beside the QR, then the card."""
    recovery = f"/recovery?s={session.id}"
    left, right = st.columns([3, 2])
    with left:
        give(session)
    with right:
        card.qr(recovery, PHONE)
    card.print_button()
    card.show(session.protocol, handover.card(session), card.small_qr(recovery, PHONE))


def give(session: Session) -> None:
    """Who hands over to whom, as an entry of the record. Once it is saved, it replaces the form."""
    p, form = session.protocol, f"handover {session.id}"
    if p.handover is None:
        return
    handed, again = handover.handovers(session), f"again {form}"
    if handed and not st.session_state.get(again):
        last = handed[-1]
        sentence = escape(f"Handed over {words.time(last.at)}, {' to '.join(last.names.values())}")
        st.html(f'<div class="told done" role="status"><p><b>{sentence}</b></p></div>')
        if st.button("Hand over again", key=again + " tap"):
            st.session_state[again] = True
            st.rerun()
        return
    name = filling.of(form)
    keys = p.mark[p.handover].needs
    names = {key: initials.ask(p.value[key].label, f"{name} {key}") for key in keys}
    messages = st.container()
    if st.button(p.mark[p.handover].label, type="primary", key=f"{name} save", width="stretch"):
        lacking = [p.value[key].label for key in keys if not names[key]]
        for label in lacking:
            messages.error(f"{label}: expected initials, found nothing.")
        if not lacking and filling.save(form, session.id, [handover.entry(session, names)], names[keys[0]]):
            st.session_state[again] = False
            st.rerun()


session = address.session()
dose = f"Dose {session.dose}" if session and session.dose else ""
frame.show(f"{session.patient}: hand-over" if session else "Hand-over", dose, here="Recovery")
if session:
    page(session)

"""Hand-over: who gives the patient to whom, a QR for the ward nurse's phone, a card to print."""

import streamlit as st

from core.care import handover
from core.session import Session
from pages.parts import card, filling, found, initials, printing, qr, top

PHONE = "Opens this patient's recovery page on a phone"


def page(session: Session) -> None:
    """The form beside the QR, then the card."""
    recovery = f"/recovery?s={session.id}"
    left, right = st.columns([3, 2])
    with left:
        give(session)
    with right:
        qr.show(recovery, PHONE)
    printing.show()
    card.show(handover.card(session), qr.small(recovery, PHONE))


def give(session: Session) -> None:
    """Who hands over to whom: kept in the record."""
    p, form = session.protocol, f"handover {session.id}"
    if p.handover is None:
        return
    name = filling.of(form)
    keys = p.mark[p.handover].needs
    names = {key: initials.ask(p.value[key].label, f"{name} {key}") for key in keys}
    if st.button(p.mark[p.handover].label, type="primary", key=f"{name} save", width="stretch"):
        lacking = [p.value[key].label for key in keys if not names[key]]
        for label in lacking:
            st.error(f"{label}: expected initials, found nothing.")
        if not lacking and filling.save(form, session.id, [handover.entry(session, names)], names[keys[0]]):
            st.rerun()


session = found.session()
dose = f"Dose {session.dose}" if session and session.dose else ""
top.show(f"{session.patient}: hand-over" if session else "Hand-over", dose, here="Recovery")
if session:
    page(session)

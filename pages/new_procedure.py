"""New procedure: who, which dose, what is known already; then Bedside opens."""

import streamlit as st

from core import clock, history, protocol, records
from core.care import bars, dosing
from core.care.patient import procedures
from core.dress import device_of
from core.store import new_session_id
from pages.parts import case_form, dose_today, last_time, top

top.show("New procedure", back=True)
rows = records.index().rows()
offered = sorted((tables for tables, _ in protocol.shipped().values()), key=lambda one: one.order)
chosen = case_form.protocol(offered, rows)

patient = case_form.patient()
running = [row for row in history.under_way(rows) if row["patient"] == patient and not row["drill"]]
case_form.warn(running)
earlier = history.doses(rows, patient, chosen.id, clock.now_ms()) if patient else []

opened = case_form.team(earlier, running, rows)
told = st.container()  # below the fields that are filled first, so that these do not move as it comes
barred = bars.barred(chosen, procedures(rows, patient)) if patient else []
known = history.known_values(chosen, earlier) | bars.known(chosen, barred)
values = case_form.values(chosen, known, patient)
suggested = history.suggestions(chosen, earlier, values, [(one.key, one.option) for one in barred])
coming = dosing.coming(procedures(rows, patient), chosen.id, clock.now_ms()) if patient else None
with told:
    if coming:
        dose_today.show(coming, opened["dose"], clock.now_ms())
    last_time.show(chosen, earlier, suggested, last_time.on_page(patient or ""))

problem = case_form.problem(patient, opened)
label = "Open a second procedure at Bedside" if running else "Open Bedside"
if st.bottom.button(label, type="primary", key="open", width="stretch", disabled=patient is None):
    if problem:
        st.error(problem)
    else:
        opened |= {"patient": patient, "drill": False} | history.as_opened(suggested)
        device = device_of(st.context.cookies) or "unassigned"
        # One id for this form: a second tap on the button opens the same procedure.
        session = st.session_state.setdefault("opening", new_session_id(clock.now_ms()))
        records.begin(records.store(), session, chosen.id, opened, values, device)
        st.switch_page("bedside.py", query_params={"s": session})

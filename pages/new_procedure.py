"""New procedure: who, which dose, what is known already; then Bedside opens."""

import streamlit as st

from core import clock, protocols
from core.care import dosing
from core.records import barred as bans
from core.records import history, index, sessions
from core.records.history import procedures
from core.store import new_session_id
from core.web.dress import device_of
from pages.parts.frame import frame
from pages.parts.frame.words import plain
from pages.parts.opening import dose_today, form, last_time, same_patient

frame.show("New procedure", back=True)
rows = index.index().rows()
offered = sorted((tables for tables, _ in protocols.shipped().values()), key=lambda p: p.order)
chosen = form.protocol(offered, rows)

patient = form.patient()
unanswered = same_patient.ask(patient, rows)
running = [row for row in history.under_way(rows) if row.patient == patient and not row.drill]
form.warn(running)
earlier = history.doses(rows, patient, chosen.id, clock.now_ms()) if patient else []

opened = form.team(earlier, running)
advice = st.container()  # below the fields that are filled first, so that these do not move as it comes
barred = bans.barred(chosen, procedures(rows, patient)) if patient else []
known = history.known_values(chosen, earlier) | bans.known(chosen, barred)
values = form.values(chosen, known, patient)
suggested = history.suggestions(chosen, earlier, values, [(bar.key, bar.option) for bar in barred])
coming = dosing.coming(procedures(rows, patient), chosen.id, clock.now_ms()) if patient else None
with advice:
    if coming:
        dose_today.show(coming, opened["dose"], clock.now_ms())
    last_time.show(chosen, earlier, suggested, last_time.on_page(patient or ""))

problem = form.problem(form.typed_patient(), opened)
if unanswered:
    problem = f"{patient}: expected an answer whether {' or '.join(unanswered)} is the same patient, found none yet."
sentence = st.bottom.empty()  # above the button, which stays where it is
label = "Open a second procedure at Bedside" if running else "Open Bedside"
if st.bottom.button(label, type="primary", key="open", width="stretch"):
    if problem:
        sentence.error(plain(problem))
    else:
        opened |= {"patient": patient, "drill": False} | history.as_opened(suggested)
        opened |= same_patient.another(opened, rows)
        device = device_of(st.context.cookies) or "unassigned"
        # One id for this form: a second tap on the button opens the same procedure.
        session = st.session_state.setdefault("opening", new_session_id(clock.now_ms()))
        sessions.begin(sessions.store(), session, chosen.id, opened, values, device)
        st.switch_page("bedside.py", query_params={"s": session})

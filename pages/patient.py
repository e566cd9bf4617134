"""One patient: the doses in order, adverse events, scores, barred sites, what worked last time, the next dose."""

import streamlit as st

from core import clock, protocols
from core.care import dosing, patient
from core.protocols.tables import Protocol
from core.records import barred as bans
from core.records import history, index
from core.records.row import Row
from pages.parts.frame import frame, unreadable, words
from pages.parts.opening import last_time
from pages.parts.patient import adverse, bars, doses, next_dose, scores


def page(code: str, own: list[Row]) -> None:
    """First what concerns the next dose, then the history."""
    for p in tables(own):
        under = [row for row in own if row.protocol == p.id]
        coming = dosing.coming(own, p.id, clock.now_ms())
        if coming:
            next_dose.show(p, coming)
        earlier = history.doses(own, code, p.id, clock.now_ms())
        barred = bans.barred(p, own)
        values = history.known_values(p, earlier) | bans.known(p, barred)
        suggested = history.suggestions(p, earlier, values, [(bar.key, bar.option) for bar in barred])
        last_time.show(p, earlier, suggested, "below")
        bars.show(p, under)
        doses.show(p, under)
        scores.show(p, under)
    adverse.show(patient.adverse(own), "Adverse events")


def tables(own: list[Row]) -> list[Protocol]:
    """The protocols of a patient's procedures, in the order in which New procedure offers them."""
    used = [p for p, _ in protocols.shipped().values() if any(row.protocol == p.id for row in own)]
    return sorted(used, key=lambda p: p.order)


def search(code: str, known: list[str]) -> None:
    """A field that offers the codes on record; a sentence for one that is not."""
    if code:
        st.error(f"Patient: expected a code that is on record, found “{words.plain(code[:40])}”, which is not.")
    chosen = st.selectbox("Patient code", known, index=None, placeholder="P-006", key="find")
    if chosen:
        st.switch_page("patient.py", query_params={"p": chosen})


rows = index.index().rows()
code = st.query_params.get("p", "")
own = history.procedures(rows, code) if code else []
frame.show(code if own else "Patients", here="Follow-up")
if own:
    page(code, own)
else:
    search(code, history.codes(rows))
unreadable.show(index.index().unreadable())

"""One patient: the doses in order, adverse events, scores, barred sites, what worked last time, the next dose."""

import streamlit as st

from core import clock, history, protocol, records
from core.care import bars as barring
from core.care import dosing, patient
from core.protocol import Protocol
from pages.parts import adverse, bars, doses, last_time, next_dose, scores, search, top, unreadable


def page(code: str, own: list[patient.Row]) -> None:
    """What concerns the next dose first, then what was."""
    for p in tables(own):
        under = [row for row in own if row["protocol"] == p.id]
        coming = dosing.coming(own, p.id, clock.now_ms())
        if coming:
            next_dose.show(p, coming)
        earlier = history.doses(own, code, p.id, clock.now_ms())
        barred = barring.barred(p, own)
        values = history.known_values(p, earlier) | barring.known(p, barred)
        suggested = history.suggestions(p, earlier, values, [(one.key, one.option) for one in barred])
        last_time.show(p, earlier, suggested, "below")
        bars.show(p, under)
        doses.show(p, under)
        scores.show(p, under)
    adverse.show(patient.adverse(own), "Adverse events")


def tables(own: list[patient.Row]) -> list[Protocol]:
    """The protocols of a patient's procedures, in the order in which New procedure offers them."""
    found = [p for p, _ in protocol.shipped().values() if any(row["protocol"] == p.id for row in own)]
    return sorted(found, key=lambda p: p.order)


rows = records.index().rows()
code = st.query_params.get("p", "")
own = patient.procedures(rows, code) if code else []
top.show(code if own else "Patients", here="Follow-up")
if own:
    page(code, own)
else:
    search.show(code, patient.codes(rows))
unreadable.show(records.index().unreadable())

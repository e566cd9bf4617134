"""Procedures to choose one from: the newest, or those of a patient."""

from html import escape
from urllib.parse import quote

import streamlit as st

from core import site
from core.records.row import Row

SHOWN = 20


def show(rows: list[Row]) -> None:
    """A field for the patient's code and a card for each procedure, the newest first."""
    code = st.text_input("Patient code", key="replay-patient", placeholder="P-006: empty shows the newest").strip()
    cases = [row for row in rows if not code or row.patient.lower() == code.lower()]
    newest = sorted(cases, key=lambda row: row.opened_at, reverse=True)[:SHOWN]
    if not newest:
        st.info(f"No procedure of “{code}” is recorded." if code else "No procedure is recorded yet.")
        return
    st.html(f'<div class="cases">{"".join(map(_card, newest))}</div>')
    if len(cases) > SHOWN:
        st.caption(f"The newest {SHOWN} of {len(cases)}.")


def _card(row: Row) -> str:
    about = f"{row.protocol_short} · {site.day(row.opened_at)} · {' → '.join(row.case_operators)}"
    drill = '<em class="drill">DRILL</em>' if row.drill else ""
    name = f"Replay {row.patient}, dose {row.dose}"
    return f"""<a class="case" href="/replay?s={quote(row.session)}" target="_self" aria-label="{escape(name)}">
        <span><b>{escape(row.patient)}</b>{drill}<i>dose {row.dose}</i></span>
        <span><b>{escape(row.outcome_label)}</b><i>{escape(about)}</i></span><span class="go">Replay</span></a>"""

"""A record in short: alerts about the whole of it, patient, dose, outcome and figures."""

from html import escape
from urllib.parse import quote

import streamlit as st

from core.engine.session import Session
from core.facts import report


def show(session: Session) -> None:
    """Alerts, who and when, figures."""
    summary = report.report(session)
    for alert in summary.alerts:
        st.html(f'<div class="told barred"><p>{escape(alert)}</p></div>')
    pairs = [*summary.head[1:], *summary.figures]
    cells = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(figure)}</dd></div>" for label, figure in pairs)
    st.html(f'<section class="dose"><h2>{escape(session.protocol.title)}</h2><dl>{cells}</dl></section>')


def ways(session: Session) -> None:
    """Links from a record: its page to print, the live case, its replay, the patient."""
    links = [(f"/report/{session.id}", "Report, to print")]
    links += [(f"/{page}?s={session.id}", page.capitalize()) for page in ("bedside", "replay")]
    links += [(f"/patient?p={quote(session.patient)}", "Patient")] if session.patient else []
    anchors = "".join(f'<a class="pill" href="{address}" target="_self">{name}</a>' for address, name in links)
    st.html(f'<p class="pills">{anchors}</p>', width="content")

"""The procedures under way: one large tap each to go on with it."""

from html import escape
from urllib.parse import quote

import streamlit as st

from core import clock
from core.records import history
from core.records.row import Row
from pages.parts.frame import unreadable
from pages.parts.frame.words import ago


def show(rows: list[Row], ended: list[Row], unread: list[tuple[str, str]]) -> None:
    """Procedures under way with their phase and what they wait for; drills and what ended today apart; then files that
    could not be read, and why.
    """
    st.header("Under way", anchor=False)
    real = [row for row in rows if not row.drill]
    if not real:
        st.html('<p class="about">No procedure is under way.</p>')
    _cards(real, "Resume")
    for title, group, tap in (
        ("Drills", [row for row in rows if row.drill], "Resume"),
        ("Ended today", [row for row in ended if not row.drill], "Open"),
    ):
        if group:
            st.header(title, anchor=False)
            _cards(group, tap)
    unreadable.show(unread)


def _cards(rows: list[Row], tap: str) -> None:
    if rows:
        st.html(f'<div class="cases">{"".join(_card(row, tap) for row in rows)}</div>')


def _card(row: Row, tap: str) -> str:
    """A link as large as the card; a plain one, so that it works while Streamlit is still connecting."""
    drill = '<em class="drill">DRILL</em>' if row.drill else ""
    waits = "".join(f'<em class="waits">{escape(text)}</em>' for text in row.waiting)
    patient = escape(row.patient)
    address = f"/bedside?s={quote(row.session)}"
    name = f"{tap} {patient}{' DRILL' if drill else ''}"
    about = escape(f"{row.protocol_short} · opened {ago(row.opened_at)}{_names(row)}")
    flags = "".join(f'<em class="flag">{escape(text)}</em>' for text in row.flags)
    left = _left_open(row) if history.left_open(row, clock.now_ms()) else ""
    place = row.outcome_label if row.closed else row.phase_label
    return f"""<a class="case" href="{address}" target="_self" aria-label="{name}">
        <span><b>{patient}</b>{drill}<i>dose {row.dose}</i></span>
        <span><b>{escape(place)}</b>{flags}{waits}<i>{about}</i>{left}</span>
        <span class="go">{tap}</span></a>"""


def _left_open(row: Row) -> str:
    """A note on a procedure that nobody closed, with what its record still lacks."""
    lacks = f" Still missing: {', '.join(row.missing)}." if row.missing else ""
    return f'<i class="left">{escape(f"Left open over night.{lacks}")}</i>'


def _names(row: Row) -> str:
    names = (name and f"{role} {name}" for role, name in (("operator", row.operator), ("recorder", row.recorder)))
    return "".join(f" · {name}" for name in names if name)

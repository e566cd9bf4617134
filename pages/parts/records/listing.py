"""The records that were found: a line each, to open; a page of them at a time."""

from html import escape
from urllib.parse import quote

import streamlit as st

from core import site
from core.records.row import Row
from pages.parts.frame import unreadable, words

AT_ONCE = 20


def show(rows: list[Row], unread: list[tuple[str, str]]) -> None:
    """Their number, then one page of them; files that cannot be read are listed below and do not hide the others."""
    st.html(f'<p class="about" role="status">{words.count(len(rows), "record")}</p>')
    pages = max(1, -(-len(rows) // AT_ONCE))
    number = min(st.session_state.get("records page", 1), pages)
    shown = rows[(number - 1) * AT_ONCE : number * AT_ONCE]
    if shown:
        st.html(f'<div class="cases">{"".join(map(_line, shown))}</div>')
    if pages > 1:
        st.pagination(pages, key="records page")
    unreadable.show(unread)


def _line(row: Row) -> str:
    patient, dose = escape(row.patient or "no code"), f"dose {row.dose}" if row.dose else ""
    marks = [("drill", "DRILL")] if row.drill else []
    marks += [("flag", flag) for flag in row.flags]
    marks += [("waits", f"{row.to_review} to review")] if row.to_review else []
    tags = "".join(f'<em class="{tone}">{escape(text)}</em>' for tone, text in marks)
    about = [words.calendar_day(site.day(row.opened_at)), row.protocol_short, ", ".join(row.operators)]
    state = "" if row.closed else f", {row.state_label}"
    return f"""<a class="case record" href="/record?s={quote(row.session)}" target="_self">
        <span><b>{patient}</b><i>{dose}</i></span>
        <span><b>{escape(row.outcome_label)}</b>{tags}<i>{escape(" · ".join(filter(None, about)) + state)}</i></span>
        <span class="go">Open</span></a>"""

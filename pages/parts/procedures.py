"""The procedures under way: one large tap each to go on with it."""

from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from pages.parts.words import ago


def show(rows: list[dict[str, Any]], unreadable: list[tuple[str, str]]) -> None:
    """Each procedure with its phase and what it waits for; then files that could not be read, and why."""
    st.header("Under way", anchor=False)
    if rows:
        st.html(f'<div class="cases">{"".join(_card(row) for row in rows)}</div>')
    else:
        st.html('<p class="about">No procedure is under way.</p>')
    for session, why in unreadable:
        st.error(f"{session}: {why}")


def _card(row: dict[str, Any]) -> str:
    """A link as large as the card: plain, so that it works before the page is wide awake."""
    drill = '<em class="drill">DRILL</em>' if row["drill"] else ""
    waits = "".join(f'<em class="waits">{escape(one)}</em>' for one in row["waiting"])
    patient = escape(row["patient"])
    address = f"/bedside?s={quote(row['session'])}"
    name = f"Resume {patient}{' DRILL' if drill else ''}"
    about = escape(f"{row['protocol_short']} · opened {ago(row['opened_at'])}{_names(row)}")
    flags = "".join(f'<em class="flag">{escape(one)}</em>' for one in row["flags"])
    return f"""<a class="case" href="{address}" target="_self" aria-label="{name}">
        <span><b>{patient}</b>{drill}<i>dose {row["dose"]}</i></span>
        <span><b>{escape(row["phase_label"])}</b>{flags}{waits}<i>{about}</i></span>
        <span class="go">Resume</span></a>"""


def _names(row: dict[str, Any]) -> str:
    names = (row[key] and f"{key} {row[key]}" for key in ("operator", "recorder"))
    return "".join(f" · {name}" for name in names if name)

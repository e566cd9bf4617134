"""Who did something: initials or a code, typed into a field or taken from those on record by a tap beneath it."""

from html import escape
from typing import Any

import streamlit as st

from core.care import patient
from core.engine.events import NAME_MAX
from core.records import alike, index
from core.records.row import Row

MOST = 12  # initials offered as pills: a row or two


def ask(label: str, key: str, place: Any = st) -> str:
    """The initials; empty while there are none, or where an error says why the text cannot be initials."""
    # A text field, as a select box drops what was typed when it is left without Enter.
    typed = place.text_input(label, placeholder="Initials", key=key, autocomplete="off", persist_state="session")
    rows, tapped = index.index().rows(), f"{key} known"
    known = patient.names(rows, MOST)
    meant = look_alikes(typed, rows)
    if meant:
        place.html(
            f'<p class="about" role="status">{escape(typed.strip())} looks like {escape(" and ".join(meant))}.</p>'
        )
        known = meant
    if known:
        place.pills(
            f"{label}: on record",
            known,
            key=tapped,
            label_visibility="collapsed",
            wrap=True,
            on_change=_fill,
            args=(key, tapped),
        )
    initials: str = typed.strip()
    if len(initials) <= NAME_MAX and initials.isprintable():
        return initials
    place.error(f"{label}: expected initials or a code of at most {NAME_MAX} characters, found others.")
    return ""


def look_alikes(typed: str, rows: list[Row]) -> list[str]:
    """Whose initials, of those on record, may be meant by these, unless they were said to be another's."""
    name = typed.strip()
    return alike.people(name, patient.names(rows, len(rows) * MOST), rows) if name else []


def _fill(key: str, tapped: str) -> None:
    """Copies the tapped pill into the text field, which is the only one that is read."""
    st.session_state[key] = st.session_state[tapped] or st.session_state[key]
    st.session_state[tapped] = None

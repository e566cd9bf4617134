"""Who did something: initials or a code, typed into a field or taken from those on record by a tap beneath it."""

from typing import Any

import streamlit as st

from core.care import patient
from core.engine.events import NAME_MAX
from core.records import index

MOST = 12  # so many are offered at most: a row or two of pills


def ask(label: str, key: str, place: Any = st) -> str:
    """The initials; empty while there are none. What cannot be initials gets a sentence and counts as none."""
    # A text field: one that only chooses forgets what was typed when it is left without Enter.
    typed = place.text_input(label, placeholder="Initials", key=key, autocomplete="off", persist_state="session")
    known, tapped = patient.names(index.index().rows(), MOST), f"{key} known"
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


def _fill(key: str, tapped: str) -> None:
    """The pill that was tapped goes into the field, which alone says who it is."""
    st.session_state[key] = st.session_state[tapped] or st.session_state[key]
    st.session_state[tapped] = None

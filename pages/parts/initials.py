"""Who did something: initials or a code, typed once and offered again."""

from typing import Any

import streamlit as st

from core import records
from core.care import patient
from core.scenario import NAME_MAX


def ask(label: str, key: str, place: Any = st) -> str:
    """The initials; empty while there are none. What cannot be initials gets a sentence and counts as none."""
    known = patient.names(records.index().rows())
    said = place.selectbox(
        label,
        known,
        index=None,
        accept_new_options=True,
        placeholder="Initials",
        key=key,
        persist_state="session",
    )
    found = (said or "").strip()
    if len(found) <= NAME_MAX and found.isprintable():
        return found
    place.error(f"{label}: expected initials or a code of at most {NAME_MAX} characters, found others.")
    return ""

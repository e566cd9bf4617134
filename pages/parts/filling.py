"""One filling of a form: its fields keep what was typed until it is saved, and it is saved once."""

from typing import Any

import streamlit as st

from core import clock, events, records
from core.dress import device_of
from core.store import StoreError, new_session_id


def of(form: str) -> str:
    """The name of this filling. Fields whose keys begin with it are empty again once it was saved, and a second tap on
    its button finds no button.
    """
    return st.session_state.setdefault(f"filling {form}", new_session_id(clock.now_ms()))


def save(form: str, session: str, contents: list[tuple[str, dict[str, Any], int | None]], by: str) -> bool:
    """Adds the entries (core.records.add) to a session; False with a sentence where they could not be stored."""
    device = device_of(st.context.cookies) or "unassigned"
    try:
        records.add(records.store(), session, contents, device, by, once=of(form))
    except (StoreError, events.Refused) as error:
        st.error(f"Not saved: {error} What was typed is still here: try again.")
        return False
    del st.session_state[f"filling {form}"]
    return True

"""One filling of a form: its fields keep what was typed until it is saved, and it is saved once."""

from typing import Any

import streamlit as st

from core import clock, events, records
from core.dress import device_of
from core.store import StoreError, new_session_id

Typed = tuple[str, dict[str, Any]]  # the filling's name, and what its fields hold


def of(form: str) -> str:
    """The name of this filling. Fields whose keys begin with it are empty again once it was saved, and a second tap on
    its button finds no button.
    """
    return st.session_state.setdefault(f"filling {form}", new_session_id(clock.now_ms()))


def resumed(form: str) -> str:
    """As `of`, with what this tablet had typed before its page was loaded anew: a long form outlives a wrong tap."""
    if f"filling {form}" not in st.session_state and (_device(), form) in _typed():
        st.session_state[f"filling {form}"], fields = _typed()[_device(), form]
        st.session_state.update(fields)
    return of(form)


def keep(form: str) -> None:
    """Remembers what stands in the fields, for `resumed`; buttons and ticks are not remembered."""
    name = of(form)
    fields = {key: one for key, one in st.session_state.items() if str(key).startswith(f"{name} ")}
    if _device():
        _typed()[_device(), form] = name, {str(key): one for key, one in fields.items() if not isinstance(one, bool)}


def save(form: str, session: str, contents: list[tuple[str, dict[str, Any], int | None]], by: str) -> bool:
    """Adds the entries (core.records.add) to a session; False with a sentence where they could not be stored."""
    try:
        records.add(records.store(), session, contents, _device() or "unassigned", by, once=of(form))
    except (StoreError, events.Refused) as error:
        st.error(f"Not saved: {error} What was typed is still here: try again.")
        return False
    del st.session_state[f"filling {form}"]
    _typed().pop((_device(), form), None)
    return True


def _device() -> str:
    return device_of(st.context.cookies) or ""


@st.cache_resource
def _typed() -> dict[tuple[str, str], Typed]:
    """By tablet and form, as long as the server runs."""
    return {}

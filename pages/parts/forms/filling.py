"""One filling of a form: its fields keep what was typed until it is saved, and it is saved once."""

from typing import Any

import msgspec
import streamlit as st

from core import clock
from core.engine import events
from core.records import sessions
from core.store import StoreError, new_session_id
from core.web.dress import device_of
from pages.parts.frame import words

KEPT_MS = 12 * 3600 * 1000  # a shift: what was typed before it is nobody's any more
BY = "by"  # the field of the person: who goes on with a form says so anew


class Draft(msgspec.Struct, frozen=True):
    """What the fields of a form held when a tablet left it, by the ends of their keys; when it last changed (UTC ms)
    and who typed it, where that was given.
    """

    fields: dict[str, Any]
    at: int
    by: str


def of(form: str) -> str:
    """The name of this filling. Fields whose keys begin with it are empty again once it was saved, and a second tap on
    its button finds no button.
    """
    return st.session_state.setdefault(f"filling {form}", new_session_id(clock.now_ms()))


def resumed(form: str) -> str:
    """As `of`, with what this tablet had typed before its page was loaded anew: a long form outlives a wrong tap.

    It says whose it is, and has a name of its own: two tabs that go on with one form make two sets of entries.
    """
    draft = _draft(form) if f"filling {form}" not in st.session_state else None
    name = of(form)
    if draft:
        st.session_state.update({f"{name} {end}": told for end, told in draft.fields.items()})
        st.session_state[f"resumed {name}"] = draft
    if found := st.session_state.get(f"resumed {name}"):
        by = f" by {found.by}" if found.by else ""
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.info(words.plain(f"Typed{by} at {words.time(found.at)} on this tablet, and not saved yet."))
        if right.button("Begin anew", key=f"anew {form}", width="stretch"):
            _forget(form)
            st.rerun()
    return name


def keep(form: str) -> None:
    """Remembers what stands in the fields, for `resumed`: not buttons, ticks, nor who it was."""
    name, device = of(form), _device()
    ends = {str(key).removeprefix(f"{name} "): one for key, one in st.session_state.items() if _is_of(key, name)}
    by = ends.pop(BY, None)
    fields = {end: one for end, one in ends.items() if one not in (None, "", []) and not isinstance(one, bool)}
    # What stands in a form that nobody has touched is nobody's draft.
    before = st.session_state.setdefault(f"untouched {name}", {} if f"resumed {name}" in st.session_state else fields)
    if not device or fields == before:
        return
    known = _drafts().get((device, form))
    if known is None or (known.fields, known.by) != (fields, by or known.by):
        _drafts()[device, form] = Draft(fields, clock.now_ms(), by or (known.by if known else ""))


def save(form: str, session: str, contents: list[tuple[str, dict[str, Any], int | None]], by: str) -> bool:
    """Adds the entries (core.records.add) to a session; False with a sentence where they could not be stored."""
    try:
        sessions.add(sessions.store(), session, contents, _device() or "unassigned", by, once=of(form))
    except (StoreError, events.BadEvent) as error:
        st.error(words.plain(f"Not saved: {error} What was typed is still here."))
        return False
    _forget(form)
    return True


def _forget(form: str) -> None:
    del st.session_state[f"filling {form}"]
    _drafts().pop((_device(), form), None)


def _is_of(key: Any, name: str) -> bool:
    return str(key).startswith(f"{name} ")


def _device() -> str:
    return device_of(st.context.cookies) or ""


def _draft(form: str) -> Draft | None:
    """What this tablet left in a form within a shift."""
    found = _drafts().get((_device(), form))
    return found if found and clock.now_ms() - found.at < KEPT_MS else None


@st.cache_resource
def _drafts() -> dict[tuple[str, str], Draft]:
    """By tablet and form, as long as the server runs."""
    return {}

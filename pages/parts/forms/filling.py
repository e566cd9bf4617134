"""One filling of a form: its fields keep what was typed until it is saved, and it is saved once."""

from collections.abc import Sequence
from typing import Any

import msgspec
import streamlit as st

from core import clock
from core.engine import events
from core.records import sessions
from core.records.correct import Content
from core.store import StoreError, new_session_id
from core.web.dress import device_of
from pages.parts.frame import unread, words

DRAFT_LASTS_MS = 12 * 3600 * 1000  # a shift: an older draft is offered to nobody
BY = "by"  # the field of the person: who goes on with a form says again who it is


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
    name: str = st.session_state.setdefault(f"filling {form}", new_session_id(clock.now_ms()))
    return name


def resumed(form: str) -> str:
    """As `of`, with the fields filled from this tablet's draft, so that a long form survives a wrong tap or a reload.

    A notice says whose draft it is. The filling has a name of its own: two tabs that resume one draft save two sets of
    entries.
    """
    draft = _draft(form) if f"filling {form}" not in st.session_state else None
    name = of(form)
    if draft:
        st.session_state.update({f"{name} {end}": content for end, content in draft.fields.items()})
        st.session_state[f"resumed {name}"] = draft
    if resumed_draft := st.session_state.get(f"resumed {name}"):
        by = f" by {resumed_draft.by}" if resumed_draft.by else ""
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.info(words.plain(f"Typed{by} at {words.time(resumed_draft.at)} on this tablet, and not saved yet."))
        if right.button("Start over", key=f"anew {form}", width="stretch"):
            _forget(form)
            st.rerun()
    return name


def keep(form: str) -> None:
    """Keeps the fields' contents as this tablet's draft, for `resumed`; not its buttons, ticks and initials."""
    name, device = of(form), _device()
    ends = {
        str(key).removeprefix(f"{name} "): content for key, content in st.session_state.items() if _is_of(key, name)
    }
    by = ends.pop(BY, None)
    fields = {
        end: content for end, content in ends.items() if content not in (None, "", []) and not isinstance(content, bool)
    }
    # A form that is filled in advance and that nobody has touched yet is not a draft.
    before = st.session_state.setdefault(f"untouched {name}", {} if f"resumed {name}" in st.session_state else fields)
    if not device or fields == before:
        return
    known = _drafts().get((device, form))
    if known is None or (known.fields, known.by) != (fields, by or known.by):
        _drafts()[device, form] = Draft(fields, clock.now_ms(), by or (known.by if known else ""))


def save(form: str, session: str, contents: Sequence[Content], by: str) -> bool:
    """Adds the entries to a session (sessions.add); False with a sentence where they could not be stored, or a field of
    the form cannot be read.
    """
    for sentence in unread.of(of(form)):
        st.error(words.plain(sentence))
        return False
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
    """This tablet's draft of a form, if it is not older than a shift."""
    draft = _drafts().get((_device(), form))
    return draft if draft and clock.now_ms() - draft.at < DRAFT_LASTS_MS else None


@st.cache_resource
def _drafts() -> dict[tuple[str, str], Draft]:
    """The drafts by tablet and form; they last as long as the server runs."""
    return {}

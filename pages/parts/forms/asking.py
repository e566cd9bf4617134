"""A field for one value of the protocol, by its type."""

from typing import Any

import streamlit as st

from core import site
from core.engine import typed
from core.engine.events import TEXT_MAX
from core.engine.walk import is_number
from core.engine.words import plainly
from core.protocols.tables import Protocol
from pages.parts.frame import unread, words

LASTING: Any = {"persist_state": "session"}  # a field that is hidden for a while keeps its content
YES_NO = {True: "Yes", False: "No"}


def value(p: Protocol, key: str, name: str, place: Any = st, now: Any = None) -> Any:
    """What was chosen or typed; None while it is empty. `now`: the content on record, to start from."""
    table = p.value[key]
    label = f"{table.label}, {table.unit}" if table.unit else table.label
    if table.type == "moment":
        return moment(name, label, place, now if is_number(now) else None)
    if table.type == "number":
        return number(p, key, name, place, now)
    if table.type == "text":
        return text(name, label, place, now)
    labels: dict[Any, str] = (
        {option.id: option.label for option in p.options(key)} if table.type == "option" else YES_NO
    )
    return place.pills(
        label,
        list(labels),
        format_func=labels.get,
        default=now if now in labels else None,
        key=name,
        wrap=True,
        **LASTING,
    )


def number(p: Protocol, key: str, name: str, place: Any = st, now: Any = None, placeholder: str = "") -> float | None:
    """A number, typed as people type it: with a comma or a point, its unit behind it or not; None while there is none.

    A text field, as a number field of a browser takes `38,5` for 385, or for nothing, by the browser's language.
    """
    table = p.value[key]
    entered = place.text_input(
        f"{table.label}, {table.unit}" if table.unit else table.label,
        value=plainly(now) if is_number(now) else "",
        key=f"{name} decimal",
        max_chars=TEXT_MAX,
        placeholder=placeholder,
        autocomplete="off",
        **LASTING,
    )
    try:
        return typed.number(p, key, entered or "")
    except typed.NotANumber as error:
        place.error(words.plain(str(error)))
        unread.note(name, str(error))
        return None


def text(name: str, label: str, place: Any = st, now: Any = None) -> str | None:
    """A text; None while it is empty."""
    start = now if isinstance(now, str) else ""
    return place.text_input(label, value=start, key=name, max_chars=TEXT_MAX, **LASTING).strip() or None


def moment(name: str, label: str, place: Any = st, now: float | None = None) -> int | None:
    """A day and time of the site's clocks as UTC ms; None while there is none. One that is left as it was keeps its
    seconds, which the field does not show.
    """
    start = site.local(int(now)).replace(tzinfo=None, second=0, microsecond=0) if now is not None else None
    shown = place.datetime_input(label, value=start, format="YYYY-MM-DD", step=60, key=name, **LASTING)
    return int(now) if now is not None and shown == start else None if shown is None else site.moment(shown)

"""The calls of one state: a large tap each to record what was said."""

from html import escape
from urllib.parse import quote

import streamlit as st

from core import clock
from core.care.follow_up import OVER, Due
from pages.parts.frame import words

SHOWN, LAST = 40, 5
TITLES = {
    "overdue": "Overdue",
    "due": "Due",
    "unreachable": "Unreachable",
    "coming": "Coming",
    "done": "Done",
    "missed": "Missed",
}


def chosen(found: list[Due]) -> list[Due]:
    """The calls of one protocol, where there are several and somebody chose one."""
    names = {one.row.protocol: one.row.protocol_short for one in found}
    if len(names) < 2:
        return found
    one = st.segmented_control(
        "Protocol", ["", *names], format_func=lambda id_: names.get(id_, "All"), default="", required=True, key="of"
    )
    return [due for due in found if one in ("", due.row.protocol)]


def show(state: str, found: list[Due]) -> None:
    """The calls with their patient and how they stand; of those that are over the last few."""
    st.header(f"{TITLES[state]} · {len(found)}" if found else TITLES[state], anchor=False)
    if not found:
        st.html('<p class="about">None.</p>')
        return
    some = found[: -LAST - 1 : -1] if state in OVER else found[:SHOWN]
    cards = "".join(_card(one) for one in some)
    rest = (
        f'<p class="about">and {len(found) - len(some)} {"earlier" if state in OVER else "more"}</p>'
        if len(found) > len(some)
        else ""
    )
    st.html(f'<div class="cases">{cards}</div>{rest}')


def _card(one: Due) -> str:
    """A link as large as the card."""
    patient, now = escape(one.row.patient), clock.now_ms()
    address = f"/call?s={quote(one.row.session)}&c={quote(one.call.id)}"
    tap = "Open" if one.call.made_at else "Call"
    tried = [f"not answered {words.time(at)}" for at in one.call.tries]
    said = " · ".join([*tried, one.row.protocol_short, _given(one)])
    return f"""<a class="case call {one.state}" href="{address}" target="_self"
        aria-label="{tap} {patient}, {escape(one.call.label)}">
        <span><b>{patient}</b><i>dose {one.row.dose}</i></span>
        <span><b>{escape(one.call.label)}</b><em>{escape(_when(one, now))}</em><i>{escape(said)}</i></span>
        <span class="go">{tap}</span></a>"""


def _given(one: Due) -> str:
    at = one.row.dosed_at
    return f"dose given {words.time(at)}" if at else "no dose on record"


def _when(one: Due, now: int) -> str:
    """How the call stands, in a few words."""
    call = one.call
    if call.made_at is not None:
        return f"made {words.time(call.made_at)}"
    if one.state == "unreachable":
        return f"{words.count(len(call.tries), 'attempt')}, due {words.time(call.due_at)}"
    if one.state == "overdue":
        return f"due {words.time(call.due_at)}, {words.span(now - call.due_at)} ago"
    return f"{'was ' if one.state == 'missed' else ''}due {words.time(call.due_at)}"

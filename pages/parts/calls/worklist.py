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


def chosen(calls: list[Due]) -> list[Due]:
    """The calls of one protocol, where there are several and somebody chose one."""
    names = {due.row.protocol: due.row.protocol_short for due in calls}
    if len(names) < 2:
        return calls
    protocol = st.segmented_control(
        "Protocol", ["", *names], format_func=lambda id_: names.get(id_, "All"), default="", required=True, key="of"
    )
    return [due for due in calls if protocol in ("", due.row.protocol)]


def show(state: str, calls: list[Due]) -> None:
    """The calls with their patient and state; of those that are over, only the last few."""
    st.header(f"{TITLES[state]} · {len(calls)}" if calls else TITLES[state], anchor=False)
    if not calls:
        st.html('<p class="about">None.</p>')
        return
    shown = calls[: -LAST - 1 : -1] if state in OVER else calls[:SHOWN]
    cards = "".join(_card(due) for due in shown)
    rest = (
        f'<p class="about">and {len(calls) - len(shown)} {"earlier" if state in OVER else "more"}</p>'
        if len(calls) > len(shown)
        else ""
    )
    st.html(f'<div class="cases">{cards}</div>{rest}')


def _card(due: Due) -> str:
    """A link as large as the card."""
    patient, now = escape(due.row.patient), clock.now_ms()
    address = f"/call?s={quote(due.row.session)}&c={quote(due.call.id)}"
    tap = "Open" if due.call.made_at else "Call"
    tried = [f"not answered {words.time(at)}" for at in due.call.tries]
    about = " · ".join([*tried, due.row.protocol_short, _dose_given(due)])
    return f"""<a class="case call {due.state}" href="{address}" target="_self"
        aria-label="{tap} {patient}, {escape(due.call.label)}">
        <span><b>{patient}</b><i>dose {due.row.dose}</i></span>
        <span><b>{escape(due.call.label)}</b><em>{escape(_when(due, now))}</em><i>{escape(about)}</i></span>
        <span class="go">{tap}</span></a>"""


def _dose_given(due: Due) -> str:
    at = due.row.dosed_at
    return f"dose given {words.time(at)}" if at else "no dose on record"


def _when(due: Due, now: int) -> str:
    """How the call stands, in a few words."""
    call = due.call
    if call.made_at is not None:
        return f"made {words.time(call.made_at)}"
    if due.state == "unreachable":
        return f"{words.count(len(call.tries), 'attempt')}, due {words.time(call.due_at)}"
    if due.state == "overdue":
        return f"due {words.time(call.due_at)}, {words.span(now - call.due_at)} ago"
    return f"{'was ' if due.state == 'missed' else ''}due {words.time(call.due_at)}"

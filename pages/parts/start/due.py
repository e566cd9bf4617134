"""What is due now, on Start: timers that end, calls to make, doses; a few of each, the rest on their own pages."""

from html import escape
from urllib.parse import quote

import streamlit as st

from core import site
from core.care import today
from core.care.dosing import Coming
from core.care.follow_up import Due
from core.care.today import Need
from core.facts.timers import Waits
from core.records.row import Row
from pages.parts.frame import words

SHOWN = 3
UNDER_WAY = "under-way"  # where on the page the procedures stand
STATES = {"due": "due today", "in_window": "window open", "overdue": "overdue", "missed": "missed"}


def show(rows: list[Row], now: int) -> None:
    """Three short lists; one sentence where nothing is due."""
    st.header("Due now", anchor=False)
    due = today.today(rows, now)
    ward = [_need(need, now) for need in due.ward[:SHOWN]]
    calls = [_call(call) for call in due.calls[:SHOWN]]
    doses = [_dose(dose) for dose in due.doses[:SHOWN]]
    lists = (
        _list("Timers", len(due.ward), ward, "/recovery", "Recovery"),
        _list("Calls to make", len(due.calls), calls, "/followup", "All calls"),
        _list("Doses due", len(due.doses), doses, "/patient", "Patients"),
    )
    st.html(f'<div class="due-now">{_left_open(due.left_open)}{"".join(lists)}</div>')


def _left_open(rows: list[Row]) -> str:
    """The procedures that nobody closed: one line that links to them."""
    if not rows:
        return ""
    since = words.near_day(site.day(rows[0].opened_at))
    sentence = f"Left open: {len(rows)}, oldest {rows[0].patient} since {since}"
    return f'<a class="left-open" href="#{UNDER_WAY}" target="_self">{escape(sentence)} ›</a>'


def _list(title: str, count: int, lines: list[str], address: str, rest: str) -> str:
    items = f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>" if lines else '<p class="about">None.</p>'
    more = f"{rest} · {count - len(lines)} more" if count > len(lines) else rest
    return (
        f"<section><h3>{title}<b>{count or ''}</b></h3>{items}"
        f'<a class="rest" href="{address}" target="_self">{more} ›</a></section>'
    )


def _line(address: str, patient: str, what: str, when: str, tone: str) -> str:
    return (
        f'<a href="{address}" target="_self"><b>{escape(patient)}</b><span>{escape(what)}</span>'
        f'<i class="{tone}">{escape(when)}</i></a>'
    )


def _need(need: Need, now: int) -> str:
    """A timer that runs or is over, or what has to be tapped for one to run."""
    at = words.time(need.due_at)
    if isinstance(need.does, Waits):
        return _line("/recovery", need.row.patient, f"waits: {need.does.label}", f"since {at}", "late")
    over = need.due_at <= now
    when = f"{need.does.bound} reached {at}" if over else f"until {at}"
    return _line("/recovery", need.row.patient, need.does.label, when, "late" if over else "")


def _call(due: Due) -> str:
    address = f"/call?s={quote(due.row.session)}&c={quote(due.call.id)}"
    when = f"{due.state}, {words.time(due.call.due_at)}"
    return _line(address, due.row.patient, due.call.label, when, "" if due.state == "due" else "late")


def _dose(coming: Coming) -> str:
    when = (
        f"{STATES[coming.next.state]}, {words.calendar_day(coming.next.due)}"
        if coming.next.due
        else STATES[coming.next.state]
    )
    late = "late" if coming.next.state in ("overdue", "missed") else ""
    return _line(
        f"/patient?p={quote(coming.patient)}",
        coming.patient,
        f"Dose {coming.next.number}, {coming.next.strength}",
        when,
        late,
    )

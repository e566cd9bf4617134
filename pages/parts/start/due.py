"""What is due now, on Start: timers that end, calls to make, doses; a few of each, the rest on their own pages."""

from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from core import site
from core.care import today
from core.care.dosing import Coming
from core.care.follow_up import Due
from core.care.today import Need
from core.facts.timers import Waits
from pages.parts.frame import words

SHOWN = 3
UNDER_WAY = "under-way"  # where on the page the procedures stand
STATES = {"due": "due today", "in_window": "window open", "overdue": "overdue", "missed": "missed"}


def show(rows: list[dict[str, Any]], now: int) -> None:
    """Three short lists; one sentence where nothing is due."""
    st.header("Due now", anchor=False)
    found = today.today(rows, now)
    ward = [_need(one, now) for one in found.ward[:SHOWN]]
    calls = [_call(one) for one in found.calls[:SHOWN]]
    doses = [_dose(one) for one in found.doses[:SHOWN]]
    lists = (
        _list("Timers", len(found.ward), ward, "/recovery", "Recovery"),
        _list("Calls to make", len(found.calls), calls, "/followup", "All calls"),
        _list("Doses due", len(found.doses), doses, "/patient", "Patients"),
    )
    st.html(f'<div class="due-now">{_left_open(found.left_open)}{"".join(lists)}</div>')


def _left_open(rows: list[dict[str, Any]]) -> str:
    """What nobody closed, in one line with the way to it."""
    if not rows:
        return ""
    since = words.near_day(site.day(rows[0].opened_at))
    said = f"Left open: {len(rows)}, oldest {rows[0].patient} since {since}"
    return f'<a class="left-open" href="#{UNDER_WAY}" target="_self">{escape(said)} ›</a>'


def _list(title: str, count: int, lines: list[str], address: str, rest: str) -> str:
    some = f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>" if lines else '<p class="about">None.</p>'
    more = f"{rest} · {count - len(lines)} more" if count > len(lines) else rest
    return (
        f"<section><h3>{title}<b>{count or ''}</b></h3>{some}"
        f'<a class="rest" href="{address}" target="_self">{more} ›</a></section>'
    )


def _line(address: str, patient: str, what: str, when: str, tone: str) -> str:
    return (
        f'<a href="{address}" target="_self"><b>{escape(patient)}</b><span>{escape(what)}</span>'
        f'<i class="{tone}">{escape(when)}</i></a>'
    )


def _need(one: Need, now: int) -> str:
    """A timer that runs or is over, or what has to be tapped for one to run."""
    at = words.time(one.due_at)
    if isinstance(one.does, Waits):
        return _line("/recovery", one.row.patient, f"waits: {one.does.label}", f"since {at}", "late")
    over = one.due_at <= now
    said = f"{one.does.bound} reached {at}" if over else f"until {at}"
    return _line("/recovery", one.row.patient, one.does.label, said, "late" if over else "")


def _call(one: Due) -> str:
    address = f"/call?s={quote(one.row.session)}&c={quote(one.call.id)}"
    said = f"{one.state}, {words.time(one.call.due_at)}"
    return _line(address, one.row.patient, one.call.label, said, "" if one.state == "due" else "late")


def _dose(one: Coming) -> str:
    when = f"{STATES[one.next.state]}, {words.calendar_day(one.next.due)}" if one.next.due else STATES[one.next.state]
    late = "late" if one.next.state in ("overdue", "missed") else ""
    return _line(
        f"/patient?p={quote(one.patient)}", one.patient, f"Dose {one.next.number}, {one.next.strength}", when, late
    )

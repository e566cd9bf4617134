"""What is due now, on Start: timers that end, calls to make, doses; a few of each, the rest on their own pages."""

from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from core.care import today
from core.care.dosing import Coming
from core.care.follow_up import Due
from core.care.today import Ending
from pages.parts import words

SHOWN = 3
STATES = {"due": "due today", "in_window": "window open", "overdue": "overdue", "missed": "missed"}


def show(rows: list[dict[str, Any]], now: int) -> None:
    """Three short lists; one sentence where nothing is due."""
    st.header("Due now", anchor=False)
    found = today.today(rows, now)
    timers = [_timer(one, now) for one in found.timers[:SHOWN]]
    calls = [_call(one) for one in found.calls[:SHOWN]]
    doses = [_dose(one) for one in found.doses[:SHOWN]]
    lists = (
        _list("Timers", len(found.timers), timers, "/recovery", "Recovery"),
        _list("Calls to make", len(found.calls), calls, "/followup", "All calls"),
        _list("Doses due", len(found.doses), doses, "/patient", "Patients"),
    )
    st.html(f'<div class="due-now">{"".join(lists)}</div>')


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


def _timer(one: Ending, now: int) -> str:
    over = one.timer.ends_at is not None and one.timer.ends_at <= now
    when = f"{one.timer.bound} reached {words.time(one.timer.ends_at or now)}"
    said = when if over else f"until {words.time(one.timer.ends_at or now)}"
    return _line("/recovery", one.row["patient"], one.timer.label, said, "late" if over else "")


def _call(one: Due) -> str:
    address = f"/call?s={quote(one.row['session'])}&c={quote(one.call.id)}"
    said = f"{one.state}, {words.time(one.call.due_at)}"
    return _line(address, one.row["patient"], one.call.label, said, "" if one.state == "due" else "late")


def _dose(one: Coming) -> str:
    when = f"{STATES[one.next.state]}, {words.calendar_day(one.next.due)}" if one.next.due else STATES[one.next.state]
    late = "late" if one.next.state in ("overdue", "missed") else ""
    return _line(
        f"/patient?p={quote(one.patient)}", one.patient, f"Dose {one.next.number}, {one.next.strength}", when, late
    )

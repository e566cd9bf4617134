"""What the patient's schedule says of a dose today: its date, window and strength, and a warning where it is off."""

from html import escape

import streamlit as st

from core import site
from core.care.dosing import Coming
from pages.parts.frame import words
from pages.parts.patient import next_dose


def show(coming: Coming, dose: int, now: int) -> None:
    """Shown before the procedure is opened, which it does not prevent (`now`: UTC ms)."""
    dose_due = coming.next
    lines = [
        f"Due {words.weekday(dose_due.due)}" if dose_due.due else "",
        next_dose.window(dose_due),
        coming.schedule.title,
    ]
    head = f"<b>By the schedule: dose {dose_due.number} · {escape(dose_due.strength)}</b>"
    st.html(f'<div class="told"><p>{head}</p><p>{escape(" · ".join(filter(None, lines)))}</p></div>')
    for sentence in warnings(coming, dose, now):
        st.warning(words.plain(sentence))


def warnings(coming: Coming, dose: int, now: int) -> list[str]:
    """Warnings about giving this dose today."""
    due, days = coming.next, coming.next.outside(site.day(now))
    if due.due is None or due.opens is None or due.closes is None:
        return []
    if dose != due.number:
        return [f"Dose {dose} is chosen; by these records dose {due.number} is next."]
    if days < 0:
        by = words.count(-days, "day")
        return [f"Too early: the window of dose {dose} opens in {by}, on {words.weekday(due.opens)}."]
    late = f"Outside its window: that of dose {dose} closed {words.count(days, 'day')} ago"
    return [f"{late}, on {words.weekday(due.closes)}. {due.words}".strip()] if days else []

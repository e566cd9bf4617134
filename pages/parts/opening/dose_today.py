"""What the patient's schedule says of a dose today: its date, window and strength, and a warning where it is off."""

from html import escape

import streamlit as st

from core import site
from core.care.dosing import Coming
from pages.parts.frame import words
from pages.parts.patient import next_dose


def show(coming: Coming, dose: int, now: int) -> None:
    """Said before the procedure is opened (`now`: UTC ms); it keeps nobody from opening it."""
    found = coming.next
    lines = [f"Due {words.weekday(found.due)}" if found.due else "", next_dose.window(found), coming.schedule.title]
    head = f"<b>By the schedule: dose {found.number} · {escape(found.strength)}</b>"
    st.html(f'<div class="told"><p>{head}</p><p>{escape(" · ".join(filter(None, lines)))}</p></div>')
    for sentence in warnings(coming, dose, now):
        st.warning(words.plain(sentence))


def warnings(coming: Coming, dose: int, now: int) -> list[str]:
    """What speaks against this dose today."""
    found, days = coming.next, coming.next.outside(site.day(now))
    if found.due is None or found.opens is None or found.closes is None:
        return []
    if dose != found.number:
        return [f"Dose {dose} is chosen; by these records dose {found.number} is next."]
    if days < 0:
        by = words.count(-days, "day")
        return [f"Too early: the window of dose {dose} opens in {by}, on {words.weekday(found.opens)}."]
    late = f"Outside its window: that of dose {dose} closed {words.count(days, 'day')} ago"
    return [f"{late}, on {words.weekday(found.closes)}. {found.words}".strip()] if days else []

"""The next dose by the patient's schedule: when, in which window, in which strength, and what a gap asks for."""

from html import escape
from urllib.parse import quote

import streamlit as st

from core import clock, schedules
from core.care import calendar
from core.care.dosing import Coming
from core.protocols.tables import Protocol
from core.records import sessions
from core.schedules.next_dose import Next
from core.schedules.tables import Schedule
from pages.parts.forms import filling
from pages.parts.frame import words

STATES = {
    "first": "not begun",
    "not_yet": "not yet",
    "in_window": "window open",
    "due": "due today",
    "overdue": "overdue",
    "missed": "missed",
}


def show(p: Protocol, coming: Coming) -> None:
    """The next dose, what its schedule says, the choice of another schedule, and the calendar entries."""
    st.header("Next dose", anchor=False)
    st.html(_card(coming))
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        _choose(p, coming)
    with right:
        _calendar(p, coming)


def _card(coming: Coming) -> str:
    dose, schedule = coming.next, coming.schedule
    lines = [window(dose), dose.words, *dose.remarks, _then(dose)]
    sources = "; ".join(schedule.source.values())
    return f"""<div class="told next {dose.state}">
        <p><b>Dose {dose.number} · {escape(dose.strength)}</b><em>{STATES[dose.state]}</em></p>
        <p class="date">{words.weekday(dose.due) if dose.due else "When the team begins"}</p>
        {"".join(f"<p>{escape(line)}</p>" for line in lines if line)}
        <p class="about">{escape(schedule.title)} · last reviewed {words.calendar_day(schedule.reviewed)}.
        {escape(schedule.review)} Source: {escape(sources)}.</p></div>"""


def window(dose: Next) -> str:
    """The first and the last day of its window; empty before the first dose."""
    if dose.opens is None or dose.closes is None:
        return ""
    return f"Window {words.weekday(dose.opens)} to {words.weekday(dose.closes)}"


def _then(dose: Next) -> str:
    doses = [f"dose {later.number} ({later.strength}) {words.weekday(later.due)}" for later in dose.then]
    return f"If given on {words.weekday(dose.if_given)}, then {', '.join(doses)}." if doses else ""


def _choose(p: Protocol, coming: Coming) -> None:
    """Another schedule is kept in the patient's newest record."""
    offered: dict[str, Schedule] = {schedule.id: schedule for schedule in schedules.of_protocol(p.id)}
    if p.profile is None or len(offered) < 2:
        return
    form = f"schedule {p.id} {coming.patient}"
    chosen = st.selectbox(
        p.value[p.profile].label,
        list(offered),
        index=list(offered).index(coming.schedule.id),
        format_func=lambda id_: offered[id_].title,
        key=f"{filling.of(form)} choice",
    )
    if chosen != coming.schedule.id:
        entries = [("value", {"value": p.profile, "is": chosen}, None)]
        if st.button("Follow this schedule", key=f"{filling.of(form)} save schedule") and filling.save(
            form, coming.row.session, entries, ""
        ):
            st.rerun()


def _calendar(p: Protocol, coming: Coming) -> None:
    calls, now = coming.row.calls, clock.now_ms()
    doses = calendar.of_schedule(coming.schedule, coming.patient, coming.next)
    entries = doses + calendar.of_calls(coming.patient, coming.row.session, calls, now)
    if not entries:
        return
    holds = [words.count(len(doses), "dose")] if doses else []
    holds += [words.count(len(entries) - len(doses), "call")] if len(entries) > len(doses) else []
    st.download_button(
        f"Calendar (.ics): {' and '.join(holds)}",
        calendar.ics(entries, now, sessions.store().namespace),
        file_name=f"{quote(coming.patient)}.ics",
        mime="text/calendar",
        on_click="ignore",
        key=f"ics {p.id}",
        width="stretch",
    )

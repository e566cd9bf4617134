"""The adverse events of a patient, of every procedure and of follow-up, in one list."""

from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from core import protocols
from core.care import patient
from core.care.call import ends_before
from core.care.patient import Event
from core.engine.session import Session
from core.engine.walk import is_number
from core.engine.words import shown
from core.facts.aftercare import is_over
from core.protocols.tables import Protocol
from core.records import history, index, sessions
from pages.parts.forms import asking, filling
from pages.parts.frame import frame, words


def show(events: list[Event], title: str) -> None:
    """The list in the order in which they began; below each that has not ended, the question whether it is over."""
    st.header(title, anchor=False)
    if not events:
        st.html('<p class="about">None on record.</p>')
    for event in events:
        st.html(f'<ul class="events">{_line(event)}</ul>')
        if _open(event):
            _resolved(event)


def since(session: Session) -> None:
    """The patient's events since this dose was begun; of those before, how many there are and where they stand."""
    own = history.procedures(index.index().rows(), session.patient) if session.patient else []
    events = patient.adverse(own)
    later = [event for event in events if event.row.session == session.id or event.adverse.at >= session.opened_at]
    show(later, "Adverse events since this dose")
    if before := len(events) - len(later):
        label = f"{words.count(before, 'event')} before this dose: {session.patient} ›"
        frame.ways([(f"/patient?p={quote(session.patient)}", label)])


def _tables(event: Event) -> Protocol | None:
    return protocols.shipped().get(event.row.protocol, (None, ""))[0]


def _open(event: Event) -> list[str]:
    """The moments that say when it was over, until one is given."""
    p = _tables(event)
    if p is None or is_over(p, event.adverse.described):
        return []
    return [key for key in p.describe if p.value[key].type == "moment"]


def _line(event: Event) -> str:
    adverse, p = event.adverse, _tables(event)
    since = f"{words.span(event.after)} {'after' if event.after >= 0 else 'before'} the dose" if event.after else ""
    how = [described(p, key, content) for key, content in adverse.described.items()]
    about = " · ".join(filter(None, [f"dose {event.row.dose}", since, *how, adverse.text, adverse.by]))
    flag = f"<strong>{escape(adverse.red_flag)}</strong>" if adverse.red_flag else ""
    return f"<li><b>{escape(adverse.label)}</b><span>{words.time(adverse.at)}</span><i>{escape(about)}</i>{flag}</li>"


def described(p: Protocol | None, key: str, content: Any) -> str:
    """One of the values that describe an event: "mild", "resolved 14:20", "treatment: rest"."""
    if p is None or key not in p.value:
        return str(content)
    if p.value[key].type == "moment" and is_number(content):
        return f"{p.value[key].label.lower()} {words.time(int(content))}"
    text = shown(p, key, content)
    return text.lower() if p.value[key].type == "option" else f"{p.value[key].label.lower()}: {text}"


def _resolved(event: Event) -> None:
    """A form that adds to an earlier event when it ended."""
    adverse, p = event.adverse, _tables(event)
    if p is None:
        return
    form = f"resolved {event.row.session} {adverse.event}"
    with st.expander(words.plain(f"Is it over? {adverse.label}, {words.time(adverse.at)}")):
        name = filling.of(form)
        for key in _open(event):
            at = asking.moment(f"{name} {key}", p.value[key].label)
            message = st.container()
            if st.button("Save", key=f"{name} {key} save"):
                with message:
                    _save(form, event, key, at)


def _save(form: str, event: Event, key: str, at: int | None) -> None:
    adverse = event.adverse
    if at is None:
        st.error(words.plain(f"{adverse.label}: expected when it was over, found nothing."))
        return
    session = sessions.read(sessions.store(), event.row.session)
    faults = ends_before(session, adverse.id, adverse.at, {key: at})
    for sentence in faults:
        st.error(words.plain(sentence))
    if not faults and filling.save(form, session.id, [("detail", {"of": adverse.event, "set": {key: at}}, None)], ""):
        st.rerun()

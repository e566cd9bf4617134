"""The correction of a record: review, amend, take back, merge, add what was forgotten, void. Nothing is removed."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.engine import words
from core.engine.log import Entry
from core.engine.sentences import sentence
from core.engine.session import Session
from core.facts.story import content_of
from core.records import correct
from core.records.correct import Content, Faults
from pages.parts.forms import asking, filling, initials
from pages.parts.frame.words import plain

REVIEW, AMEND, UNDO = "Review", "Amend", "Take back"
MERGE, FORGOTTEN, VOID = "Merge", "Add what was forgotten", "Void"


def show(session: Session) -> None:
    """What is to review, then one form at a time."""
    for item in session.walk.review:
        st.warning(plain(sentence(session, item, words.time(item.at))))
    with st.expander("Correct", expanded=bool(session.walk.review), key="put right"):
        actions = [REVIEW] if session.walk.review else []
        actions += [AMEND, FORGOTTEN, UNDO]
        actions += [MERGE] if correct.repeated(session) else []
        actions += [VOID] if correct.void_mark(session.protocol) and not session.mistaken else []
        chosen = st.segmented_control("What is to be done", actions, default=actions[0], required=True, key="action")
        FORMS[chosen](session, f"{chosen} {session.id}")


def _review(session: Session, form: str) -> None:
    name, items = filling.of(form), session.walk.review
    item = st.selectbox(
        "Item", items, format_func=lambda listed: sentence(session, listed, words.time(listed.at)), key=f"{name} item"
    )
    finding = asking.text(f"{name} text", "What was found out (optional)")
    if item.kind != "double":
        _finish(session, form, "Mark as reviewed", lambda _: correct.reviewed(item, finding or ""), why=False)
        return
    verdict = st.pills("Which is it", ["same", "separate"], format_func=_verdict, default="same", key=f"{name} verdict")
    _finish(session, form, "Mark as reviewed", lambda _: correct.reviewed(item, finding or "", verdict), why=False)


def _verdict(verdict: str) -> str:
    return {"same": "One event: counts once", "separate": "Two events: both count"}[verdict]


def _amend(session: Session, form: str) -> None:
    name, p = filling.of(form), session.protocol
    line = _entry(session, name, [entry for entry in correct.correctable(session) if not entry.undone])
    if line is None:
        return
    own, values = f"{name} {line.event.id}", {}
    at = asking.moment(f"{own} at", "When it happened", now=line.at)
    for key in correct.fields(p, line):
        now = line.data.get(key)
        value = line.data.get("value") if key == "is" else key
        if value in p.value and line.event.kind != "opened":
            values[key] = asking.value(p, str(value), f"{own} {key}", now=now)
        elif isinstance(now, int):
            values[key] = st.number_input(key.capitalize(), value=now, step=1, key=f"{own} {key}")
        else:
            values[key] = asking.text(f"{own} {key}", key.capitalize(), now=now)
    amended = {
        key: content for key, content in values.items() if content is not None or line.data.get(key) not in (None, "")
    }
    _finish(session, form, "Amend", lambda reason: correct.amended(session, line, at, amended, reason))


def _undo(session: Session, form: str) -> None:
    name = filling.of(form)
    line = _entry(session, name, correct.revocable(session))
    if line is not None:
        _finish(session, form, "It did not happen: take it back", lambda reason: correct.undone(line, reason))


def _merge(session: Session, form: str) -> None:
    line = _entry(session, filling.of(form), correct.repeated(session))
    if line is not None:
        st.html('<p class="about">It counts once, as the one of its kind before it; both stay in the record.</p>')
        _finish(session, form, "Merge with the one before", lambda reason: correct.merged(line, reason))


def _forgotten(session: Session, form: str) -> None:
    name, p = filling.of(form), session.protocol
    kinds = {"mark": "Mark", "check": "Check", "value": "Value", "complication": "Adverse event", "note": "Note"}
    kind = st.segmented_control(
        "Kind", list(kinds), format_func=kinds.__getitem__, default="mark", required=True, key=f"{name} kind"
    )
    values: dict[str, Any] = {}
    which = ""
    if kind != "note":
        tables: dict[str, Any] = getattr(p, kind)
        which = st.selectbox(
            kinds[kind], list(tables), format_func=lambda option: tables[option].label, key=f"{name} {kind}"
        )
    at = asking.moment(f"{name} at", "When it happened")
    if kind == "mark":
        for key in (*p.mark[which].needs, *p.mark[which].may):
            if key != "reason":
                values[key] = asking.value(p, key, f"{name} {which} {key}")
    elif kind == "value":
        values["is"] = asking.value(p, which, f"{name} {which}")
    elif kind in ("note", "complication"):
        values["text"] = asking.text(f"{name} text", "Words")
    _finish(session, form, "Add", lambda reason: correct.forgotten(session, kind, which, at, values, reason))


def _void(session: Session, form: str) -> None:
    st.html(
        '<p class="about">The record is kept, and is no procedure of the patient any more. '
        "Taking the mark back undoes it.</p>"
    )
    _finish(session, form, "Void this record", lambda reason: correct.voided(session, reason))


FORMS: dict[str, Callable[[Session, str], None]] = {
    REVIEW: _review,
    AMEND: _amend,
    UNDO: _undo,
    MERGE: _merge,
    FORGOTTEN: _forgotten,
    VOID: _void,
}


def _entry(session: Session, name: str, lines: list[Entry]) -> Entry | None:
    """A choice among entries; None where there are none to choose from."""
    if not lines:
        st.html('<p class="about">There is nothing that this could be done to.</p>')
        return None

    def label(line: Entry) -> str:
        more = content_of(session.protocol, line.event.kind, line.data, words.one_line)
        return f"{words.time(line.at)} {correct.described(session, line)}{f': {more}' if more else ''}"

    return st.selectbox("Entry", lines, format_func=label, key=f"{name} entry")


def _finish(session: Session, form: str, button: str, make: Callable[[str], list[Content]], why: bool = True) -> None:
    """The fields for who and why, then the button; an error for each that is missing."""
    name = filling.of(form)
    reason = (asking.text(f"{name} why", "Why it is corrected") or "") if why else ""
    by = initials.ask("Corrected by", f"{name} by")
    if not st.button(button, type="primary", key=f"{name} save", width="stretch"):
        return
    try:
        contents = make(reason)
    except Faults as faults:
        for fault in faults.sentences:
            st.error(plain(fault))
        return
    if not by:
        st.error("Corrected by: expected initials, found nothing.")
    elif filling.save(form, session.id, contents, by):
        st.rerun()

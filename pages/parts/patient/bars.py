"""What is barred for a patient and why, until somebody lifts it."""

from html import escape

import streamlit as st

from core import site
from core.engine.events import TEXT_MAX
from core.engine.words import shown
from core.protocols.tables import Plan, Protocol
from core.records import barred
from core.records.barred import Barred
from core.records.row import Row
from pages.parts.forms import filling, initials
from pages.parts.frame import words


def show(p: Protocol, rows: list[Row]) -> None:
    """Each option that is barred, with a way to lift it; a form to bar one, kept in the newest record."""
    for plan in p.plan:
        if plan.bar:
            _barred_options(p, plan, rows)


def _barred_options(p: Protocol, plan: Plan, rows: list[Row]) -> None:
    standing = [bar for bar in barred.barred(p, rows) if bar.key == plan.key]
    label = p.value[plan.key].label
    st.header(f"{label}: barred", anchor=False)
    for bar in standing:
        _barred(p, bar)
        _lift(p, bar, standing, rows[-1])
    if not standing:
        st.html('<p class="about">None.</p>')
    with st.expander(f"Bar another {label.lower()}" if standing else f"Bar an {label.lower()}"):
        _bar(p, plan, rows[-1])


def _barred(p: Protocol, bar: Barred) -> None:
    record = f"on record with dose {bar.row.dose}, {words.calendar_day(site.day(bar.row.opened_at))}"
    about = escape(f"{bar.why or 'no reason on record'} · {record}")
    st.html(f'<div class="told barred"><p><b>{escape(shown(p, bar.key, bar.option))}</b> · {about}</p></div>')


def _lift(p: Protocol, bar: Barred, standing: list[Barred], row: Row) -> None:
    form = f"lift {row.session} {bar.key} {bar.option}"
    label = f"{shown(p, bar.key, bar.option)}: no longer barred" if len(standing) > 1 else "No longer barred"
    lifted = st.button(label, key=f"{filling.of(form)} {bar.option} lift")
    if lifted and filling.save(form, row.session, barred.lifts(p, bar, standing), ""):
        st.rerun()


def _bar(p: Protocol, plan: Plan, row: Row) -> None:
    if plan.bar is None:
        return
    form = f"bar {row.session} {plan.key}"
    name = filling.of(form)
    labels = {option.id: option.label for option in p.options(plan.key)}
    option = st.pills(
        p.value[plan.bar].label,
        list(labels),
        format_func=lambda id_: labels.get(id_, id_),
        key=f"{name} option",
        wrap=True,
    )
    why = st.text_input("Why", key=f"{name} bar why", max_chars=TEXT_MAX).strip()
    by = initials.ask("Recorded by", f"{name} by")
    if not st.button("Bar it", key=f"{name} save bar"):
        return
    for lacking, expected in ((option, f"one of {', '.join(labels.values())}"), (why, "a reason")):
        if not lacking:
            st.error(f"{p.value[plan.bar].label}: expected {expected}, found nothing.")
    pairs = [(plan.bar, option), *([(plan.bar_why, why)] if plan.bar_why else [])]
    contents = [("value", {"value": key, "is": content}, None) for key, content in pairs]
    if option and why and filling.save(form, row.session, contents, by):
        st.rerun()

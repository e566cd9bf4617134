"""What happened last time, and what is suggested today and why."""

from html import escape
from typing import Any
from urllib.parse import quote

import streamlit as st

from core import site
from core.engine.words import shown
from core.protocols.tables import Protocol
from core.records.history import Suggestion
from core.records.row import Row
from pages.parts.frame import words

SHOWN = 4


def show(p: Protocol, earlier: list[Row], suggested: list[Suggestion], rest: str) -> None:
    """The last procedures under this protocol, the newest first, and today's suggestion. It chooses nothing.

    `rest`: where the doses before those stand, as HTML.
    """
    if earlier:
        doses = f"{len(earlier)} earlier {'dose' if len(earlier) == 1 else 'doses'}"
        lines = "".join(f"<p>{_line(p, row)}</p>" for row in earlier[:SHOWN])
        if len(earlier) > SHOWN:
            lines += f"<p>and {words.count(len(earlier) - SHOWN, 'earlier dose')}, {rest}</p>"
        st.html(f'<div class="told"><p><b>What happened last time</b> · {doses}</p>{lines}</div>')
    if suggested:
        lines = "".join(f"<p>{_suggestion(p, suggestion)}</p>" for suggestion in suggested)
        st.html(f'<div class="told today"><p>Suggested</p>{lines}</div>')


def _suggestion(p: Protocol, suggestion: Suggestion) -> str:
    choice = f"{p.value[suggestion.key].label}: {_label(p, suggestion.key, suggestion.option)}"
    return f"<b>{escape(choice)}</b> — {escape(suggestion.why)}"


def on_page(patient: str) -> str:
    """The way to all doses, as HTML."""
    return f'<a href="/patient?p={quote(patient)}" target="_self">on the patient\'s page</a>'


def _line(p: Protocol, row: Row) -> str:
    day = site.day(row.opened_at).strftime("%-d %b %Y")
    parts = [f"Dose {row.dose}, {day}: <b>{escape(row.outcome_label)}</b>"]
    carried = [p.group, *(plan.key for plan in p.plan if plan.key != p.group)]
    parts += [escape(_label(p, key, row.carried[key])) for key in carried if row.carried.get(key)]
    parts += [f"{escape(counter.label.lower())}: {row.figures[counter.id]}" for counter in p.counter if counter.runs]
    parts += [f"{escape(_label(p, p.group, group))} failed {times} times" for group, times in row.failed]
    recalled = {key: row.carried.get(key, row.values.get(key)) for key in p.recall}
    parts += [
        f"{escape(p.value[key].label.lower())} {_shown(p, key, content)}"
        for key, content in recalled.items()
        if content is not None
    ]
    parts += [f"<em>{escape(event.label)}</em>" for event in row.complications]
    parts += [f"operator {escape(row.operator)}"] if row.operator else []
    return " · ".join(parts)


def _label(p: Protocol, key: str, option: str) -> str:
    return next((known.label for known in p.options(key) if known.id == option), str(option))


def _shown(p: Protocol, key: str, content: Any) -> str:
    return escape(shown(p, key, content))

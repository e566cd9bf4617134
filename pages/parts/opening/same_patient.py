"""Whether a patient on record, or a colleague, is meant by what was typed: asked before a procedure is opened."""

from html import escape
from typing import Any

import streamlit as st

from core import protocols
from core.engine import opening
from core.records import alike
from core.records.row import Row
from pages.parts.forms import initials

ANSWERS = "another patient than"  # in the session's state: code → the codes of which "another patient" was said


def ask(patient: str | None, rows: list[Row]) -> list[str]:
    """Asks of each patient on record whose code looks like this one; the codes that still wait for an answer."""
    said = st.session_state.setdefault(ANSWERS, {}).get(patient, [])
    waiting = [code for code in alike.patients(patient, rows) if code not in said] if patient else []
    for code in waiting:
        stakes = alike.at_stake(code, rows, [p for p, _ in protocols.shipped().values()])
        with st.container(border=True, key=f"same-{code}"):
            st.html(
                f'<div role="alert"><p><b>{escape(code)} is on record: the same patient?</b></p>'
                f"<p>{escape(stakes)}</p></div>"
            )
            same, other = st.columns(2)
            same.button(
                f"Yes, take {code}", key=f"take {code}", type="primary", width="stretch", on_click=_take, args=(code,)
            )
            other.button(
                f"No, {patient} is another patient",
                key=f"another {code}",
                width="stretch",
                on_click=_is_another,
                args=(patient, code),
            )
    return waiting


def another(opened: dict[str, Any], rows: list[Row]) -> dict[str, str]:
    """As the opening keeps it: of whom was said that they are others, and whose initials were not taken though the page
    said that they look alike.
    """
    others: list[str] = list(st.session_state.get(ANSWERS, {}).get(opened.get("patient"), []))
    for key in ("operator", "recorder"):
        others += initials.look_alikes(opened[key], rows)
    return {"another": opening.together(others)} if others else {}


def _take(code: str) -> None:
    st.session_state["patient"] = code


def _is_another(patient: str, code: str) -> None:
    st.session_state[ANSWERS].setdefault(patient, []).append(code)

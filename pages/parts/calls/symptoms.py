"""What a follow-up call asks: each symptom with Yes and No, neither chosen at first."""

from html import escape
from typing import Any

import streamlit as st

from core.care.call import Answer
from core.engine.events import TEXT_MAX
from core.facts import aftercare
from core.protocols.tables import Protocol
from pages.parts.forms import asking

YES, NO = "Yes", "No"


def ask(p: Protocol, name: str) -> tuple[list[Answer], list[str]]:
    """The symptoms that the patient has or had, and those that were not asked for."""
    st.header("Symptoms", anchor=False)
    answers = {symptom: _symptom(p, symptom, f"{name} {symptom}") for symptom in p.ask}
    present = [answer for answer in answers.values() if isinstance(answer, Answer)]
    return present, [symptom for symptom, answer in answers.items() if answer is None]


def _symptom(p: Protocol, complication: str, key: str) -> Answer | bool | None:
    """The answer; False where the patient has not got it, None where nobody asked."""
    with st.container(border=True, key=f"{key} symptom".replace(" ", "-")):
        answer = st.segmented_control(
            p.complication[complication].label, [YES, NO], key=f"{key} asked", width="stretch", persist_state="session"
        )
        if answer != YES:
            return False if answer == NO else None
        left, right = st.columns(2)
        began = asking.moment(f"{key} began", "Began", left)
        described = {
            detail: content
            for n, detail in enumerate(p.describe)
            if (content := asking.value(p, detail, f"{key} {detail}", right if n % 2 == 0 else left)) is not None
        }
        label = "What" if p.complication[complication].words else "More about it"
        text = st.text_input(label, key=f"{key} text", max_chars=TEXT_MAX, persist_state="session").strip()
        red_flag(p, {"complication": complication, **described})
        return Answer(complication, began, described, text)


def red_flag(p: Protocol, data: dict[str, Any]) -> None:
    """What to do at once, in the protocol's own words."""
    if do := aftercare.red_flag(p, data):
        st.html(f'<div class="red" role="alert">{escape(do)}</div>')

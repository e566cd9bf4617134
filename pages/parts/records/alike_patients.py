"""Asks of each patient of a file whether one on record whose code looks alike is meant."""

import streamlit as st

from core.records import index
from core.transfer import same_patient
from core.transfer.same_patient import Answers
from pages.parts.frame import words

UNANSWERED = "Patients that look alike: expected an answer for each, found some without."


def ask(found: list[str]) -> Answers | None:
    """The answers; None while some are missing."""
    same: dict[str, str] = {}
    another: set[tuple[str, str]] = set()
    questions = same_patient.questions(found, index.index().rows())
    for question in questions:
        yes, no = f"Yes, import as {question.other}", f"No, {question.code} is another patient"
        answer = st.pills(
            words.plain(f"{question.code} looks like {question.other} ({question.stakes}). The same patient?"),
            [yes, no],
            key=f"same {question.code} {question.other}",
            wrap=True,
        )
        if answer == yes:
            same[question.code] = question.other
        elif answer == no:
            another.add((question.code, question.other))
    answers = Answers(same, frozenset(another))
    return None if same_patient.questions(found, index.index().rows(), answers) else answers

"""A follow-up call as it is written down: what was asked and answered, what is wrong with it, the entries it becomes.

Pure; moments UTC ms.
"""

from typing import Any

import msgspec

from core import site
from core.engine.session import Session
from core.engine.walk import is_number
from core.facts import aftercare
from core.protocols.tables import FollowUp
from core.records import faults as entry

Contents = list[tuple[str, dict[str, Any], int | None]]  # as core.records.add takes them


class Answer(msgspec.Struct, frozen=True):
    """A symptom that the patient has or had: when it began, how it was by the values that describe it."""

    complication: str
    began: int | None
    described: dict[str, Any] = {}
    text: str = ""


class Call(msgspec.Struct, frozen=True):
    """One call: `at` is when it was, `by` who called; `unasked` the symptoms that nobody asked for."""

    session: Session
    table: FollowUp
    at: int | None
    by: str
    answers: list[Answer] = []
    unasked: list[str] = []
    text: str = ""


def faults(call: Call, now: int) -> list[str]:
    """What has to be corrected before the call can be recorded, a sentence each."""
    if refused := refusal(call.table):
        return [refused]
    sentences = [] if call.by else ["Called by: expected initials, found nothing."]
    if call.at is None:
        sentences.append("The call: expected when it was, found nothing.")
    elif call.at > now:
        sentences.append(f"The call: expected a time that is past, found {site.day_and_time(call.at)}.")
    return sentences + [sentence for answer in call.answers for sentence in _answer_faults(call, answer)]


def refusal(table: FollowUp) -> str | None:
    """Why no call of this table can be recorded; None where one can be."""
    if table.made:
        return None
    return (
        f"{table.label}: expected a protocol that says how a call is recorded, found the one that this record was "
        "made with, which does not. Nothing was recorded."
    )


def _answer_faults(call: Call, answer: Answer) -> list[str]:
    p, table = call.session.protocol, call.session.protocol.complication[answer.complication]
    known = {key: content for key, content in answer.described.items() if key in p.value}
    described = [fault for key, content in known.items() if (fault := entry.fault(p, key, content))]
    sentences = [f"{table.label}, {sentence[0].lower()}{sentence[1:]}" for sentence in described]
    sentences += [f"{table.label}: expected what it was, found nothing."] if table.words and not answer.text else []
    if answer.began is None:
        return [f"{table.label}: expected when it began, found nothing.", *sentences]
    if call.at is not None and answer.began > call.at:
        sentences.append(
            f"{table.label}: expected a beginning before the call, found {site.day_and_time(answer.began)}."
        )
    return sentences + ends_before(call.session, answer.complication, answer.began, answer.described)


def ends_before(session: Session, complication: str, began: int, described: dict[str, Any]) -> list[str]:
    """A moment that describes a complication and lies before its beginning, in a sentence."""
    p = session.protocol
    label = p.complication[complication].label if complication in p.complication else complication
    numbers = {key: moment for key, moment in described.items() if key in p.value and is_number(moment)}
    moments = [key for key, moment in numbers.items() if p.value[key].type == "moment" and moment < began]
    return [
        f"{label}, {p.value[key].label.lower()}: expected a time after it began ({site.day_and_time(began)}), "
        f"found {site.day_and_time(described[key])}."
        for key in moments
    ]


def doubts(call: Call) -> list[str]:
    """What is recorded all the same once somebody confirms it, a sentence each."""
    since = aftercare.since(call.session, call.table)
    if call.at is None or (since is not None and call.at >= since):
        return []
    procedure = (
        f"the procedure ({site.day_and_time(since)})"
        if since is not None
        else "the procedure, which has not got so far"
    )
    return [
        f"The call is dated {site.day_and_time(call.at)}, before {procedure}. "
        "Recorded all the same it is kept and listed to review, and the call stays to be made."
    ]


def answered(call: Call) -> Contents:
    """The entries of a call that was answered: each symptom at its beginning, what else was said, the mark."""
    contents: Contents = [("complication", _told(call, answer), answer.began) for answer in call.answers]
    contents += [("note", {"text": call.text}, call.at)] if call.text else []
    labels = [call.session.protocol.complication[complication].label for complication in call.unasked]
    left_out = {call.table.left_out: ", ".join(labels)} if call.table.left_out and labels else {}
    return [*contents, ("mark", {"mark": call.table.made, **_which(call), **left_out}, call.at)]


def tried(call: Call) -> Contents:
    """The entries of a call that nobody answered."""
    contents: Contents = [("note", {"text": call.text}, call.at)] if call.text else []
    return [*contents, ("mark", {"mark": call.table.tried, **_which(call)}, call.at)]


def _which(call: Call) -> dict[str, Any]:
    return {call.table.value: call.table.is_} if call.table.value else {}


def _told(call: Call, answer: Answer) -> dict[str, Any]:
    text = {"text": answer.text} if answer.text else {}
    return {"complication": answer.complication, **_which(call), **answer.described, **text}

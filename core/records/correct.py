"""Putting a record right: what is added to it so that it says what happened. Nothing in it is changed or removed.

Each function gives the entries for core.records.add, or sentences why they cannot be. Pure but for the clock.
"""

from typing import Any

from core import clock
from core.engine import opening
from core.engine.log import Entry
from core.engine.review import ReviewItem
from core.engine.sentences import label
from core.engine.session import Session
from core.engine.walk import steps_of
from core.protocols.tables import Protocol
from core.records import faults as entry

Content = tuple[str, dict[str, Any], int | None]
KINDS = ("mark", "check", "value", "complication", "note")
OPENING = ("patient", "dose", "operator", "recorder")


class Faults(Exception):
    """Why a correction cannot be made, in sentences."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def reviewed(item: ReviewItem, words: str, verdict: str | None = None) -> list[Content]:
    """An item was looked at; of a pair: "same" or "separate"."""
    data = {"of": item.event, "kind": item.kind, "key": item.key, "text": words or None, "verdict": verdict}
    return [("review", {key: content for key, content in data.items() if content is not None}, None)]


def merged(line: Entry, words: str) -> list[Content]:
    """A mark that was recorded twice counts once, as the one of its kind before it."""
    return reviewed(ReviewItem("double", line.at, line.event.id), words, "same")


def undone(line: Entry, reason: str) -> list[Content]:
    """It did not happen, or (undone before) it did. Raises Faults."""
    _refuse(_reason(reason))
    return [("undo", {"of": line.event.id, "reason": reason}, None)]


def amended(session: Session, line: Entry, at: int | None, values: dict[str, Any], reason: str) -> list[Content]:
    """What an entry says, corrected: only what differs from what it says now. Raises Faults."""
    p = session.protocol
    changed = {key: content for key, content in values.items() if content != line.data.get(key)}
    faults = [*_reason(reason), *_in_time(at), *_faulty(p, line.event.kind, line.data, changed)]
    faults += opening.sentences(changed, session.drill) if line.event.kind == "opened" else []
    if at is not None and at != line.at:
        changed["at"] = at
    if not changed:
        faults.append(f"{label(p, line)}: expected something that differs from the record, found no difference.")
    _refuse(faults)
    return [("amend", {"of": line.event.id, "set": changed, "reason": reason}, None)]


def forgotten(
    session: Session, kind: str, what: str, at: int | None, values: dict[str, Any], reason: str
) -> list[Content]:
    """An entry that should have been made then. `named`: which mark, check, value, complication. Raises Faults."""
    p = session.protocol
    data = values if kind == "note" else {kind: what} | values
    faults = [*_reason(reason), *_in_time(at), *_faulty(p, kind, data, values)]
    faults += ["When: expected the moment when it happened, found nothing."] if at is None else []
    for key in p.mark[what].needs if kind == "mark" else ():
        if values.get(key) in (None, ""):
            faults.append(f"{p.value[key].label}: expected it with {p.mark[what].label}, found nothing.")
    if kind == "note" and not values.get("text"):
        faults.append("Note: expected words, found nothing.")
    _refuse(faults)
    filled = {key: content for key, content in data.items() if content not in (None, "")}
    return [(kind, filled | {"reason": reason}, at)]


def voided(session: Session, reason: str) -> list[Content]:
    """The record was opened by mistake: it is kept, and is no procedure of the patient. Raises Faults."""
    mark = void_mark(session.protocol)
    _refuse(_reason(reason) + ([] if mark else ["Expected a protocol in which a record can be voided, found none."]))
    return [("mark", {"mark": mark, "reason": reason}, None)]


def void_mark(p: Protocol) -> str | None:
    """The mark of the outcome that closes a record as a mistake."""
    return next((mark for outcome in p.outcome if outcome.closed for mark in outcome.marks), None)


def fields(p: Protocol, line: Entry) -> tuple[str, ...]:
    """What of an entry can be amended beside its time: keys of the opening, values that it carries, its words."""
    kind, data = line.event.kind, line.data
    if kind == "opened":
        return OPENING
    if kind == "value":
        return ("is",)
    if kind == "mark" and data.get("mark") in p.mark:
        table = p.mark[data["mark"]]
        return (*table.needs, *table.may)
    return ("text", *p.describe) if kind == "complication" else ("text",) if kind == "note" else ()


def correctable(session: Session) -> list[Entry]:
    """The entries that can be amended or taken back, as they happened."""
    return [line for line in session.entries if line.event.kind in (*KINDS, "opened")]


def revocable(session: Session) -> list[Entry]:
    """Everything that can be taken back: entries, corrections of them, and what took something back."""
    kinds = (*KINDS, "amend", "detail", "review", "undo")
    return [line for line in session.entries if line.event.kind in kinds and not line.undone]


def described(session: Session, line: Entry) -> str:
    """What an entry is; of a correction, of which entry: "Undo: CSF outflow"."""
    of = next((earlier for earlier in session.entries if earlier.event.id == line.data.get("of")), None)
    words = label(session.protocol, line)
    return f"{words}: {label(session.protocol, of)}" if of is not None and line.event.kind not in KINDS else words


def repeated(session: Session) -> list[Entry]:
    """Marks that may be the one of their kind before them, recorded twice: of one group, and no other mark between them
    changed the state. Across one, merging would take away what happened in between.
    """
    seen: dict[str, Any] = {}  # mark → its group, since the state last changed
    doubles = []
    for step in steps_of(session.protocol, session.entries):
        group = step.entry.data.get(session.protocol.group)
        if step.mark in seen:
            doubles += [step.entry] if seen[step.mark] == group else []
        elif step.before != step.after:
            seen = {}
        seen[step.mark] = group
    return doubles


def _faulty(p: Protocol, kind: str, data: dict[str, Any], values: dict[str, Any]) -> list[str]:
    """What the protocol does not allow of new values. A range is left to the review: it may be what happened."""
    sentences = []
    for key, content in values.items():
        value = data.get("value") if kind == "value" and key == "is" else key
        if value in p.value and content not in (None, ""):
            fault = entry.mistyped(p, str(value), content)
            sentences += [fault] if fault else []
    return sentences


def _reason(reason: str) -> list[str]:
    return [] if reason.strip() else ["Why it is corrected: expected a reason, found nothing."]


def _in_time(at: int | None) -> list[str]:
    ahead = at is not None and at > clock.now_ms()
    return ["When: expected a moment that is past, found one to come."] if ahead else []


def _refuse(faults: list[str]) -> None:
    if faults:
        raise Faults(faults)

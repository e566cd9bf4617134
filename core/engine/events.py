"""One event record: what happened, when, recorded by whom, on which tablet.

A session is its set of events. Nothing in it is changed or removed: undo, added detail and amendment are events too.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeGuard

import msgspec
from msgspec import Meta

from core.protocols.shape import sentence

EventKind = Literal[
    "opened",  # the session: protocol, patient, dose, operator, recorder
    "mark",  # a time-stamped clinical tap: data = {mark, …the values that it carries}
    "check",  # a checklist item confirmed: data = {check}
    "value",  # data = {value, is}; null takes it back
    "complication",  # data = {complication, text?}
    "note",  # data = {text}
    "detail",  # adds values to an earlier event: data = {of, set}
    "amend",  # corrects an earlier event, the original is kept: data = {of, set, reason}
    "undo",  # data = {of}; an undo can be undone
    "ack",  # an alarm seen, which is not yet acted on: data = {alarm, of}
    "review",  # an item to review looked at: data = {of, kind, key?, text?}; of a double: verdict = same | separate
    "answer",  # a prompt acknowledged or passed: data = {prompt, of, reason?}
    "takeover",  # this device records from now on
]

PATIENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
TEXT_MAX, NAME_MAX = 2000, 64
# ASCII and no longer than a file name, so that Python and JavaScript sort them alike.
Code = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z", max_length=64)]
# UTC milliseconds, within what a JavaScript number holds exactly.
Moment = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Text = Annotated[str, Meta(max_length=2000)]
Number = Annotated[int, Meta(ge=-(10**15), le=10**15)] | Annotated[float, Meta(ge=-1e15, le=1e15)]
Scalar = Text | Number | bool | None
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\Z", max_length=64)]
Data = dict[Name, Scalar | dict[Name, Scalar]]


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`at` is when it happened, `tapped` when the finger landed, `received` when the store had it (all UTC ms).

    `seq` counts on the tablet. Order in a session is (`at`, `seq`, `device`, `id`).
    """

    id: Code
    session: Code
    kind: EventKind
    at: Moment
    tapped: Moment
    device: Code
    seq: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    by: Annotated[str, Meta(max_length=64)] = ""
    data: Data = {}
    received: Moment | None = None


class BadEvent(Exception):
    """An event that cannot be read; the sentence says what was expected and what was found."""


def read(raw: Any) -> Event:
    """One event from plain JSON data. Raises BadEvent."""
    try:
        event = msgspec.convert(raw, Event)
    except msgspec.ValidationError as error:
        raise BadEvent(f"This entry cannot be read: {sentence(error, raw)}") from None
    for key, content in event.data.items():
        if isinstance(content, dict) != (key == "set"):
            expected = "an object" if key == "set" else "a text, a number, true, false or null"
            raise BadEvent(f"This entry cannot be read: data.{key}: expected {expected}, found {str(content)[:60]!r}")
    return event


def read_stored(raw: Sequence[Any]) -> tuple[Event, ...]:
    """The events of a stored session. Raises BadEvent."""
    return tuple(read(stored_event) for stored_event in raw)


def plain(event: Event) -> dict[str, Any]:
    """The event as JSON data, every field written out."""
    return {name: getattr(event, name) for name in Event.__struct_fields__ if getattr(event, name) is not None}


def is_number(value: Any) -> TypeGuard[float]:
    """A number, and not True or False."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole_second(at: int) -> int:
    """A moment (ms) cut to the second in which it is shown; spans are worked out from these."""
    return at // 1000 * 1000

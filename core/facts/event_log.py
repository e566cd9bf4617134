"""Every stored entry of a session as one row of an event log: what, when, by whom, and what was corrected since.

A row is a tap, none is left out: what was taken back or counts once with another is marked, a correction is a row of
its own. Pure; moments UTC ms.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.engine import words
from core.engine.log import Entry
from core.engine.sentences import label
from core.engine.session import Session
from core.facts.changes import text
from core.facts.insertions import operators, person
from core.facts.story import content_of

COMPLETE = "complete"  # a tap is a moment: XES knows no other transition for what has no length


class LoggedEvent(msgspec.Struct, frozen=True):
    """One entry. `at`: when it happened as it counts now; `recorded_at`: as first recorded; `tapped`: of the finger."""

    case: str
    event: str
    activity: str
    activity_id: str
    kind: str
    lifecycle: str
    at: int
    recorded_at: int
    tapped: int
    received: int | None
    resource: str
    role: str
    device: str
    content: str
    first_content: str
    group: str
    of: str
    reason: str
    counts: bool
    taken_back: bool
    corrected: bool
    same_as: str
    late: bool


def events(session: Session) -> Iterator[LoggedEvent]:
    """The entries in the order in which they happened."""
    for entry in session.entries:
        event = entry.event
        yield LoggedEvent(
            case=session.id,
            event=event.id,
            activity=label(session.protocol, entry),
            activity_id=_id(entry),
            kind=event.kind,
            lifecycle=COMPLETE,
            at=entry.at,
            recorded_at=event.at,
            tapped=event.tapped,
            received=event.received,
            resource=event.by,
            role=_role(session, event.by),
            device=event.device,
            content=content_of(session.protocol, event.kind, _own(entry.data), words.one_line),
            first_content=content_of(session.protocol, event.kind, _own(event.data), words.one_line),
            group=_plain(entry.data.get(session.protocol.group)),
            of=_plain(entry.data.get("of")),
            reason=text(entry.data.get("reason")),
            counts=entry.counts,
            taken_back=entry.undone,
            corrected=entry.amended,
            same_as=entry.double_of or "",
            late=entry.late,
        )


def _id(entry: Entry) -> str:
    """The protocol's id of what was tapped; an entry of another kind is called by its kind."""
    id_ = entry.data.get(entry.event.kind)
    return id_ if isinstance(id_, str) and id_ else entry.event.kind


def _own(data: dict[str, Any]) -> dict[str, Any]:
    """What an entry says itself: a correction's new values, not which entry it concerns."""
    new = data.get("set")
    others = {key: content for key, content in data.items() if key not in ("of", "set")}
    return others | (new if isinstance(new, dict) else {})


def _role(session: Session, name: str) -> str:
    """What who tapped was in this procedure."""
    if not name:
        return ""
    recorder = person(name) == person(session.opened.get("recorder"))
    return "recorder" if recorder else "operator" if person(name) in operators(session) else "other"


def _plain(content: Any) -> str:
    return content if isinstance(content, str) else ""

"""The corrections of a record as FHIR Provenances: who corrected what, why, and what stood there before."""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.engine import words
from core.engine.events import Event
from core.engine.log import FIXED, Entry, by_tap, settle
from core.engine.sentences import label
from core.engine.session import Session
from core.protocols.tables import Protocol
from core.transfer.fhir_parts import Json, Names, full, text

CORRECTIONS = ("amend", "undo", "review")


def provenances(session: Session, names: Names, about: dict[str, list[Json]], main: Json) -> Iterator[Json]:
    """One for each correction that counts, in the order in which they were made, each laid over those before it.

    `about`: the resources that tell of an entry; one without any stands in the procedure itself.
    """
    events = {line.event.id: line.event for line in session.entries}
    stood = {line.event.id: _line(line.event, []) for line in session.entries}
    for event in sorted((line.event for line in session.entries if not line.undone), key=by_tap):
        before = stood.get(str(event.data.get("of")))
        if event.kind in CORRECTIONS:
            targets = about.get(_corrected(event, events), [main])
            yield _provenance(session, event, before, names, targets)
        if event.kind in ("amend", "detail") and before is not None:
            corrected = msgspec.structs.replace(before.event, at=before.at, data=before.data)
            stood[corrected.id] = _line(corrected, [event])


def _corrected(event: Event, events: dict[str, Event]) -> str:
    """The entry that a correction is about in the end: an undone amendment is about what it amended."""
    passed: set[str] = set()
    while event.kind in (*CORRECTIONS, "detail") and event.id not in passed:
        passed.add(event.id)
        event = events.get(str(event.data.get("of")), event)
    return event.id


def _line(event: Event, over: list[Event]) -> Entry:
    """An entry with corrections laid over it."""
    return next(line for line in settle([event, *over], 0) if line.event.id == event.id)


def _provenance(session: Session, event: Event, before: Entry | None, names: Names, targets: list[Json]) -> Json:
    what = "an entry that is not in this record"
    if before is not None:
        contents = _contents(session.protocol, event, before)
        what = f"{label(session.protocol, before)} at {words.utc(before.at)} {contents}".strip()
    reason = event.data.get("reason") or event.data.get("text")
    device = names.reference("device", event.device)
    agents = [{"who": {"display": event.by}, "onBehalfOf": device}] if event.by.strip() else [{"who": device}]
    return full(
        resourceType="Provenance",
        id=names.id(session.id, "provenance", event.id),
        target=targets,
        recorded=words.utc(event.tapped),
        activity=text(event.kind),
        agent=agents,
        reason=[text(str(reason))] if reason else [],
        entity=[{"role": "revision", "what": {"display": what}}],
    )


def _contents(p: Protocol, event: Event, before: Entry) -> str:
    """What an entry said before a correction: of an amendment, what it changes; else everything."""
    data: Any = before.data.get("set", before.data)  # of a correction that is taken back: what it had set
    keys: Any = event.data.get("set", data) if event.kind == "amend" else data
    parts = []
    for key in keys:
        if key != "at" and key not in FIXED:
            content = data.get(key)
            value = str(data.get("value")) if key == "is" else key
            name = "" if key == "is" else p.value[key].label if key in p.value else key.capitalize()
            parts.append(
                f"{name} {'nothing' if content in (None, '') else words.shown(p, value, content, words.utc)}".strip()
            )
    return ", ".join(parts)

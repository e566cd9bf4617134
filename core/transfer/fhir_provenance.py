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
from core.transfer.fhir_parts import Json, full, id_of, text

CORRECTIONS = ("amend", "undo", "review")


def provenances(session: Session) -> Iterator[Json]:
    """One for each correction that counts, in the order in which they were made, each laid over those before it."""
    stood = {line.event.id: _line(line.event, []) for line in session.entries}
    for event in sorted((line.event for line in session.entries if not line.undone), key=by_tap):
        before = stood.get(str(event.data.get("of")))
        if event.kind in CORRECTIONS:
            yield _provenance(session, event, before)
        if event.kind in ("amend", "detail") and before is not None:
            corrected = msgspec.structs.replace(before.event, at=before.at, data=before.data)
            stood[corrected.id] = _line(corrected, [event])


def _line(event: Event, over: list[Event]) -> Entry:
    """An entry with corrections laid over it."""
    return next(line for line in settle([event, *over], 0) if line.event.id == event.id)


def _provenance(session: Session, event: Event, before: Entry | None) -> Json:
    what = "an entry that is not in this record"
    if before is not None:
        contents = _contents(session.protocol, event, before)
        what = f"{label(session.protocol, before)} at {words.utc(before.at)} {contents}".strip()
    reason = event.data.get("reason") or event.data.get("text")
    device = {"reference": f"urn:uuid:{id_of('device', event.device)}"}
    agents = [{"who": {"display": event.by}, "onBehalfOf": device}] if event.by.strip() else [{"who": device}]
    return full(
        resourceType="Provenance",
        id=id_of(session.id, "provenance", event.id),
        target=[{"reference": f"urn:uuid:{id_of(session.id, 'main')}"}],
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

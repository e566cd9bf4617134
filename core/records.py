"""Sessions in the store: opened, read back with the protocol that they were made with, and listed."""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from core import clock, events, insertion, protocol
from core.care import aftercare, bars, scores, timers
from core.events import Event
from core.index import Index
from core.needle import held_by
from core.protocol import Protocol
from core.session import Session, clock_time, fold, insertions, open_prompts, summary
from core.store import Corrupt, NotFound, Record, Store, StoreError
from core.transfer import columns

# Part of the index's key: raised when a row is derived otherwise than before.
ROWS = "14"


class NotAdded(StoreError):
    """Entries of these ids are on record already, and say something else."""


def data_folder() -> Path:
    """$INTERSPACE_DATA, else `data/` beside app.py."""
    return Path(os.environ.get("INTERSPACE_DATA") or Path(__file__).parent.parent / "data")


@cache
def store() -> Store:
    """The one store of this process. Raises StoreError where the data folder cannot be used."""
    return Store(data_folder())


@cache
def index() -> Index:
    """The one list of sessions of this process."""
    return Index(store(), _row_of, key=ROWS)


def open_session(
    kept: Store, text: str, opened: dict[str, Any], entries: Sequence[Event], session: str, at: int
) -> str:
    """Stores a new session with its first entries in one write and keeps its protocol's text; the session's id."""
    sha = protocol.text_hash(text)
    kept.keep_protocol(sha, text)
    head = {"session": session, "protocol": opened["protocol"], "hash": sha, "opened": at}
    return kept.create(head, [events.plain(one) for one in entries])


def begin(
    kept: Store, session: str, protocol_id: str, opened: dict[str, Any], values: dict[str, Any], device: str
) -> str:
    """Opens a session now, as New procedure does: who, which dose, and the values known already. Once: a second tap on
    the button opens the same session.
    """
    p, text = protocol.shipped()[protocol_id]
    now = clock.now_ms()
    opened = {**opened, "protocol": p.id, "version": p.version, "hash": protocol.text_hash(text)}
    contents = [("opened", opened)] + [("value", {"value": key, "is": found}) for key, found in values.items()]
    entries = [
        events.read(
            {"id": f"{session}-{seq}", "session": session, "kind": kind, "at": now, "tapped": now, "device": device,
             "seq": seq, "by": opened.get("recorder", ""), "data": data}
        )
        for seq, (kind, data) in enumerate(contents)
    ]  # fmt: skip
    return open_session(kept, text, opened, entries, session, now)


def add(
    kept: Store,
    session: str,
    contents: Sequence[tuple[str, dict[str, Any], int | None]],
    device: str,
    by: str,
    once: str,
) -> None:
    """Adds entries made on a page to a session: (kind, data, when it happened in UTC ms, or None for now).

    `once` names this filling of the form: a second tap on its button adds nothing. Raises NotAdded where another
    filling of that name was saved before, StoreError, events.Refused.
    """
    now = clock.now_ms()
    entries = [
        events.read(
            {"id": f"{once}-{seq}", "session": session, "kind": kind, "at": now if at is None else at, "tapped": now,
             "device": device, "seq": seq, "by": by, "data": data}
        )
        for seq, (kind, data, at) in enumerate(contents)
    ]  # fmt: skip
    _refuse_others(kept, entries)  # before, so that nothing is half saved …
    if kept.append(session, [events.plain(one) for one in entries]).duplicates:
        _refuse_others(kept, entries)  # … and after, as another tab may have saved in between


def _refuse_others(kept: Store, entries: Sequence[Event]) -> None:
    """Raises NotAdded where an entry's id stands for another entry in the store."""
    said = {one.id: (one.kind, one.data) for one in entries}
    for stored in kept.load(entries[0].session).events if entries else ():
        if stored["id"] in said and (stored["kind"], stored["data"]) != said[stored["id"]]:
            raise NotAdded(
                "Expected a form that is saved for the first time, found that it was saved already, with other "
                "contents, in another tab or window. Open this page anew and enter it there."
            )


def protocol_of(kept: Store, record: Record) -> Protocol:
    """The tables that a record was made with, from the text kept under its hash. Raises StoreError."""
    try:
        return protocol_named(kept, record.head.get("hash", ""))
    except NotFound as error:
        raise Corrupt(f"Session {record.session}: the protocol that it was made with is missing: {error}") from None
    except protocol.ProtocolError as error:
        raise Corrupt(f"Session {record.session}: its protocol cannot be read: {error}") from None


def protocol_named(kept: Store, sha: str) -> Protocol:
    """The tables of the text that is kept under a hash. Raises StoreError, ProtocolError."""
    return protocol.parsed(kept.protocol(sha))


def session_of(kept: Store, record: Record) -> Session:
    """A stored record, folded. Raises StoreError where it cannot be read."""
    try:
        log = events.read_stored(record.events)
    except events.Refused as error:
        raise Corrupt(f"Session {record.session}: {error}") from None
    return fold(protocol_of(kept, record), record.session, log)


def read(kept: Store, session: str) -> Session:
    """A session by its id. Raises StoreError (NotFound, Corrupt, Newer)."""
    return session_of(kept, kept.load(session))


def export(kept: Store, session: str) -> dict[str, Any]:
    """One record as `export --format json` writes it. Raises StoreError."""
    record = kept.load(session)
    folded = session_of(kept, record)
    opened = folded.opened
    return {
        "session": session,
        "protocol": opened.get("protocol"),
        "patient": opened.get("patient"),
        "dose": opened.get("dose"),
        "operator": opened.get("operator"),
        "drill": folded.drill,
        "events": list(record.events),
        "summary": summary(folded),
    }


def export_all(kept: Store, drills: bool) -> Iterator[dict[str, Any] | StoreError]:
    """Every record, the oldest first; in place of one that cannot be read, why."""
    for session in sorted(kept.sessions()):
        try:
            record = export(kept, session)
        except StoreError as error:
            yield error
            continue
        if drills or not record["drill"]:
            yield record


def _row_of(record: Record) -> dict[str, Any]:
    session = session_of(store(), record)
    return row(session) | {"hash": record.head.get("hash"), "cells": columns.cells(session)}


def row(session: Session) -> dict[str, Any]:
    """What lists and histories show of a session: its head, its figures, what the last insertion was like."""
    p, walked = session.protocol, session.walk
    inserted = insertions(session)
    last = inserted[-1] if inserted else None
    figures = {key: found for key, found in summary(session).items() if key not in ("prompts", "to_review")}
    complications = [line for line in session.lines if line.event.kind == "complication" and line.counts]
    return figures | {
        "patient": session.patient,
        "dose": session.dose,
        "operator": walked.operator,
        "operators": insertion.operators(session),
        "recorder": walked.recorded_by,
        "drill": session.drill,
        "protocol": p.id,
        "protocol_short": p.short,
        "opened_at": session.opened_at,
        "last_at": max((line.at for line in session.lines), default=session.opened_at),
        "state": walked.state,
        "state_label": p.state[walked.state].label,
        "phase_label": p.phase[p.state[walked.state].phases[0]].label,
        "outcome_label": next(one.label for one in p.outcome if one.id == walked.outcome),
        "closed": session.closed,
        "ended_at": aftercare.ended_at(session),
        "mistaken": session.mistaken,
        "flags": session.flags,
        "waiting": [p.prompt[one.kind].label for one in open_prompts(session)],
        "to_review": len(walked.review),
        "reviewed": len(walked.reviewed),
        "group": last.group if last else None,
        "failed": _failed(session),
        "carried": last.carried if last else {},
        "values": walked.values,
        "complications": [
            {"label": _label(p, line.data), "t": clock_time(line.at - session.opened_at)} for line in complications
        ],
        "version": len(session.lines),
        "ward": aftercare.on_ward(session),
        "left_ward_at": aftercare.left_ward_at(session),
        "dosed_at": aftercare.dosed_at(session),
        "calls": aftercare.calls(session),
        "adverse": aftercare.adverse(session),
        "missing": aftercare.missing(session),
        "held": held_by(session),
        "timers": timers.running(session),
        "waits": timers.waits(session),
        "scores": scores.scores(session),
        "bars": bars.said(session),
        "people": aftercare.people(session),
    }


def _failed(session: Session) -> list[tuple[str, int]]:
    """The groups that reached a limit, and how often."""
    counts = [session.walk.count(one.id) for one in session.protocol.counter if one.limit and one.per]
    return [(group, times) for count in counts for group, times in count.groups if group in count.reached]


def _label(p: Protocol, data: dict[str, Any]) -> str:
    named = data.get("complication")
    label = p.complication[named].label if named in p.complication else str(named)
    return f"{label} ({data['text']})" if data.get("text") else label

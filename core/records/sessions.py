"""Sessions in the store: opened, read back with the protocol that they were made with, and listed."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from core import clock, protocols
from core.engine import events
from core.engine.events import Event
from core.engine.session import Session, fold
from core.paths import data_folder
from core.protocols.tables import Protocol
from core.store import Corrupt, NotFound, Record, Store, StoreError


class NotAdded(StoreError):
    """Entries of these ids are on record already, and say something else."""


@cache
def store() -> Store:
    """The one store of this process. Raises StoreError where the data folder cannot be used."""
    return Store(data_folder())


def open_session(
    store: Store, text: str, opened: dict[str, Any], entries: Sequence[Event], session: str, at: int
) -> str:
    """Stores a new session with its first entries in one write and keeps its protocol's text; the session's id."""
    sha = protocols.text_hash(text)
    store.keep_protocol(sha, text)
    head = {"session": session, "protocol": opened["protocol"], "hash": sha, "opened": at}
    return store.create(head, [events.plain(entry) for entry in entries])


def begin(
    store: Store, session: str, protocol_id: str, opened: dict[str, Any], values: dict[str, Any], device: str
) -> str:
    """Opens a session now, as New procedure does: who, which dose, and the values known already. Once: a second tap on
    the button opens the same session.
    """
    p, text = protocols.shipped()[protocol_id]
    now = clock.now_ms()
    opened = {**opened, "protocol": p.id, "version": p.version, "hash": protocols.text_hash(text)}
    contents = [("opened", opened)] + [("value", {"value": key, "is": content}) for key, content in values.items()]
    entries = [
        events.read(
            {
                "id": f"{session}-{seq}",
                "session": session,
                "kind": kind,
                "at": now,
                "tapped": now,
                "device": device,
                "seq": seq,
                "by": opened.get("recorder", ""),
                "data": data,
            }
        )
        for seq, (kind, data) in enumerate(contents)
    ]
    return open_session(store, text, opened, entries, session, now)


def add(
    store: Store,
    session: str,
    contents: Sequence[tuple[str, dict[str, Any], int | None]],
    device: str,
    by: str,
    once: str,
) -> None:
    """Adds entries made on a page to a session: (kind, data, when it happened in UTC ms, or None for now).

    `once` names this filling of the form: a second tap on its button adds nothing. Raises NotAdded where another
    filling of that name was saved before, StoreError, events.BadEvent. The entries' ids end in -0, -1, …, as no tap's
    does: a board's undo leaves such entries alone.
    """
    now = clock.now_ms()
    entries = [
        events.read(
            {
                "id": f"{once}-{seq}",
                "session": session,
                "kind": kind,
                "at": now if at is None else at,
                "tapped": now,
                "device": device,
                "seq": seq,
                "by": by,
                "data": data,
            }
        )
        for seq, (kind, data, at) in enumerate(contents)
    ]
    _refuse_others(store, entries)  # before, so that nothing is half saved …
    if store.append(session, [events.plain(entry) for entry in entries]).duplicates:
        _refuse_others(store, entries)  # … and after, as another tab may have saved in between


def _refuse_others(store: Store, entries: Sequence[Event]) -> None:
    """Raises NotAdded where an entry's id stands for another entry in the store."""
    contents = {entry.id: (entry.kind, entry.data) for entry in entries}
    for stored in store.load(entries[0].session).events if entries else ():
        if stored["id"] in contents and (stored["kind"], stored["data"]) != contents[stored["id"]]:
            raise NotAdded(
                "Expected a form that is saved for the first time, found that it was saved already, with other "
                "contents, in another tab or window. Open this page anew and enter it there."
            )


def protocol_of(store: Store, record: Record) -> Protocol:
    """The tables that a record was made with, from the text kept under its hash. Raises StoreError."""
    try:
        return protocol_named(store, record.head.get("hash", ""))
    except NotFound as error:
        raise Corrupt(f"Session {record.session}: the protocol that it was made with is missing: {error}") from None
    except protocols.ProtocolError as error:
        raise Corrupt(f"Session {record.session}: its protocol cannot be read: {error}") from None


def protocol_named(store: Store, sha: str) -> Protocol:
    """The tables of the text that is kept under a hash. Raises StoreError, ProtocolError."""
    return protocols.parsed(store.protocol(sha))


def session_of(store: Store, record: Record) -> Session:
    """A stored record, folded. Raises StoreError where it cannot be read."""
    try:
        log = events.read_stored(record.events)
    except events.BadEvent as error:
        raise Corrupt(f"Session {record.session}: {error}") from None
    return fold(protocol_of(store, record), record.session, log)


def read(store: Store, session: str) -> Session:
    """A session by its id. Raises StoreError (NotFound, Corrupt, Newer)."""
    return session_of(store, store.load(session))

"""The log on disk. Returning from `create` or `append` is the acknowledgement: the events survive a power cut.

One TinyDB file a session, `sessions/YYYY-MM/<session>.json`, only ever replaced whole. The store knows no protocol
and no ward: heads and events are plain JSON objects, and of an event it reads only `id`.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from uuid import UUID

from tinydb import TinyDB  # noqa: TID251  (the engine of the store)
from tinydb.table import Document  # noqa: TID251  (the engine of the store)

from core import clock
from core.store import disk, texts
from core.store import folder as store_folder
from core.store import namespace as site_namespace
from core.store.disk import Stamp
from core.store.errors import Corrupt, Full, Newer, NotFound, StoreError
from core.store.file import SCHEMA, AtomicJSONStorage, Verified
from core.store.folder import new_session_id
from core.store.locks import Locks
from core.store.record import Appended, Json, Record, new_of, plain

__all__ = ["Appended", "Corrupt", "Full", "Newer", "NotFound", "Record", "Store", "StoreError", "new_session_id"]

_log = logging.getLogger(__name__)


class Store:
    """All sessions in one data folder; any number of threads and processes may use the same one."""

    def __init__(self, folder: Path, now: Callable[[], int] = clock.now_ms) -> None:
        """Make the folder ready, clear up after writers that died. StoreError if it cannot be used safely.

        `now` gives the time of receipt (UTC, ms).
        """
        self.folder = folder
        self._now = now
        self._verified = Verified()
        self._reserve = disk.Reserve(folder / "reserve")
        self._listeners: dict[object, Callable[[str, int], None]] = {}
        self._listeners_lock = threading.Lock()
        store_folder.make_ready(folder)
        self._locks = Locks(folder / "locks")
        self._reserve.keep()
        with suppress(StoreError):  # a full disk must not stop the ward from starting: made when it is first asked for
            _ = self.namespace

    @cached_property
    def namespace(self) -> UUID:
        """The site's namespace, always the same for this folder. Raises Full; Corrupt where its file was damaged."""
        return site_namespace.namespace(self.folder, self._locks, self._reserve)

    def create(self, head: Json, events: Sequence[Json] = ()) -> str:
        """Store a new session with its first events, all in one write; its id, `head["session"]`.

        If the session is there already nothing changes, and `events` are not looked at: append them.
        Raises Full; NotFound if the id cannot be one; Corrupt or Newer if what is there cannot be read.
        """
        path = store_folder.session_path(self.folder, head.get("session"))
        head, batch = plain(head, "head"), self._events(events)
        first, _ = new_of(batch, set())
        with self._locks.hold(path.stem):
            storage = self._open(path).storage
            if path.exists():
                storage.read()
                self._sync(path)
                return path.stem
            try:
                disk.make_folder(path.parent)
            except OSError as error:
                raise disk.refused(store_folder.where(self.folder, path), error) from error
            # Through the storage, as TinyDB's tables would take one write each.
            meta = {"1": {"schema": SCHEMA, "head": head}}
            storage.write({"meta": meta, "events": {str(n): event for n, event in enumerate(first, 1)}})
        self._tell(path.stem, len(first))
        return path.stem

    def append(self, session: str, events: Sequence[Json]) -> Appended:
        """Add the events whose ids the session does not know yet. Safe to repeat until it returns.

        Raises NotFound, Corrupt, Newer, Full; StoreError if an event is no plain JSON or has no id. Then none is added.
        """
        path = store_folder.session_path(self.folder, session)
        batch = self._events(events)
        with self._locks.hold(session):
            log = self._open(path).table("events", cache_size=0)
            stored = log.all()
            new, duplicates = new_of(batch, {event["id"] for event in stored})
            version = len(stored) + len(new)
            if new:
                log.insert_multiple(Document(event, doc_id=n) for n, event in enumerate(new, len(stored) + 1))
            else:
                self._sync(path)
        if new:
            self._tell(session, version)
        return Appended(version, [event["id"] for event in new], duplicates)

    def load(self, session: str) -> Record:
        """The session as of its last finished write; waits for nobody. Raises NotFound, Corrupt, Newer."""
        tables = self._open(store_folder.session_path(self.folder, session)).storage.read() or {}
        events = tuple(tables["events"][str(number)] for number in range(1, len(tables["events"]) + 1))
        return Record(session, tables["meta"]["1"]["head"], len(events), events)

    def sessions(self) -> Iterator[str]:
        """The ids of all sessions, newest month first, and in a month the newest day first."""
        for month in self.months():
            yield from sorted(self.stamps(month), reverse=True)

    def months(self) -> dict[str, int]:
        """Each month that has a folder, newest first, and when a file was last put into it (ns since 1970)."""
        return store_folder.months(self.folder)

    def stamps(self, month: str) -> dict[str, Stamp]:
        """The sessions of a month (`2026-11`), each with the stamp of its file."""
        return store_folder.stamps(self.folder, month)

    def keep_protocol(self, sha256_hex: str, text: str) -> None:
        """Keep the text of a protocol under its hash (SHA-256 of its UTF-8). StoreError if the two do not match."""
        texts.keep(self.folder, self._reserve, sha256_hex, text)

    def protocols(self) -> list[str]:
        """The hashes of all protocol texts that were ever kept."""
        return texts.hashes(self.folder)

    def protocol(self, sha256_hex: str) -> str:
        """The text of a protocol as it was kept. Raises NotFound; Corrupt if it does not match its hash."""
        return texts.read(self.folder, sha256_hex)

    def listen(self, callback: Callable[[str, int], None]) -> Callable[[], None]:
        """Call back with (session, version) after each write of this process; returns what ends it.

        A hint, never the truth: other processes' writes are not told, and hints may arrive out of order.
        """
        token = object()
        with self._listeners_lock:
            self._listeners[token] = callback

        def unsubscribe() -> None:
            with self._listeners_lock:
                self._listeners.pop(token, None)

        return unsubscribe

    def low_on_space(self) -> bool:
        """Whether the disk was full, so that the space held back for that was given up; the next start takes it anew.

        Start, `/api/health` and every board say so.
        """
        return not self._reserve.left()

    def _tell(self, session: str, version: int) -> None:
        with self._listeners_lock:
            callbacks = list(self._listeners.values())
        for callback in callbacks:
            try:
                callback(session, version)
            except Exception as error:  # the events are stored, and a listener cannot undo that
                _log.warning("A listener failed on %s: %s", session, type(error).__name__)

    def _open(self, path: Path) -> TinyDB:
        return TinyDB(
            path, store_folder.where(self.folder, path), self._verified, self._reserve, storage=AtomicJSONStorage
        )

    def _events(self, events: Sequence[Json]) -> list[Json]:
        """The store's own copies, stamped with the time of receipt."""
        received = self._now()
        batch = [plain(event, "event") for event in events]
        for event in batch:
            event.setdefault("received", received)
        if not all(isinstance(event.get("id"), str) and event["id"] for event in batch):
            raise StoreError("Each event must have an id that is a text, and one has not: nothing was stored.")
        return batch

    def _sync(self, path: Path) -> None:
        """Make durable what is there: whoever wrote it may have died between renaming and flushing."""
        try:
            disk.sync_folder(path.parent)
        except OSError as error:
            raise disk.refused(store_folder.where(self.folder, path), error) from error

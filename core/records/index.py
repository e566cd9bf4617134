"""One summary row a session, kept between starts so that lists and charts need not read every log.

Never the truth: each row is derived from a record, and the files under `index/` may be deleted at any time. There is
one a month, so that a tap rewrites little; it counts only while its key and its files' stamps hold.
"""

import os
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from zlib import crc32

import msgspec

from core import clock
from core.records.derivation import derivation
from core.records.row import Row, row
from core.records.sessions import session_of, store
from core.store import NotFound, Record, Store, StoreError, disk
from core.store.disk import Stamp

QUIET_MS = 2000  # file systems stamp folders as coarsely as this: until then one stamp may stand for two changes
SAVE_AT_ONCE = 64  # changed rows worth writing down before the month is quiet

_versions = count()  # of all indexes of this process: no two ever share one


class _Shelf(msgspec.Struct):
    """The rows of a month: the folder's mtime when it was looked at, and whether that stamp can be relied on."""

    key: str
    mtime_ns: int = -1
    settled: bool = False
    rows: dict[str, tuple[Stamp, Row]] = {}
    unreadable: dict[str, str] = {}
    unsaved: int = 0


class Index:
    """The derived rows of all sessions in a store. Threads may share it."""

    def __init__(self, store: Store, derive: Callable[[Record], Row], key: str) -> None:
        """`derive` makes a row and must not ask this index; another `key` than last time rebuilds all.

        `key` names everything that a row depends on beside the log, as the versions of fold and protocols.
        """
        self._store = store
        self._derive = derive
        self._key = key
        self._folder = store.folder / "index"
        self._lock = threading.Lock()
        self._shelves: dict[str, _Shelf] = {}
        self._rows: list[Row] = []
        self._version = next(_versions)
        self._forget_all_but(store.months())

    def rows(self) -> list[Row]:
        """A row for each readable session, newest month first, as of now. The rows are shared: do not change them."""
        with self._lock:
            self._refresh()
            return list(self._rows)

    def version(self) -> int:
        """Another number whenever a row came, went or changed: what is worked out from all rows holds as long."""
        with self._lock:
            self._refresh()
            return self._version

    def unreadable(self) -> list[tuple[str, str]]:
        """The sessions that have no row, each with the reason in a sentence. They are tried again at every call."""
        with self._lock:
            self._refresh()
            return [pair for shelf in self._shelves.values() for pair in shelf.unreadable.items()]

    def _refresh(self) -> None:
        months = self._store.months()
        shelves = {month: self._look(month, mtime_ns) for month, mtime_ns in months.items()}
        if list(map(id, shelves.values())) == list(map(id, self._shelves.values())):
            return
        self._shelves = shelves
        before, self._rows = self._rows, [row for shelf in shelves.values() for _, row in shelf.rows.values()]
        # A month that is looked at again hands on the rows that did not change.
        if list(map(id, before)) != list(map(id, self._rows)):
            self._version = next(_versions)
        self._forget_all_but(months)

    def _look(self, month: str, mtime_ns: int) -> _Shelf:
        """The month's shelf: the same one if nothing can have changed, else a new one."""
        old = self._shelves.get(month) or self._load(month)
        if old.settled and old.mtime_ns == mtime_ns:
            return old
        # Told before looking, so that whatever comes later gives the folder another stamp.
        quiet = clock.now_ms() - mtime_ns // 1_000_000 > QUIET_MS
        new = self._derive_changed(month, old)
        new.mtime_ns, new.settled = mtime_ns, quiet and not new.unreadable
        if new.unsaved >= SAVE_AT_ONCE or (quiet and new.unsaved):
            self._save(month, new)
        return new

    def _derive_changed(self, month: str, old: _Shelf) -> _Shelf:
        stamps = self._store.stamps(month)
        new = _Shelf(self._key, unsaved=old.unsaved + len(old.rows.keys() - stamps))
        for session in sorted(stamps, reverse=True):
            known = old.rows.get(session)
            if known is not None and known[0] == stamps[session]:
                new.rows[session] = known
                continue
            try:
                new.rows[session] = (stamps[session], self._row(session))
                new.unsaved += 1
            except NotFound:  # moved away since the folder was listed
                continue
            except StoreError as error:
                new.unreadable[session] = str(error)
            except Exception as error:  # a log that the rules choke on must not hide the others
                # The error's own text may quote the log, so it is not passed on.
                new.unreadable[session] = f"The summary of {session} could not be derived ({type(error).__name__})."
        return new

    def _row(self, session: str) -> Row:
        """A new row, of the same plain values as one that comes back from the disk."""
        return msgspec.json.decode(msgspec.json.encode(self._derive(self._store.load(session))), type=Row)

    def _path(self, month: str) -> Path:
        return self._folder / f"{month}.json"

    def _load(self, month: str) -> _Shelf:
        """What was kept of a month; an empty shelf if nothing, or something torn, or made with another key."""
        with suppress(OSError, ValueError, msgspec.MsgspecError):
            seal, _, body = self._path(month).read_bytes().partition(b"\n")
            shelf = msgspec.json.decode(body, type=_Shelf)
            if int(seal) == crc32(body) and shelf.key == self._key:
                return shelf
        return _Shelf(self._key)

    def _save(self, month: str, shelf: _Shelf) -> None:
        """Not flushed, and no error if the disk is full: it can be rebuilt."""
        shelf.unsaved = 0
        body = msgspec.json.encode(shelf)
        with suppress(OSError):
            disk.replace(self._path(month), b"%d\n%s" % (crc32(body), body), durable=False)

    def _forget_all_but(self, months: Collection[str]) -> None:
        """Rows of sessions that were taken away must not stay behind on the disk."""
        with suppress(OSError):
            for name in os.listdir(self._folder):
                if name.endswith(".json") and name.removesuffix(".json") not in months:
                    (self._folder / name).unlink()


@cache
def index() -> Index:
    """The one list of sessions of this process."""
    return Index(store(), _row_of, key=derivation())


def _row_of(record: Record) -> Row:
    return row(session_of(store(), record), record.head["hash"])

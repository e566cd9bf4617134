"""How TinyDB keeps one session in one file: replaced whole, sealed by a checksum, readable by a plain TinyDB(path).

Tables: `meta` (one document: schema, head), `events` (document id = sequence from 1), `check` (one document, the seal).
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zlib import crc32

import msgspec
from tinydb.storages import Storage  # noqa: TID251  (the engine of the store)

from core.store.disk import Reserve, Stamp, stamp
from core.store.errors import Corrupt, Newer, NotFound

SCHEMA = 1
CACHED_SESSIONS = 32

Tables = dict[str, dict[str, Any]]


class Verified:
    """The bytes of the last few sessions that were found whole, so that they need not be read and checked again.

    Bytes, not objects: a caller who changes what it was given cannot change what is written next.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Path, tuple[Stamp, bytes]] = OrderedDict()

    def get(self, path: Path, now: Stamp) -> bytes | None:
        """What was verified for this state of the file, if it is still kept."""
        with self._lock:
            verified = self._kept.get(path)
            if verified is None or verified[0] != now:
                return None
            self._kept.move_to_end(path)
            return verified[1]

    def put(self, path: Path, then: Stamp, data: bytes) -> None:
        """Keep a verified file, forgetting the one not used for longest."""
        with self._lock:
            self._kept[path] = (then, data)
            self._kept.move_to_end(path)
            if len(self._kept) > CACHED_SESSIONS:
                self._kept.popitem(last=False)


class AtomicJSONStorage(Storage):
    """TinyDB's extension point: reads a session whole and verified, writes it whole and durable or not at all."""

    def __init__(self, path: Path, where: str, verified: Verified, reserve: Reserve) -> None:
        self._path = path
        self._where = where
        self._verified = verified
        self._reserve = reserve

    def read(self) -> Tables:
        """All tables. Where TinyDB would take a missing or an empty file for a new database: NotFound, Corrupt."""
        try:
            data = self._verified.get(self._path, stamp(os.stat(self._path)))
            return _decode(data, self._where) if data is not None else self._read_and_verify()
        except FileNotFoundError:
            raise NotFound(f"{self._where} was expected, and there is no such session.") from None
        except OSError as error:
            raise Corrupt(f"{self._where} cannot be read: {error.strerror}.") from error

    def write(self, data: Tables) -> None:
        """Seal and replace the file; Full if the disk refuses, and then the old file stands."""
        check = _seal(data["meta"]["1"]["head"], data["events"].values())
        encoded = msgspec.json.encode(data | {"check": {"1": check}})
        self._verified.put(self._path, self._reserve.save(self._path, self._where, encoded), encoded)

    def _read_and_verify(self) -> Tables:
        with open(self._path, "rb") as file:
            then = stamp(os.fstat(file.fileno()))
            data = file.read()
        tables = _decode(data, self._where)
        _verify(tables, self._where, self._path.stem)
        self._verified.put(self._path, then, data)
        return tables


def _decode(data: bytes, where: str) -> Tables:
    try:
        return msgspec.json.decode(data, type=Tables)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # msgspec's own text tells a position or a type, and none of the content.
        raise Corrupt(f"{where} should be JSON tables, and of its {len(data)} bytes: {error}.") from error


def _verify(tables: Tables, where: str, session: str) -> None:
    """Newer before all else: a later schema may be sealed in another way."""
    try:
        meta = tables["meta"]["1"]
        if meta["schema"] > SCHEMA:
            raise Newer(f"{where} has schema {meta['schema']:d}, and this version of Interspace reads up to {SCHEMA}.")
        events = tables["events"]
        seal = _seal(meta["head"], [events[str(number)] for number in range(1, len(events) + 1)])
        expected = tables["check"]["1"]
        stated = meta["head"]["session"]
    except (KeyError, TypeError, ValueError) as error:
        raise Corrupt(f"{where} lacks a part of its meta, events or check table: torn, or edited by hand.") from error
    if seal != expected:
        raise Corrupt(f"{where} does not match its checksum ({seal['count']} events found): torn, or edited by hand.")
    if stated != session:
        raise Corrupt(f"{where} holds another session than its name says.")


def _seal(head: dict[str, Any], events: Iterable[dict[str, Any]]) -> dict[str, int]:
    """The `check` document. Canonical encoding: keys sorted, no spaces, UTF-8; events as a list in sequence."""
    log = list(events)
    return {"count": len(log), "crc32": _crc(log), "head_crc32": _crc(head)}


def _crc(value: object) -> int:
    return crc32(msgspec.json.encode(value, order="sorted"))

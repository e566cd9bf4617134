"""Reads an archive back. It may come from anywhere: everything is checked before anything is written.

A record that is new is stored; one that is there already gets the entries it lacks; equal ones are left alone. One that
cannot be read, or contradicts what is stored, is refused with a sentence, and the others go on.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from core import clock, events, protocol
from core.bad_import import BadImport
from core.events import Event
from core.export_archive import FORMAT, SCHEMA
from core.progress import Progress, counted
from core.session import fold, summary
from core.store import NotFound, Store, StoreError
from core.store_folder import session_path

BYTES_MAX = 512 * 1024 * 1024  # ten thousand long records
TEXT_MAX = 2 * 1024 * 1024  # of a protocol
DAY_MS = 24 * 3600 * 1000
State = Literal["new", "more", "same", "refused"]


class Head(msgspec.Struct, forbid_unknown_fields=True):
    session: str
    protocol: protocol.FileId
    hash: str
    opened: events.Moment


class Archived(msgspec.Struct, forbid_unknown_fields=True):
    session: str
    head: Head
    events: list[dict[str, Any]]
    summary: Any = None


class Archive(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    schema: int
    records: list[msgspec.Raw]
    protocols: dict[str, str]
    count: int
    exported_at: int = 0
    dictionary: Any = None


class Incoming(msgspec.Struct):
    """One record of the file, and what importing it would do; `entries`: how many it adds; `why` it is refused."""

    number: int
    raw: msgspec.Raw
    state: State
    session: str = ""
    patient: str = ""
    entries: int = 0
    why: str = ""


class Plan(msgspec.Struct):
    """What an import would do."""

    records: list[Incoming]
    protocols: dict[str, str]

    def of(self, state: State) -> list[Incoming]:
        return [one for one in self.records if one.state == state]


class Refused(Exception):
    """Why one record cannot be imported."""


def is_one(data: bytes) -> bool:
    """Whether a file can only be meant as an archive: JSON, or a zip."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") or data.startswith(b"PK")


def plan(kept: Store, data: bytes) -> Iterator[Progress | Plan]:
    """Checks the whole file, record by record; the last that it yields is the plan. Raises BadImport."""
    archive = _archive(data)
    made = Plan([], archive.protocols)
    for progress, raw in counted(archive.records):
        made.records.append(_incoming(kept, archive.protocols, progress.done, raw))
        yield progress
    seen: set[str] = set()
    for one in made.records:
        if one.state != "refused" and one.session in seen:
            one.state, one.why = "refused", f"Record {one.number}: session {one.session} stands twice in this file."
        seen.add(one.session)
    yield made


def write(kept: Store, made: Plan) -> Iterator[Progress]:
    """Writes what the plan adds, one record at a time, each whole or not at all. Raises StoreError."""
    adding = made.of("new") + made.of("more")
    for progress, one in counted(adding):
        read = msgspec.json.decode(one.raw, type=Archived)
        if read.head.hash in made.protocols:
            kept.keep_protocol(read.head.hash, made.protocols[read.head.hash])
        kept.create(msgspec.to_builtins(read.head), read.events)
        kept.append(one.session, read.events)  # what a record that was there lacks
        yield progress


def _unzipped(data: bytes) -> bytes:
    """The archive in the zip that a browser saved; its size is looked at before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            named = [one for one in packed.infolist() if one.filename.endswith(".json")]
            if len(named) != 1:
                raise BadImport([f"Expected a zip with one .json file in it, found {len(named)}."])
            _check_size(named[0].file_size)
            with packed.open(named[0]) as file:
                return file.read(BYTES_MAX)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadImport([f"Expected a whole zip, found: {error}. It may have been cut off: export it again."]) from None


def _check_size(size: int) -> None:
    if size > BYTES_MAX:
        raise BadImport([f"Expected at most {BYTES_MAX // 2**20} MB, found {size // 2**20} MB: export in parts."])


def _archive(data: bytes) -> Archive:
    _check_size(len(data))
    if data.startswith(b"PK"):
        data = _unzipped(data)
    if not data.strip():
        raise BadImport(["Expected an archive of Interspace, found an empty file."])
    try:
        named = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        form = msgspec.json.decode(named.get("format", msgspec.Raw(b"null")))
        schema = msgspec.json.decode(named.get("schema", msgspec.Raw(b"null")))
    except msgspec.ValidationError:
        raise BadImport(["Expected an archive of Interspace (a JSON object), found other JSON."]) from None
    except RecursionError:
        raise BadImport(["Expected an archive of Interspace, found JSON that is nested too deep to read."]) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        said = str(error).rstrip(".")
        cut = " It may have been cut off while it was copied: export it again." if "truncated" in said else ""
        raise BadImport(
            [f"Expected an archive of Interspace, found text that is no whole JSON: {said}.{cut}"]
        ) from None
    if form != FORMAT:
        raise BadImport([f'Expected an archive of Interspace ("format": "{FORMAT}"), found other JSON.'])
    if schema != SCHEMA:
        found = str(schema)[:20]
        raise BadImport(
            [f"Expected an archive of schema {SCHEMA}, found {found}: a later Interspace may have made it."]
        )
    try:
        archive = msgspec.json.decode(data, type=Archive)
    except msgspec.ValidationError as error:
        raise BadImport([f"Expected an archive of Interspace, found: {events.sentence(error, None)}."]) from None
    if archive.count != len(archive.records):
        raise BadImport([f"Expected {archive.count} records, found {len(archive.records)}: nothing was imported."])
    return archive


def _incoming(kept: Store, texts: dict[str, str], number: int, raw: msgspec.Raw) -> Incoming:
    one = Incoming(number, raw, "refused")
    try:
        read = _record(raw)
        one.session = read.session
        session_path(kept.folder, read.session)
        log = _log(read)
        one.patient = fold_of(kept, texts, read, log)
        missing = _missing(kept, read)
        one.entries = len(log) if missing is None else len(missing)
        one.state = "new" if missing is None else "more" if missing else "same"
    except (Refused, events.Refused, StoreError) as error:
        one.why = f"Record {number}{f' ({one.session[:60]})' if one.session else ''}: {error}"
    return one


def _record(raw: msgspec.Raw) -> Archived:
    try:
        read = msgspec.json.decode(raw, type=Archived)
    except msgspec.ValidationError as error:
        raise Refused(f"expected a record, found: {events.sentence(error, None)}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(f"expected a record, found text that is no JSON ({type(error).__name__}).") from None
    if read.head.session != read.session:
        raise Refused(f"expected the head of session {read.session[:60]}, found {read.head.session[:60]!r}.")
    return read


def _log(read: Archived) -> list[Event]:
    log = list(events.read_stored(read.events))
    limit = clock.now_ms() + DAY_MS
    for event in log:
        if event.session != read.session:
            raise Refused(f"expected entries of this session, found one of {event.session}.")
        if max(event.at, event.tapped) > limit:
            raise Refused("expected times not more than a day ahead, found an entry of the future.")
    if len({event.id for event in log}) != len(log):
        raise Refused("expected every entry once, found an id twice.")
    openings = [event for event in log if event.kind == "opened"]
    if len(openings) != 1:
        raise Refused(f"expected one opening, found {len(openings)}.")
    if openings[0].data.get("hash", read.head.hash) != read.head.hash:
        raise Refused("its opening names another version of the protocol than its head: one of them was changed.")
    return log


def fold_of(kept: Store, texts: dict[str, str], read: Archived, log: list[Event]) -> str:
    """The patient of the record, read with its own protocol. Raises Refused where the rules cannot read it."""
    text = texts.get(read.head.hash)
    try:
        if text is None:
            text = kept.protocol(read.head.hash)
        elif len(text) > TEXT_MAX or protocol.text_hash(text) != read.head.hash:
            raise Refused("the text of its protocol does not match its hash: it was changed on the way.")
        p = protocol.parsed(text)
        folded = fold(p, read.session, log)
        summary(folded)
    except NotFound:
        raise Refused("expected the text of its protocol in the file, found none.") from None
    except protocol.ProtocolError as error:
        raise Refused(f"its protocol cannot be read: {error.problems[0]}") from None
    except Refused:
        raise
    except Exception as error:  # tables from elsewhere that the walk chokes on; the text may quote the log
        raise Refused(f"it cannot be read with its protocol ({type(error).__name__}).") from None
    if p.id != read.head.protocol:
        raise Refused(f"expected the protocol {read.head.protocol}, found the text of {p.id}.")
    return folded.patient


def _missing(kept: Store, read: Archived) -> list[dict[str, Any]] | None:
    """The entries that the stored record lacks; None where there is no such record yet."""
    try:
        stored = kept.load(read.session)
    except NotFound:
        return None
    if stored.head.get("hash") != read.head.hash:
        raise Refused("it is stored here under another version of its protocol: neither was changed.")
    known = {one["id"]: _told(one) for one in stored.events}
    for one in read.events:
        if one["id"] in known and known[one["id"]] != _told(one):
            raise Refused(f"its entry {one['id']} differs from the stored one: neither was changed.")
    return [one for one in read.events if one["id"] not in known]


def _told(event: dict[str, Any]) -> dict[str, Any]:
    """An entry without when this or that server received it."""
    return {key: content for key, content in event.items() if key != "received"}

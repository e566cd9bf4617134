"""The import of an archive. It may come from anywhere: everything is checked before anything is written.

A record that is new is stored; one that is there already gets the entries it lacks; equal ones are left alone. One that
cannot be read, or contradicts what is stored, is refused with a sentence, and the others go on.
"""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from core import clock, protocols
from core.engine import events, opening
from core.engine.events import Event
from core.engine.session import Session, fold
from core.engine.summary import summary
from core.protocols import shape
from core.store import NotFound, Store, StoreError
from core.store.folder import session_path
from core.transfer import archive_file, same_patient
from core.transfer.archive_file import Archived
from core.transfer.progress import Progress, counted
from core.transfer.same_patient import NO_ANSWERS, Answers

TEXT_MAX = 2 * 1024 * 1024  # of a protocol
DAY_MS = 24 * 3600 * 1000
State = Literal["new", "more", "same", "refused"]


class Incoming(msgspec.Struct):
    """One record of the file, and what importing it would do; `entries`: how many it adds; `why` it is refused."""

    number: int
    raw: msgspec.Raw
    state: State
    session: str = ""
    patient: str = ""
    drill: bool = False
    entries: int = 0
    why: str = ""


class ImportPlan(msgspec.Struct):
    """What an import would do."""

    records: list[Incoming]
    protocols: dict[str, str]

    def of(self, state: State) -> list[Incoming]:
        return [record for record in self.records if record.state == state]

    @property
    def patients(self) -> list[str]:
        """The codes of the records that are new; invented patients of drills are nobody's."""
        return [record.patient for record in self.of("new") if record.patient and not record.drill]


class NotImportable(Exception):
    """Why one record cannot be imported."""


def plan(store: Store, data: bytes) -> Iterator[Progress | ImportPlan]:
    """Checks the whole file, record by record; the last that it yields is the plan. Raises BadImport."""
    archive = archive_file.read(data)
    plan_ = ImportPlan([], archive.protocols)
    for progress, raw in counted(archive.records):
        plan_.records.append(_incoming(store, archive.protocols, progress.done, raw))
        yield progress
    seen: set[str] = set()
    for record in plan_.records:
        if record.state != "refused" and record.session in seen:
            record.state, record.why = (
                "refused",
                f"Record {record.number}: session {record.session} stands twice in this file.",
            )
        seen.add(record.session)
    yield plan_


def write(
    store: Store, plan_: ImportPlan, answers: Answers = NO_ANSWERS, device: str = "", by: str = ""
) -> Iterator[Progress]:
    """Writes what the plan adds, one record at a time, each whole or not at all, and what was answered of patients that
    look alike, by whom on which device. Raises StoreError.
    """
    adding = plan_.of("new") + plan_.of("more")
    for progress, record in counted(adding):
        read = msgspec.json.decode(record.raw, type=Archived)
        if read.head.hash in plan_.protocols:
            store.keep_protocol(read.head.hash, plan_.protocols[read.head.hash])
        store.create(msgspec.to_builtins(read.head), read.events)
        store.append(record.session, read.events)  # what a record that was there lacks
        if record.state == "new":
            same_patient.keep(store, record.session, record.patient, answers, device, by)
        yield progress


def _incoming(store: Store, texts: dict[str, str], number: int, raw: msgspec.Raw) -> Incoming:
    incoming = Incoming(number, raw, "refused")
    try:
        read = _record(raw)
        incoming.session = read.session
        session_path(store.folder, read.session)
        log = _log(read)
        session = fold_of(store, texts, read, log)
        _check_openings(session)
        incoming.patient, incoming.drill = session.patient, session.drill
        missing = _missing(store, read)
        incoming.entries = len(log) if missing is None else len(missing)
        incoming.state = "new" if missing is None else "more" if missing else "same"
    except (NotImportable, events.BadEvent, StoreError) as error:
        incoming.why = f"Record {number}{f' ({incoming.session[:60]})' if incoming.session else ''}: {error}"
    return incoming


def _record(raw: msgspec.Raw) -> Archived:
    try:
        read = msgspec.json.decode(raw, type=Archived)
    except msgspec.ValidationError as error:
        raise NotImportable(f"expected a record, found: {shape.sentence(error, None)}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotImportable(f"expected a record, found text that is no JSON ({type(error).__name__}).") from None
    if read.head.session != read.session:
        raise NotImportable(f"expected the head of session {read.session[:60]}, found {read.head.session[:60]!r}.")
    return read


def _log(read: Archived) -> list[Event]:
    log = list(events.read_stored(read.events))
    limit = clock.now_ms() + DAY_MS
    for event in log:
        if event.session != read.session:
            raise NotImportable(f"expected entries of this session, found one of {event.session}.")
        if max(event.at, event.tapped) > limit:
            raise NotImportable("expected times not more than a day ahead, found an entry of the future.")
    if len({event.id for event in log}) != len(log):
        raise NotImportable("expected every entry once, found an id twice.")
    openings = [event for event in log if event.kind == "opened"]
    if len(openings) != 1:
        raise NotImportable(f"expected one opening, found {len(openings)}.")
    if openings[0].data.get("hash", read.head.hash) != read.head.hash:
        raise NotImportable("its opening names another version of the protocol than its head: one of them was changed.")
    return log


def fold_of(store: Store, texts: dict[str, str], read: Archived, log: list[Event]) -> Session:
    """The record, read with its own protocol. Raises Refused where the rules cannot read it."""
    text = texts.get(read.head.hash)
    try:
        if text is None:
            text = store.protocol(read.head.hash)
        elif len(text) > TEXT_MAX or protocols.text_hash(text) != read.head.hash:
            raise NotImportable("the text of its protocol does not match its hash: it was changed on the way.")
        p = protocols.parsed(text)
        folded = fold(p, read.session, log)
        summary(folded)
    except NotFound:
        raise NotImportable("expected the text of its protocol in the file, found none.") from None
    except protocols.ProtocolError as error:
        raise NotImportable(f"its protocol cannot be read: {error.problems[0]}") from None
    except NotImportable:
        raise
    except Exception as error:  # tables from elsewhere that the walk chokes on; the text may quote the log
        raise NotImportable(f"it cannot be read with its protocol ({type(error).__name__}).") from None
    if p.id != read.head.protocol:
        raise NotImportable(f"expected the protocol {read.head.protocol}, found the text of {p.id}.")
    return folded


def _check_openings(session: Session) -> None:
    """Refuses an opening that New procedure would refuse, and amendments that would make one of it."""
    by_id = {line.event.id: line.event for line in session.entries}
    for line in session.entries:
        event, of = line.event, by_id.get(str(line.event.data.get("of")))
        contents: Any = {}
        if event.kind == "opened":
            contents = {"patient": None, "dose": None} | event.data
        elif event.kind in ("detail", "amend") and not line.undone and of is not None and of.kind == "opened":
            contents = event.data.get("set", {})
        sentences = opening.sentences(contents, session.drill)
        if sentences:
            raise NotImportable(sentences[0])


def _missing(store: Store, read: Archived) -> list[dict[str, Any]] | None:
    """The entries that the stored record lacks; None where there is no such record yet."""
    try:
        stored = store.load(read.session)
    except NotFound:
        return None
    if stored.head.get("hash") != read.head.hash:
        raise NotImportable("it is stored here under another version of its protocol: neither was changed.")
    known = {entry["id"]: _as_sent(entry) for entry in stored.events}
    for entry in read.events:
        if entry["id"] in known and known[entry["id"]] != _as_sent(entry):
            raise NotImportable(f"its entry {entry['id']} differs from the stored one: neither was changed.")
    return [entry for entry in read.events if entry["id"] not in known]


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """An entry without when this or that server received it."""
    return {key: content for key, content in event.items() if key != "received"}

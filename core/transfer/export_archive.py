"""Records as one JSON file that another Interspace reads back to equal records: heads, entries, protocols by hash.

    {"format": "interspace-archive", "schema": 1, "exported_at": …, "dictionary": {…},
     "records": [{"session", "head", "events", "summary"}, …], "protocols": {hash: text}, "count": …}

Written record by record, so that ten thousand need no more memory than one. Its dictionary says what each key means;
labels, units and options are in the protocols' own text.
"""

from collections.abc import Iterator
from typing import BinaryIO, get_args

import msgspec

from core import clock
from core.engine import events
from core.engine.summary import summary
from core.records import sessions as records
from core.store import Store, StoreError
from core.transfer.progress import Progress, counted

FORMAT, SCHEMA = "interspace-archive", 1
DICTIONARY = {
    "records": "one a procedure; `head` and `events` are the record, `summary` is derived from them and not read back",
    "head": "session: id; protocol: id; hash: SHA-256 of the protocol's text; opened: UTC ms",
    "events": "in order of arrival; nothing in a record is changed or removed: undo and amendment are entries too",
    "event.id": "made by the tablet, unique",
    "event.kind": f"one of {', '.join(get_args(events.EventKind))}",
    "event.at": "when it happened, UTC ms",
    "event.tapped": "when it was entered, UTC ms; later than `at` in a late entry",
    "event.received": "when the server had it, UTC ms",
    "event.device": "the tablet or browser",
    "event.seq": "counts on the tablet",
    "event.by": "who recorded",
    "event.data": "mark, check, value and complication name an id of the protocol; of: the id of another entry",
    "summary": "the figures as `export --format json` prints them",
    "protocols": "the text of each protocol by its hash: labels, units, options, limits and their sources",
}


def write(store: Store, sessions: list[str], out: BinaryIO) -> Iterator[Progress]:
    """Writes the archive of these records; one that cannot be read is left out and told. Raises StoreError, OSError."""
    head = {"format": FORMAT, "schema": SCHEMA, "exported_at": clock.now_ms(), "dictionary": DICTIONARY}
    out.write(msgspec.json.encode(head)[:-1] + b',"records":[')
    hashes: dict[str, None] = {}
    written = 0
    for progress, session in counted(sessions):
        try:
            record = store.load(session)
            folded = records.session_of(store, record)
        except StoreError as error:
            yield progress._replace(problem=str(error))
            continue
        archived = {"session": session, "head": record.head, "events": record.events, "summary": summary(folded)}
        out.write((b",\n" if written else b"\n") + msgspec.json.encode(archived))
        hashes[record.head["hash"]] = None
        written += 1
        yield progress
    texts = {sha: store.protocol(sha) for sha in hashes}
    out.write(b'],"protocols":' + msgspec.json.encode(texts) + b',"count":' + str(written).encode() + b"}\n")

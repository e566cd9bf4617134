"""Records for tests to find, export and report: scenarios stored at fixed moments, and one with everything in it."""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from core.engine import events, scenario
from core.records import index, sessions
from core.store import Store
from core.transfer.shared_table import Row
from tests.helpers.tables import CERVICAL, HEAD, mark

Json = dict[str, Any]
MORNING = "2026-01-31T09:00:00Z"
INJECTED = [
    mark(0, "scan_started"),
    mark(300, "lidocaine_given", lidocaine_ml=3),
    mark(360, "skin_puncture", interspace="L4-L5", approach="near-spinous process"),
    mark(480, "csf_outflow"),
    mark(500, "csf_collected", csf_ml=5, csf_appearance="clear"),
    mark(540, "injection_started"),
    mark(640, "injection_completed", injected_ml=5),
    mark(660, "needle_removed"),
]
AFTER = [
    mark(670, "compression_started"),
    mark(1870, "compression_ended"),
    mark(1871, "supine_started"),
    mark(16_300, "supine_ended"),
]


def ms(moment: str) -> int:
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


def keep(happened: list[Json], start: str = MORNING, session: str | None = None, **head: Any) -> str:
    """Stores a scenario that began then; its session."""
    read = scenario.parse(json.dumps(HEAD | head | {"events": happened}))
    begin = ms(start)
    session = session or f"{start[:10].replace('-', '')}-{abs(hash((start, *map(str, head.items())))):x}"[:30]
    entries = read.events(session, begin)
    return sessions.open_session(sessions.store(), read.text, read.opened, entries, session, begin)


def add(session: str, *entries: Json) -> None:
    """Appends entries as another tablet sends them: {kind, at (seconds after the opening), data}."""
    first = sessions.store().load(session).head["opened"]
    added = []
    for n, content in enumerate(entries):
        moment = first + 1000 * content["at"]
        of_tablet = {"device": "tablet0002", "seq": 900 + n, "by": "RR", "tapped": moment, "received": moment}
        entry = (
            {"id": f"more-{content['kind']}-{content['at']}", "session": session} | of_tablet | content | {"at": moment}
        )
        added.append(events.plain(events.read(entry)))
    sessions.store().append(session, added)


def entry(session: str, kind: str, key: str, last: bool = False) -> str:
    """The id of the first entry (or the last) that tells of this mark, value, check …"""
    lines = sessions.read(sessions.store(), session).entries
    identifiers = [line.event.id for line in lines if line.event.kind == kind and line.data.get(kind) == key]
    return identifiers[-1] if last else identifiers[0]


def with_everything(session: str = "20260131-everything") -> str:
    """Three failures, a reason for going on, a note, an adverse event, an undo, an amendment, a late entry, a value out
    of its range, a pair from two tablets, a review.
    """
    tries = [
        step
        for n in range(3)
        for step in (
            mark(400 + 100 * n, "skin_puncture", interspace="L2-L3", approach="parasagittal oblique"),
            mark(450 + 100 * n, "withdrawn", result="bone contact"),
        )
    ]
    happened = [
        {"t": "00:00:10", "check": "consent"},
        {"t": "00:00:20", "note": "=cmd|'/c calc'!A1, said «Müller»"},
        mark(30, "scan_started"),
        mark(300, "lidocaine_given", lidocaine_ml=3),
        *tries,
        mark(700, "operator_changed", operator="BL"),
        mark(760, "skin_puncture", interspace="L4-L5", approach="near-spinous process"),
        mark(900, "csf_outflow"),
        mark(960, "injection_started"),
        mark(1060, "injection_completed", injected_ml=5),
        {"t": "00:17:50", "complication": "headache", "text": "mild, on sitting up"},
        mark(1080, "needle_removed"),
        mark(1090, "compression_started"),
        {"t": "00:40:00", "mark": "compression_ended", "at": "00:38:10"},
    ]
    keep(happened, session=session, patient="P-006", dose=2, operator="AK", recorder="RR", values={"weight_kg": 900})
    why, typing = "Canal is best seen here", {"kind": "out_of_range", "key": "weight_kg", "text": "a typing error"}
    third, done = entry(session, "mark", "withdrawn", last=True), entry(session, "mark", "injection_completed")
    add(
        session,
        {"kind": "answer", "at": 690, "data": {"prompt": "change_interspace", "of": third, "reason": why}},
        {"kind": "mark", "at": 905, "data": {"mark": "csf_outflow"}},
        {"kind": "mark", "at": 1000, "data": {"mark": "patient_stop"}},
        {
            "kind": "amend",
            "at": 3000,
            "data": {"of": done, "set": {"injected_ml": 4.5}, "reason": "read off the syringe"},
        },
        {"kind": "review", "at": 3100, "data": {"of": entry(session, "value", "weight_kg")} | typing},
    )
    stop = entry(session, "mark", "patient_stop")
    add(session, {"kind": "undo", "at": 1010, "data": {"of": stop, "reason": "touched by mistake"}})
    return session


def cervical(session: str = "20260202-cervical") -> str:
    """A record of the other protocol, marked as a whole: ultrasound alone, without a reason."""
    happened = [
        mark(0, "scan_started"),
        mark(60, "skin_puncture", target="facet joint", level="C4-C5", side="left"),
        mark(120, "injectate_started"),
        mark(180, "injectate_completed", injectate_ml=0.5),
    ]
    return keep(
        happened,
        "2026-02-02T10:00:00Z",
        session,
        protocol=CERVICAL.id,
        patient="P-700",
        values={"guidance": "ultrasound alone", "injectate": "saline"},
    )


def rows() -> list[Row]:
    """Every row of the index, the oldest first."""
    return sorted(index.index().rows(), key=lambda row: row.opened_at)


def table(text: str) -> list[dict[str, str]]:
    """A CSV's rows by column."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def stored(folder: Path) -> dict[str, Any]:
    """Everything in a data folder: session → (head, entries)."""
    store = Store(folder)
    return {session: (store.load(session).head, store.load(session).events) for session in store.sessions()}

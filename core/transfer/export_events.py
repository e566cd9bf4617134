"""Records as event logs for process mining: CSV, one row an entry, and XES (IEEE 1849-2016), one trace a procedure."""

from collections.abc import Callable, Iterator
from typing import Any, TextIO
from xml.sax.saxutils import quoteattr

from core import site
from core.engine.session import Session
from core.facts import event_log
from core.facts.event_log import LoggedEvent
from core.records import sessions as records
from core.records.row import Row
from core.store import Store, StoreError
from core.transfer.export_csv import write_rows
from core.transfer.progress import Progress, counted
from core.transfer.signs import legible

Cell = str | int | bool
# Column → what it is, and its content; the first ones as miners ask for them.
COLUMNS: dict[str, tuple[str, Callable[[LoggedEvent], Cell]]] = {
    "case_id": ("the record: one procedure", lambda event: event.case),
    "activity": ("what was tapped, in the protocol's words", lambda event: event.activity),
    "activity_id": ("its id in the protocol, else the kind of the entry", lambda event: event.activity_id),
    "timestamp": ("when it happened, as it counts now", lambda event: moment(event.at)),
    "lifecycle": ("always complete: a tap is a moment", lambda event: event.lifecycle),
    "resource": ("the initials of who tapped", lambda event: event.resource),
    "role": ("what they were then: recorder, operator (of this procedure), other", lambda event: event.role),
    "device": ("the tablet", lambda event: event.device),
    "event_id": ("the entry", lambda event: event.event),
    "kind": ("opened, mark, check, value, …, or a correction: undo, amend, detail, review", lambda event: event.kind),
    "content": ("its values, in words", lambda event: event.content),
    "first_content": ("its values as first recorded", lambda event: event.first_content),
    "group": ("what the protocol counts by: the interspace", lambda event: event.group),
    "corrects": ("the entry that it corrects, acknowledges or answers", lambda event: event.of),
    "reason": ("why, where one was asked for", lambda event: event.reason),
    "counts": ("true unless it was taken back, or counts once with another", lambda event: event.counts),
    "taken_back": ("true where it was undone", lambda event: event.taken_back),
    "amended": ("true where it was amended: the values are those that count now", lambda event: event.corrected),
    "same_as": ("the entry with which it counts once", lambda event: event.same_as),
    "late": ("true where it was entered later than it happened", lambda event: event.late),
    "first_recorded": ("when it happened, as first recorded", lambda event: moment(event.recorded_at)),
    "tapped": ("when the finger landed", lambda event: moment(event.tapped)),
    "received": (
        "when the server had it",
        lambda event: "" if event.received is None else moment(event.received),
    ),
}
CASE: dict[str, tuple[str, Callable[[Session], Cell]]] = {
    "patient": ("the patient's code", lambda session: session.patient),
    "dose": ("the number of the dose", lambda session: "" if session.dose is None else session.dose),
    "protocol": ("the protocol's id", lambda session: session.protocol.id),
    "protocol_version": ("its version", lambda session: session.protocol.version),
    "protocol_hash": ("of its text", lambda session: str(session.opened.get("hash") or "")),
    "drill": ("true: an invented patient, no procedure", lambda session: session.drill),
}
DICTIONARY = ("column", "meaning", "in XES")
XES = {
    "case_id": "concept:name",
    "activity": "concept:name",
    "timestamp": "time:timestamp",
    "lifecycle": "lifecycle:transition",
    "resource": "org:resource",
    "role": "org:role",
    "event_id": "concept:instance",
}
DATES = ("timestamp", "first_recorded", "tapped", "received")
XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/>\
<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>\
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" scope="event" keys="concept:name"/>
<string key="concept:name" value="Interspace"/>
<string key="lifecycle:model" value="standard"/>
"""


def moment(ms: int) -> str:
    """UTC ms as the site's clocks show it: 2026-01-31T10:04:30.125+01:00."""
    return site.local(ms).isoformat(timespec="milliseconds")


def write_csv(store: Store, rows: list[Row], out: TextIO) -> Iterator[Progress]:
    """Writes a row an entry; a record that cannot be read is left out and told."""
    write_rows(out, [*COLUMNS, *CASE], [])
    for progress, session in _sessions(store, rows):
        if session is not None:
            case = _cells(CASE, session)
            cells = ([*_cells(COLUMNS, event).values(), *case.values()] for event in event_log.events(session))
            write_rows(out, [], ([_csv(cell) for cell in row] for row in cells))
        yield progress


def write_xes(store: Store, rows: list[Row], out: TextIO) -> Iterator[Progress]:
    """Writes a trace a procedure; a record that cannot be read is left out and told."""
    out.write(XES_HEAD)
    for progress, session in _sessions(store, rows):
        if session is not None:
            out.write("<trace>" + _attribute("concept:name", session.id))
            out.write("".join(_attribute(key, cell) for key, cell in _cells(CASE, session).items()) + "\n")
            for event in event_log.events(session):
                cells = {key: cell for key, cell in _cells(COLUMNS, event).items() if cell != "" and key != "case_id"}
                out.write(f"<event>{''.join(_attribute(key, cell) for key, cell in cells.items())}</event>\n")
            out.write("</trace>\n")
        yield progress
    out.write("</log>\n")


def write_dictionary(store: Store, rows: list[Row], out: TextIO) -> None:
    """Writes what each column means, and what XES calls it."""
    abouts = {name: about for name, (about, _) in [*COLUMNS.items(), *CASE.items()]}
    write_rows(out, DICTIONARY, ((name, about, XES.get(name, name)) for name, about in abouts.items()))


def _sessions(store: Store, rows: list[Row]) -> Iterator[tuple[Progress, Session | None]]:
    for progress, row in counted(rows):
        try:
            yield progress, records.read(store, row.session)
        except StoreError as error:
            yield progress._replace(problem=str(error)), None


def _cells(columns: dict[str, tuple[str, Callable[[Any], Cell]]], source: Any) -> dict[str, Cell]:
    """The cells by column, without the signs that no XML file and no table can hold."""
    cells = {name: cell(source) for name, (_, cell) in columns.items()}
    return {name: legible(cell) if isinstance(cell, str) else cell for name, cell in cells.items()}


def _csv(cell: Cell) -> Cell:
    return str(cell).lower() if isinstance(cell, bool) else cell


def _attribute(column: str, cell: Cell) -> str:
    """One attribute of XES, of the type of its content."""
    kinds = {bool: "boolean", int: "int"}
    type_ = "date" if column in DATES else kinds.get(type(cell), "string")
    return f"<{type_} key={quoteattr(XES.get(column, column))} value={quoteattr(str(_csv(cell)))}/>"

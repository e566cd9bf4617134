"""Scenario tables that a clinician can read and dispute, played row by row through the real engine.

    time  | tap                 | insertions | puncture | prompt
    00:00 | start scan          | 0          |          |
    06:00 | skin puncture L2-L3 | 1          | 00:00    |

After every row each column is compared: a count, a clock as it stands (empty: not running and never ended), the prompts
and reviews that this row adds ("gone: …" for one that it takes away; empty: none). `time` is mm:ss or h:mm:ss.
A tap is a mark in the protocol's words or by its id, with what it carries; what stands in brackets is for the reader.
Also: "undo of 12:00", "Weight 60" (any value by its label), "check legs", "complication headache", "note …"; and at
the end ", at 08:00" (late entry) or ", on tablet-2". Tables are of the lumbar protocol unless `play` is given another.
"""

import json
import re
from collections import Counter
from itertools import zip_longest
from typing import Any

from core.engine import scenario
from core.engine.session import Session, fold
from core.engine.summary import summary
from core.protocols.reader import shipped
from core.protocols.tables import Protocol

Json = dict[str, Any]
LUMBAR, LUMBAR_TEXT = shipped()["lumbar-nusinersen"]
CERVICAL, CERVICAL_TEXT = shipped()["cervical-fluoroscopy"]
HEAD: Json = {"protocol": LUMBAR.id, "patient": "P-001", "dose": 1, "operator": "AK"}
# Two failures at one interspace, and the needle in for the third time.
TWO_FAILURES = """
time  | tap                  | insertions | puncture | prompt            | to review
00:00 | start scan           | 0          |          |
06:00 | skin puncture L2-L3  | 1          | 00:00    |
07:00 | withdrawn            | 1          | 01:00    |
08:00 | skin puncture L2-L3  | 2          | 02:00    |
09:00 | withdrawn            | 2          | 03:00    |
10:00 | skin puncture L2-L3  | 3          | 04:00    |
"""

TAP = re.compile(r"(?P<what>.*?)(, at (?P<at>[\d:]+))?(, on (?P<on>\S+))?\s*")


def session_of(events: list[Json], **head: Any) -> Session:
    """The session that a scenario's events make."""
    read = scenario.parse(json.dumps(HEAD | head | {"events": events}))
    return fold(read.protocol, "table", read.events("table", 0))


def replayed(events: list[Json], **head: Any) -> Json:
    """The summary of a scenario's events."""
    return summary(session_of(events, **head))


def mark(seconds: float, mark_id: str, **carried: Any) -> Json:
    """One mark of a scenario at so many seconds."""
    return {"t": hms(seconds), "mark": mark_id, **carried}


def hms(seconds: float) -> str:
    whole = int(seconds)
    assert whole == seconds, "a scenario counts whole seconds"
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def prompts(figures: Json) -> list[tuple[str, str]]:
    """(kind, time) of every prompt of a summary."""
    return [(prompt["kind"], prompt["t"]) for prompt in figures["prompts"]]


def reviewed(figures: Json) -> list[str]:
    """The kinds of what a summary lists to review."""
    return [review["kind"] for review in figures["to_review"]]


def play(table: str, **head: Any) -> Session:
    """The session at the end of a table, every row compared on the way. AssertionError names the row that fails."""
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    assert header[:2] == ["time", "tap"], f"a table begins with time and tap, this one with {header[:2]}"
    assert rows, "a table has rows"
    events: list[Json] = []
    session = session_of(events, **head)
    p = session.protocol
    for cells in rows:
        assert len(cells) <= len(header), f"expected at most {len(header)} cells in {cells}"
        row = dict(zip_longest(header, cells, fillvalue=""))
        events.append(_event(p, row["time"], row["tap"], events))
        before, session = session, session_of(events, **head)
        for column in header[2:]:
            shown = _shown(column, _seconds(row["time"]), session, before)
            assert shown == row[column], f"{' | '.join(cells)}: {column} is {shown!r}, the table says {row[column]!r}"
    return session


def _event(p: Protocol, time: str, tap: str, earlier: list[Json]) -> Json:
    parts = TAP.fullmatch(re.sub(r"\(.*?\)", "", tap).strip())
    assert parts, f"cannot read the tap {tap!r}"
    event = {"t": hms(_seconds(time)), **_content(p, " ".join(parts["what"].split()), earlier)}
    if parts["at"]:
        event["at"] = hms(_seconds(parts["at"]))
    if parts["on"]:
        event["device"] = parts["on"]
    return event


def _content(p: Protocol, what: str, earlier: list[Json]) -> Json:
    if what.startswith("undo of "):
        moment = hms(_seconds(what.removeprefix("undo of ")))
        return {"undo": max(n for n, event in enumerate(earlier) if event["t"] == moment)}
    if what.startswith(("note ", "complication ", "check ")):
        kind, _, content = what.partition(" ")
        return {kind: content if kind == "note" else content.replace(" ", "_")}
    name = max((name for name in _names(p) if f"{what.lower()} ".startswith(f"{name} ")), key=len, default="")
    for key, value in p.value.items():
        if value.phase and what.startswith(f"{value.label} ") and len(value.label) > len(name):
            return {"value": key, "is": READ[value.type](what.removeprefix(value.label).strip())}
    assert name, f"no mark is called {what!r}"
    return {"mark": _names(p)[name], **_carried(p, _names(p)[name], what[len(name) :].strip())}


READ = {"number": float, "option": str, "text": str, "yesno": {"yes": True, "no": False}.__getitem__}


def _names(p: Protocol) -> dict[str, str]:
    """What a mark may be called in a table: its label, its short label, or its id in words."""
    names = {id_: (table.label, table.short, id_.replace("_", " ")) for id_, table in p.mark.items()}
    return {name.lower(): id_ for id_, called in names.items() for name in called if name}


def _carried(p: Protocol, mark_id: str, rest: str) -> Json:
    """What a mark carries: options by their id, a number with its unit, else a text."""
    carried: Json = {}
    keys = (*p.mark[mark_id].needs, *p.mark[mark_id].may)
    for key in sorted(keys, key=lambda key: p.value[key].type == "text"):
        value = p.value[key]
        matching = [option.id for option in p.options(key) if re.search(rf"(^| ){re.escape(option.id)}( |$)", rest)]
        option = matching[0] if matching else None
        number = re.search(rf"([\d.]+) {re.escape(value.unit)}\b", rest) if value.type == "number" else None
        if option:
            carried[key], rest = option, " ".join(rest.replace(option, "", 1).split())
        elif number:
            carried[key], rest = float(number[1]), rest.replace(number[0], "", 1).strip()
        elif value.type == "text" and rest and key in p.mark[mark_id].needs:
            carried[key], rest = rest, ""
    assert not rest, f"{mark_id} carries no {rest!r}"
    return carried


def _seconds(time: str) -> int:
    hours, minutes, seconds = map(int, time.split(":") if time.count(":") == 2 else ["0", *time.split(":")])
    return (hours * 60 + minutes) * 60 + seconds


def _shown(column: str, now_s: int, session: Session, before: Session) -> str:
    """What the screens would say after a row."""
    figures, was = summary(session), summary(before)
    if column == "prompt":
        return _change(figures["prompts"], was["prompts"])
    if column == "to review":
        return _change(figures["to_review"], was["to_review"])
    if column == "state":
        return session.protocol.state[session.walk.state].label
    if column in {clock.id for clock in session.protocol.clock}:
        reading = session.walk.clock(column)
        running = now_s - reading.running // 1000 if reading.running is not None else 0
        stands = reading.running is not None or reading.end is not None
        return _short(reading.closed // 1000 + running) if stands else ""
    return str(figures[column.replace(" ", "_")])


def _change(now: list[Json], before: list[Json]) -> str:
    kinds = Counter(item["kind"] for item in now), Counter(item["kind"] for item in before)
    gone, new = (kinds[1] - kinds[0]).elements(), (kinds[0] - kinds[1]).elements()
    return ", ".join([f"gone: {item}" for item in gone] + list(new)).replace("_", " ")


def _short(seconds: int) -> str:
    text = hms(seconds)
    return text.removeprefix("00:")

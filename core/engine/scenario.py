"""Scenario files: a procedure written down as JSON, read strictly, turned into the events of a session.

Bad input raises BadScenario with one sentence: the place, what was expected, what was found.
"""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from core import protocols
from core.engine import opening
from core.engine.events import NAME_MAX, TEXT_MAX, Event
from core.engine.review import has_type
from core.engine.sentences import expected as expectation
from core.protocols.tables import Protocol

DEVICE = "scenario"
CLOCK = re.compile(r"([0-9]{2,5}):([0-5][0-9]):([0-5][0-9])")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
KINDS = ("mark", "check", "value", "complication", "note", "undo")
OPENING = ("patient", "dose", "operator", "recorder", "drill")
COMMON = ("t", "at", "reason", "device", "by")


class BadScenario(Exception):
    """Why a scenario cannot be read."""


class Scenario(msgspec.Struct, frozen=True):
    """A scenario's head and its entries; `start` is UTC ms or None."""

    protocol: Protocol
    text: str
    opened: dict[str, Any]
    start: int | None
    entries: list[Event]

    @property
    def length(self) -> int:
        """From the first moment to the last entry, in ms."""
        return max((event.tapped for event in self.entries), default=0)

    def events(self, session: str, start: int) -> list[Event]:
        """The session's events with zero at `start` (UTC ms)."""
        return [
            msgspec.structs.replace(
                one, session=session, at=one.at + start, tapped=one.tapped + start, received=one.tapped + start
            )
            for one in self.entries
        ]


def read(path: Path) -> Scenario:
    """The scenario in a file. Raises BadScenario."""
    if path.exists() and not path.is_file() and not path.is_dir():
        raise BadScenario(f"{path.name}: expected a file, found a pipe or device")
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise BadScenario(f"{path.name}: expected a readable file, found: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadScenario(f"{path.name}: expected UTF-8 text, found byte {error.start} unreadable") from None
    try:
        return parse(text)
    except BadScenario as error:
        raise BadScenario(f"{path.name}: {error}") from None


def parse(text: str) -> Scenario:
    """The scenario in a text. Raises BadScenario."""
    raw = _json(text)
    if not isinstance(raw, dict):
        bad("the file", "an object", raw)
    needed, optional = ("protocol", "patient", "dose", "events"), ("operator", "recorder", "drill", "start", "values")
    for key in needed:
        if key not in raw:
            raise BadScenario(f"{key}: expected it, found no such key")
    for key in raw:
        if key not in needed + optional:
            bad("the file", f"only the keys {', '.join(needed + optional)}", key)
    if not isinstance(raw["protocol"], str) or raw["protocol"] not in protocols.shipped():
        bad("protocol", f"one of {', '.join(protocols.shipped())}", raw["protocol"])
    p, source = protocols.shipped()[raw["protocol"]]
    opened = _opened(raw) | {"protocol": p.id, "version": p.version, "hash": protocols.text_hash(source)}
    entries = _values(p, raw.get("values", {}))
    entries.insert(0, _entry("opened", 0, 0, opened, by=opened["recorder"]))
    entries += _events(p, raw["events"], len(entries), opened["recorder"])
    return Scenario(p, source, opened, _start(raw), entries)


def bad(place: str, expected: str, found: Any) -> NoReturn:
    """Raises the one sentence that a bad scenario gets."""
    raise BadScenario(f"{place}: expected {expected}, found {json.dumps(found, default=str)[:80]}")


def _json(text: str) -> Any:
    def constant(name: str) -> None:
        bad("the file", "a number", name)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key, one in pairs:
            if key in content:
                bad("the file", "every key once", key)
            content[key] = one
        return content

    try:
        return json.loads(text, parse_constant=constant, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise BadScenario(f"line {error.lineno}, column {error.colno}: expected JSON, found: {error.msg}") from None
    except RecursionError:
        raise BadScenario("the file: expected a scenario, found JSON nested too deep to read") from None
    except ValueError as error:  # a whole number with thousands of digits
        raise BadScenario(f"the file: expected numbers of a readable size, found: {error}") from None


def _opened(raw: dict[str, Any]) -> dict[str, Any]:
    opened = {"operator": "", "recorder": "", "drill": False} | {key: raw[key] for key in OPENING if key in raw}
    for key in ("operator", "recorder"):
        if opened[key] is None:
            bad(key, "a text, or no such key", None)
    for fault in opening.faults(opened, opened["drill"] is True):
        bad(fault.key, fault.expected, opened[fault.key])
    return opened


def _start(raw: dict[str, Any]) -> int | None:
    if "start" not in raw:
        return None
    try:
        moment = datetime.fromisoformat(raw["start"])
    except (TypeError, ValueError):
        moment = datetime.min
    if moment.utcoffset() != timedelta(0) or moment.year < 1970:
        bad("start", "a UTC moment like 2026-01-31T09:00:00Z", raw["start"])
    return round(moment.timestamp() * 1000)


def _values(p: Protocol, raw: Any) -> list[Event]:
    if not isinstance(raw, dict):
        bad("values", "an object of values by id", raw)
    entries = []
    for n, (key, found) in enumerate(raw.items(), 1):
        content = _known(p, f"values.{key}", key, found)
        entries.append(_entry("value", 0, n, {"value": key, "is": content}))
    return entries


def _events(p: Protocol, raw: Any, first: int, recorder: str) -> list[Event]:
    if not isinstance(raw, list):
        bad("events", "a list", raw)
    entries: list[Event] = []
    last = 0
    for n, one in enumerate(raw):
        place = f"events[{n}]"
        if not isinstance(one, dict):
            bad(place, "an object", one)
        kinds = [key for key in KINDS if key in one]
        if len(kinds) != 1:
            bad(place, f"exactly one of {', '.join(KINDS)}", kinds or list(one))
        if "t" not in one:
            raise BadScenario(f"{place}: expected t, found no such key")
        t = _clock(f"{place}.t", one["t"])
        if t < last:
            bad(f"{place}.t", "a time not before the entry above", one["t"])
        at = _clock(f"{place}.at", one["at"]) if "at" in one else t
        if at > t:
            bad(f"{place}.at", f"a time not after t ({one['t']})", one["at"])
        data = READERS[kinds[0]](p, place, one, entries)
        if "reason" in one:
            data["reason"] = _text(f"{place}.reason", one["reason"], TEXT_MAX)
        device = one.get("device", DEVICE)
        if not isinstance(device, str) or not CODE.fullmatch(device):
            bad(f"{place}.device", "a code of 1 to 64 letters, digits, '.', '_' or '-'", device)
        by = _text(f"{place}.by", one["by"], NAME_MAX, lines=False) if "by" in one else recorder
        entries.append(_entry(kinds[0], t, first + n, data, at=at, device=device, by=by))
        last = t
    return entries


def _mark(p: Protocol, place: str, one: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    mark = _id(f"{place}.mark", one["mark"], p.mark)
    table = p.mark[mark]
    for key, found in one.items():
        if key not in (*COMMON, "mark", *table.needs, *table.may):
            _guard(p, f"{place}.{key}", found)
    _only(place, one, ("mark", *table.needs, *table.may))
    for key in table.needs:
        if key not in one:
            raise BadScenario(f"{place}.{key}: expected {expectation(p, key)}, found no such key")
    carried = {key: _known(p, f"{place}.{key}", key, one[key]) for key in (*table.needs, *table.may) if key in one}
    return {"mark": mark, **carried}


def _check(p: Protocol, place: str, one: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    _only(place, one, ("check",))
    return {"check": _id(f"{place}.check", one["check"], p.check)}


def _value(p: Protocol, place: str, one: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    _only(place, one, ("value", "is"))
    key = _id(f"{place}.value", one["value"], p.value)
    if "is" not in one:
        raise BadScenario(f"{place}.is: expected {expectation(p, key)}, found no such key")
    return {"value": key, "is": _known(p, f"{place}.is", key, one["is"])}


def _complication(p: Protocol, place: str, one: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    _only(place, one, ("complication", "text"))
    data = {"complication": _id(f"{place}.complication", one["complication"], p.complication)}
    return data | ({"text": _text(f"{place}.text", one["text"], TEXT_MAX)} if "text" in one else {})


def _note(p: Protocol, place: str, one: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    _only(place, one, ("note",))
    return {"text": _text(f"{place}.note", one["note"], TEXT_MAX)}


def _undo(p: Protocol, place: str, one: dict[str, Any], before: list[Event]) -> dict[str, Any]:
    _only(place, one, ("undo",))
    index = one["undo"]
    if type(index) is not int or not 0 <= index < len(before):
        bad(f"{place}.undo", "the index of an earlier entry, from 0", index)
    return {"of": before[index].id}


READERS: dict[str, Callable[[Protocol, str, dict[str, Any], list[Event]], dict[str, Any]]] = {
    "mark": _mark,
    "check": _check,
    "value": _value,
    "complication": _complication,
    "note": _note,
    "undo": _undo,
}


def _guard(p: Protocol, place: str, found: Any) -> None:
    """A level of another region is refused by a sentence that names the protocol for it."""
    level = found.replace("–", "-") if isinstance(found, str) else None
    why = protocols.guard(p, level)
    if why:
        raise BadScenario(f"{place}: {why}")


def _only(place: str, one: dict[str, Any], keys: tuple[str, ...]) -> None:
    for key in one:
        if key not in COMMON + keys:
            bad(place, f"only the keys {', '.join(dict.fromkeys(COMMON + keys))}", key)


def _id(place: str, found: Any, tables: dict[str, Any]) -> str:
    if not isinstance(found, str) or found not in tables:
        bad(place, f"one of {', '.join(tables)}", found)
    return str(found)


def _known(p: Protocol, place: str, key: str, found: Any) -> Any:
    """A value of the right type; an en dash in an option is the hyphen of its id. A range is left to the review."""
    _id(place, key, p.value)
    if p.value[key].type == "option" and isinstance(found, str):
        found = found.replace("–", "-")
        if found not in [option.id for option in p.options(key)]:
            _guard(p, place, found)
            bad(place, expectation(p, key), found)
    if not has_type(p, key, found) or (isinstance(found, int | float) and abs(found) > 1e15):
        bad(place, expectation(p, key), found)
    return _text(place, found, TEXT_MAX) if isinstance(found, str) else found


def _text(place: str, found: Any, most: int, lines: bool = True) -> str:
    """Text without control characters (a note may have line breaks)."""
    clean = isinstance(found, str) and all(
        unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") or (lines and c in "\n\t") for c in found
    )
    if not clean or not 1 <= len(found) <= most:
        bad(place, f"text of 1 to {most} characters without control characters", found)
    return str(found)


def _clock(place: str, found: Any) -> int:
    match = CLOCK.fullmatch(found) if isinstance(found, str) else None
    if not match:
        bad(place, "a time hh:mm:ss", found)
    hours, minutes, seconds = map(int, match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def _entry(
    kind: str, t: int, seq: int, data: dict[str, Any], at: int | None = None, device: str = DEVICE, by: str = ""
) -> Event:
    return Event(
        id=f"scenario-{seq:05}",
        session="scenario",
        kind=kind,  # type: ignore[arg-type]
        at=t if at is None else at,
        tapped=t,
        device=device,
        seq=seq,
        by=by,
        data=data,
    )

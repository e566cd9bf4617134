"""Scenario files: a procedure written down as JSON, read strictly, turned into the events of a session.

Bad input raises BadScenario with one sentence: the place, what was expected, what was found.
"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from core import protocols
from core.engine import opening, scenario_entries
from core.engine.events import Event
from core.engine.scenario_fields import BadScenario, bad
from core.protocols.tables import Protocol

OPENING = ("patient", "dose", "operator", "recorder", "drill")

__all__ = ["BadScenario", "Scenario", "bad", "parse", "read"]


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
                event, session=session, at=event.at + start, tapped=event.tapped + start, received=event.tapped + start
            )
            for event in self.entries
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
    entries = scenario_entries.values(p, raw.get("values", {}))
    entries.insert(0, scenario_entries.entry("opened", 0, 0, opened, by=opened["recorder"]))
    entries += scenario_entries.events(p, raw["events"], len(entries), opened["recorder"])
    return Scenario(p, source, opened, _start(raw), entries)


def _json(text: str) -> Any:
    def constant(name: str) -> None:
        bad("the file", "a number", name)

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, content in pairs:
            if key in members:
                bad("the file", "every key once", key)
            members[key] = content
        return members

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

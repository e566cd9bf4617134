"""Entries of a scenario file: its values and its events, turned into the events of a session."""

import re
from collections.abc import Callable
from typing import Any

from core.engine.events import NAME_MAX, TEXT_MAX, Event
from core.engine.scenario_fields import (
    COMMON,
    BadScenario,
    bad,
    clock,
    identifier,
    known_value,
    only_keys,
    refuse_other_region,
    text,
)
from core.engine.sentences import expected as expectation
from core.protocols.tables import Protocol

DEVICE = "scenario"
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
KINDS = ("mark", "check", "value", "complication", "note", "undo")


def values(p: Protocol, raw: Any) -> list[Event]:
    """The entries of the values that stand from the beginning. Raises BadScenario."""
    if not isinstance(raw, dict):
        bad("values", "an object of values by id", raw)
    entries = []
    for n, (key, raw_value) in enumerate(raw.items(), 1):
        content = known_value(p, f"values.{key}", key, raw_value)
        entries.append(entry("value", 0, n, {"value": key, "is": content}))
    return entries


def events(p: Protocol, raw: Any, first: int, recorder: str) -> list[Event]:
    """The entries in order; `first`: the number of the first. Raises BadScenario."""
    if not isinstance(raw, list):
        bad("events", "a list", raw)
    entries: list[Event] = []
    last = 0
    for n, raw_entry in enumerate(raw):
        place = f"events[{n}]"
        if not isinstance(raw_entry, dict):
            bad(place, "an object", raw_entry)
        kinds = [key for key in KINDS if key in raw_entry]
        if len(kinds) != 1:
            bad(place, f"exactly one of {', '.join(KINDS)}", kinds or list(raw_entry))
        if "t" not in raw_entry:
            raise BadScenario(f"{place}: expected t, found no such key")
        t = clock(f"{place}.t", raw_entry["t"])
        if t < last:
            bad(f"{place}.t", "a time not before the entry above", raw_entry["t"])
        at = clock(f"{place}.at", raw_entry["at"]) if "at" in raw_entry else t
        if at > t:
            bad(f"{place}.at", f"a time not after t ({raw_entry['t']})", raw_entry["at"])
        data = READERS[kinds[0]](p, place, raw_entry, entries)
        if "reason" in raw_entry:
            data["reason"] = text(f"{place}.reason", raw_entry["reason"], TEXT_MAX)
        device = raw_entry.get("device", DEVICE)
        if not isinstance(device, str) or not CODE.fullmatch(device):
            bad(f"{place}.device", "a code of 1 to 64 letters, digits, '.', '_' or '-'", device)
        by = text(f"{place}.by", raw_entry["by"], NAME_MAX, lines=False) if "by" in raw_entry else recorder
        entries.append(entry(kinds[0], t, first + n, data, at=at, device=device, by=by))
        last = t
    return entries


def _mark(p: Protocol, place: str, raw_entry: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    mark = identifier(f"{place}.mark", raw_entry["mark"], p.mark)
    table = p.mark[mark]
    for key, content in raw_entry.items():
        if key not in (*COMMON, "mark", *table.needs, *table.may):
            refuse_other_region(p, f"{place}.{key}", content)
    only_keys(place, raw_entry, ("mark", *table.needs, *table.may))
    for key in table.needs:
        if key not in raw_entry:
            raise BadScenario(f"{place}.{key}: expected {expectation(p, key)}, found no such key")
    carried = {
        key: known_value(p, f"{place}.{key}", key, raw_entry[key])
        for key in (*table.needs, *table.may)
        if key in raw_entry
    }
    return {"mark": mark, **carried}


def _check(p: Protocol, place: str, raw_entry: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    only_keys(place, raw_entry, ("check",))
    return {"check": identifier(f"{place}.check", raw_entry["check"], p.check)}


def _value(p: Protocol, place: str, raw_entry: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    only_keys(place, raw_entry, ("value", "is"))
    key = identifier(f"{place}.value", raw_entry["value"], p.value)
    if "is" not in raw_entry:
        raise BadScenario(f"{place}.is: expected {expectation(p, key)}, found no such key")
    return {"value": key, "is": known_value(p, f"{place}.is", key, raw_entry["is"])}


def _complication(p: Protocol, place: str, raw_entry: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    only_keys(place, raw_entry, ("complication", "text"))
    data = {"complication": identifier(f"{place}.complication", raw_entry["complication"], p.complication)}
    return data | ({"text": text(f"{place}.text", raw_entry["text"], TEXT_MAX)} if "text" in raw_entry else {})


def _note(p: Protocol, place: str, raw_entry: dict[str, Any], _: list[Event]) -> dict[str, Any]:
    only_keys(place, raw_entry, ("note",))
    return {"text": text(f"{place}.note", raw_entry["note"], TEXT_MAX)}


def _undo(p: Protocol, place: str, raw_entry: dict[str, Any], before: list[Event]) -> dict[str, Any]:
    only_keys(place, raw_entry, ("undo",))
    index = raw_entry["undo"]
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


def entry(
    kind: str, t: int, seq: int, data: dict[str, Any], at: int | None = None, device: str = DEVICE, by: str = ""
) -> Event:
    """One entry with zero at the beginning of the scenario; `t` and `at` in ms."""
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

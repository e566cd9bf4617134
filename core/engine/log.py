"""A session's events as one settled log: in order, undone ones marked, corrections laid over, double taps paired.

Total and order-free: any set of events, arriving in any order and any number of times, settles to the same log.
Twin of pages/board/rules/log.js.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from core.engine.events import Event

# Entries that others can correct; what they are (`mark`, `check`, …) is not for correcting, only undo is.
CORRECTABLE = ("opened", "mark", "check", "value", "complication", "note")
FIXED = ("mark", "check", "value", "complication", "of", "prompt", "protocol", "version", "hash", "drill", "drill_id")


class Entry(msgspec.Struct, frozen=True):
    """One event as it counts now: `at` and `data` with later details and amendments laid over."""

    event: Event
    at: int
    data: dict[str, Any]
    undone: bool
    amended: bool
    double_of: str | None  # the entry of the same mark, tapped elsewhere just before: the two count once

    @property
    def counts(self) -> bool:
        return not self.undone and self.double_of is None

    @property
    def late(self) -> bool:
        return self.at < self.event.tapped


def by_tap(event: Event) -> tuple[int, int, str, str]:
    """The order in which entries were made."""
    return event.tapped, event.seq, event.device, event.id


def settle(events: Iterable[Event], two_devices_ms: float) -> list[Entry]:
    """The log, ordered by when things happened.

    The same mark from two devices within `two_devices_ms` is one: the later is `double_of` the earlier. A review may
    say that it is another ("separate"), or that any mark is the same as the one of its kind before it ("same").
    """
    in_tap_order = sorted({event.id: event for event in events}.values(), key=by_tap)
    undone = _undone(in_tap_order)
    over = _overlays(in_tap_order, undone)
    entries = [_entry(event, event.id in undone, over.get(event.id, [])) for event in in_tap_order]
    entries.sort(key=lambda entry: (entry.at, entry.event.seq, entry.event.device, entry.event.id))
    return _paired(entries, two_devices_ms, _verdicts(in_tap_order, undone))


def _undone(in_tap_order: list[Event]) -> set[str]:
    """Ids that an undo takes back, the last undo first: what it undoes may itself be an undo."""
    undone: set[str] = set()
    for event in reversed(in_tap_order):
        if event.kind == "undo" and event.id not in undone:
            target = event.data.get("of")
            if isinstance(target, str):
                undone.add(target)
    return undone - {event.id for event in in_tap_order if event.kind == "opened"}


def _overlays(in_tap_order: list[Event], undone: set[str]) -> dict[str, list[Event]]:
    over: dict[str, list[Event]] = {}
    for event in in_tap_order:
        target = event.data.get("of")
        if event.kind in ("detail", "amend") and event.id not in undone and isinstance(target, str):
            over.setdefault(target, []).append(event)
    return over


def _verdicts(in_tap_order: list[Event], undone: set[str]) -> dict[object, object]:
    """Entry → the verdict of its last review: "same", "separate", or none."""
    reviews = (event for event in in_tap_order if event.kind == "review" and event.id not in undone)
    return {event.data.get("of"): event.data.get("verdict") for event in reviews if "verdict" in event.data}


def _entry(event: Event, undone: bool, over: list[Event]) -> Entry:
    at, data, amended = event.at, dict(event.data), False
    for correction in over if event.kind in CORRECTABLE else []:
        new = correction.data.get("set")
        if not isinstance(new, dict):
            continue
        moment = new.get("at")
        if isinstance(moment, int | float) and not isinstance(moment, bool) and moment >= 0 and moment % 1 == 0:
            at = int(moment)  # 5.0 is 5, as it is on the board
        data |= {key: value for key, value in new.items() if key != "at" and key not in FIXED}
        amended = amended or correction.kind == "amend"
    return Entry(event, at, data, undone, amended, None)


def _paired(entries: list[Entry], within_ms: float, verdicts: dict[object, object]) -> list[Entry]:
    last: dict[str, tuple[Entry, set[str]]] = {}  # mark → the last entry that counts, and the devices that recorded it
    settled = []
    for entry in entries:
        mark = entry.data.get("mark")
        if entry.event.kind == "mark" and not entry.undone and isinstance(mark, str):
            device = entry.event.device
            counted, devices = last.get(mark, (entry, set()))
            verdict = verdicts.get(entry.event.id)
            twice = device not in devices and entry.at - counted.at <= within_ms and verdict != "separate"
            if devices and (twice or verdict == "same"):
                devices.add(device)
                entry = msgspec.structs.replace(entry, double_of=counted.event.id)
            else:
                last[mark] = (entry, {device})
        settled.append(entry)
    return settled

"""What a record lists to review: entries that contradict the protocol or each other. Kept whole, never refused.

The board's twin is pages/board/rules/review.js.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from core.engine.log import Line
from core.protocols.tables import Expect, Protocol

HOUR_MS = 3600 * 1000


class Item(msgspec.Struct):
    """One thing to review. `kind` names a sentence of the protocol's [review]; `key` and `found` fill it."""

    kind: str
    at: int
    event: str
    key: str | None = None
    found: Any = None
    state: str | None = None
    review: str | None = None  # the entry by which somebody looked at it: it waits no more


def listed(p: Protocol, lines: Sequence[Line], astray: Mapping[str, str]) -> list[Item]:
    """The items of a settled log in order, reviewed ones too. `astray`: event → the state that did not expect it."""
    known = {line.event.id for line in lines}
    recorders = [line for line in lines if line.event.kind in ("opened", "takeover") and line.counts]
    more = [*_unproven(p, lines), *_unexplained(p, lines)]
    items: list[Item] = []
    for line in lines:
        if not line.undone:
            items += _items(p, line, astray, known, recorders)
        items += [item for item in more if item.event == line.event.id]
    looked = {_place(line.data): line.event.id for line in lines if line.event.kind == "review" and line.counts}
    for item in items:
        item.review = looked.get((item.event, item.kind, item.key))
    return items


def _place(review: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """Which item a review speaks of: its entry, its kind and its key."""
    return review.get("of"), review.get("kind"), review.get("key")


def _unproven(p: Protocol, lines: Sequence[Line]) -> Iterator[Item]:
    """Evidence that did not stand before its mark: missing there, and too late wherever it comes afterwards."""
    live = [line for line in lines if line.counts]
    for expect in p.expect:
        due = next((n for n, line in enumerate(live) if _is(line, "mark", expect.before)), None)
        if due is None or _proven(expect, live[:due]):
            continue
        yield Item("missing_evidence", live[due].at, live[due].event.id, expect.id)
        yield from (Item("too_late", one.at, one.event.id, expect.id) for one in live[due:] if _proves(expect, one))


def unmet(p: Protocol, lines: Sequence[Line], mark: str) -> list[Expect]:
    """What `mark` expects and what does not stand yet: told before it is tapped, not only afterwards."""
    live = [line for line in lines if line.counts]
    return [expect for expect in p.expect if expect.before == mark and not _proven(expect, live)]


def _proven(expect: Expect, live: Sequence[Line]) -> bool:
    """Whether entries that count show what was expected, or nothing was."""
    if expect.given and not any(_is(line, "mark", mark) for line in live for mark in expect.given):
        return True
    since = max((n for n, line in enumerate(live) if any(_is(line, "mark", mark) for mark in expect.anew)), default=0)
    return any(_proves(expect, line) for line in live[since:])


def _proves(expect: Expect, line: Line) -> bool:
    if expect.value is not None:
        carried = line.data.get("is") if _is(line, "value", expect.value) else line.data.get(expect.value)
        return line.event.kind in ("value", "mark") and carried not in (None, "")
    return _is(line, "mark", expect.mark) if expect.mark else _is(line, "check", expect.check)


def _is(line: Line, kind: str, named: str | None) -> bool:
    return line.event.kind == kind and line.data.get(kind) == named


def _unexplained(p: Protocol, lines: Sequence[Line]) -> Iterator[Item]:
    """A choice that marks the record and lacks its reason."""
    last = {line.data.get("value"): line for line in lines if line.event.kind == "value" and line.counts}
    for flag in p.flag:
        line, reason = last.get(flag.value), last.get(flag.needs)
        given = reason is not None and reason.data.get("is") not in (None, "")
        if line is not None and line.data.get("is") == flag.is_ and flag.needs and not given:
            yield Item("missing", line.at, line.event.id, flag.needs)


def _items(
    p: Protocol, line: Line, astray: Mapping[str, str], known: set[str], recorders: list[Line]
) -> Iterator[Item]:
    event, data = line.event, line.data

    def item(kind: str, key: str | None = None, found: Any = None, state: str | None = None) -> Item:
        return Item(kind, line.at, event.id, key, found, state)

    if line.double_of:
        yield item("double")
    elif event.id in astray:
        yield item("out_of_order", state=astray[event.id])
    if event.kind in ("undo", "detail", "amend", "review") and data.get("of") not in known:
        yield item("no_target")
    for kind, key, found in _misfits(p, line):
        yield item(kind, key, found)
    if _handed_over(line, recorders):
        yield item("former_recorder")
    if event.received is not None and event.received - event.tapped > p.recording.late_h * HOUR_MS:
        yield item("arrived_late")
    if event.received is not None and event.tapped - event.received > p.recording.ahead_s * 1000:
        yield item("clock_ahead")


def _misfits(p: Protocol, line: Line) -> Iterator[tuple[str, str | None, Any]]:
    """(kind, key, found) for each value that the protocol does not know, offer or allow."""
    kind, data = line.event.kind, line.data
    if kind == "mark":
        mark = data.get("mark")
        if mark not in p.mark:
            yield "unknown", None, None
            return
        yield from (("missing", key, None) for key in p.mark[mark].needs if data.get(key) in (None, ""))
        carried = [key for key in sorted(data) if key != "mark" and data[key] is not None]
        yield from (found for key in carried for found in _misfit(p, key, data[key]))
        for fit in p.fit:
            chosen = data.get(fit.with_)
            fits = fit.allowed.get(chosen) if isinstance(chosen, str) else None
            if fits is not None and isinstance(data.get(fit.key), str) and data[fit.key] not in fits:
                yield "does_not_fit", fit.key, data[fit.key]
    elif kind == "value" and (data.get("is") is not None or data.get("value") not in p.value):  # None takes it back
        yield from _misfit(p, data.get("value"), data.get("is"))
    elif kind == "complication":
        if data.get("complication") not in p.complication:
            yield "unknown", None, None
        described = [key for key in sorted(data) if key in p.describe and data[key] is not None]
        yield from (found for key in described for found in _misfit(p, key, data[key]))
    elif kind == "check" and data.get("check") not in p.check:
        yield "unknown", None, None


def _misfit(p: Protocol, key: Any, found: Any) -> Iterator[tuple[str, str | None, Any]]:
    if key not in p.value:
        yield "unknown", key if isinstance(key, str) else None, None
    elif not has_type(p, key, found):
        yield "wrong_type", key, None if isinstance(found, dict) else found
    elif p.value[key].type == "option" and found not in (option.id for option in p.options(key)):
        yield "not_offered", key, found
    elif not in_range(p, key, found):
        yield "out_of_range", key, found


def has_type(p: Protocol, key: str, found: Any) -> bool:
    """Whether a value is of the kind that the protocol declares: number, whole number, moment, text, yes or no."""
    value = p.value[key]
    if value.type in ("number", "moment"):
        number = isinstance(found, int | float) and not isinstance(found, bool)
        whole = value.whole or value.type == "moment"
        return number and (not whole or found % 1 == 0) and (value.type == "number" or found >= 0)
    return isinstance(found, bool if value.type == "yesno" else str)


def in_range(p: Protocol, key: str, found: Any) -> bool:
    """Whether a number lies within what the protocol allows."""
    low, high = p.value[key].min, p.value[key].max
    return (low is None or found >= low) and (high is None or found <= high)


def _handed_over(line: Line, recorders: list[Line]) -> bool:
    """Entered on a tablet that recorded before another took over; one that never recorded had nothing to hand over.

    `recorders`: the opening and every take-over, in order.
    """
    event = line.event
    devices = [one.event.device for one in recorders if one.event.tapped <= event.tapped]
    return event.kind not in ("opened", "takeover") and event.device in devices and devices[-1] != event.device

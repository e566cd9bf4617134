"""Entries to review: those that contradict the protocol or each other. They are stored as they came, never refused.

Twin of pages/board/rules/review.js, pages/board/rules/evidence.js and pages/board/rules/misfits.js.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from core.engine.events import Event, is_number
from core.engine.log import Entry
from core.protocols.tables import Expect, Protocol

HOUR_MS = 3600 * 1000


class ReviewItem(msgspec.Struct):
    """One thing to review. `kind` names a sentence of the protocol's [review]; `key` and `found` fill it."""

    kind: str
    at: int
    event: str
    key: str | None = None
    found: Any = None
    state: str | None = None
    review: str | None = None  # the entry by which somebody looked at it: it waits no more


def listed(
    p: Protocol, entries: Sequence[Entry], astray: Mapping[str, str], inferred: Collection[str]
) -> list[ReviewItem]:
    """The items of a settled log in order, reviewed ones too. `astray`: event → the state that did not expect it;
    `inferred`: events that prove what nobody had recorded.
    """
    known = {entry.event.id for entry in entries}
    recorders = [entry for entry in entries if entry.event.kind in ("opened", "takeover") and entry.counts]
    more = [*_unproven(p, entries), *_unexplained(p, entries)]
    items: list[ReviewItem] = []
    for entry in entries:
        if not entry.undone:
            items += _items(p, entry, astray, inferred, known, recorders)
        items += [item for item in more if item.event == entry.event.id]
    looked = {_place(entry.data): entry.event.id for entry in entries if entry.event.kind == "review" and entry.counts}
    for item in items:
        item.review = looked.get((item.event, item.kind, item.key))
    return items


def _place(review: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    """Which item a review speaks of: its entry, its kind and its key."""
    return review.get("of"), review.get("kind"), review.get("key")


def _unproven(p: Protocol, entries: Sequence[Entry]) -> Iterator[ReviewItem]:
    """Evidence that was not recorded before the mark that needs it: missing at the mark, too late afterwards."""
    live = [entry for entry in entries if entry.counts]
    for expect in p.expect:
        due = next((n for n, entry in enumerate(live) if _is(entry, "mark", expect.before)), None)
        if due is None or _proven(expect, live[:due]):
            continue
        yield ReviewItem("missing_evidence", live[due].at, live[due].event.id, expect.id)
        yield from (
            ReviewItem("too_late", entry.at, entry.event.id, expect.id)
            for entry in live[due:]
            if _proves(expect, entry)
        )


def unmet(p: Protocol, entries: Sequence[Entry], mark: str) -> list[Expect]:
    """What `mark` expects and nobody recorded yet, so that the screen can say so before it is tapped."""
    live = [entry for entry in entries if entry.counts]
    return [expect for expect in p.expect if expect.before == mark and not _proven(expect, live)]


def _proven(expect: Expect, live: Sequence[Entry]) -> bool:
    """Whether the entries that count show what was expected, or nothing was expected."""
    if expect.given and not any(_is(entry, "mark", mark) for entry in live for mark in expect.given):
        return True
    since = max((n for n, entry in enumerate(live) if any(_is(entry, "mark", mark) for mark in expect.anew)), default=0)
    return any(_proves(expect, entry) for entry in live[since:])


def _proves(expect: Expect, entry: Entry) -> bool:
    if expect.value is not None:
        carried = entry.data.get("is") if _is(entry, "value", expect.value) else entry.data.get(expect.value)
        return entry.event.kind in ("value", "mark") and carried not in (None, "")
    return _is(entry, "mark", expect.mark) if expect.mark else _is(entry, "check", expect.check)


def _is(entry: Entry, kind: str, id_: str | None) -> bool:
    return entry.event.kind == kind and entry.data.get(kind) == id_


def _unexplained(p: Protocol, entries: Sequence[Entry]) -> Iterator[ReviewItem]:
    """A choice that marks the record and lacks its reason."""
    last = {entry.data.get("value"): entry for entry in entries if entry.event.kind == "value" and entry.counts}
    for flag in p.flag:
        entry, reason = last.get(flag.value), last.get(flag.needs)
        explained = reason is not None and reason.data.get("is") not in (None, "")
        if entry is not None and entry.data.get("is") == flag.is_ and flag.needs and not explained:
            yield ReviewItem("missing", entry.at, entry.event.id, flag.needs)


def _items(
    p: Protocol,
    entry: Entry,
    astray: Mapping[str, str],
    inferred: Collection[str],
    known: set[str],
    recorders: list[Entry],
) -> Iterator[ReviewItem]:
    event, data = entry.event, entry.data

    def item(kind: str, key: str | None = None, content: Any = None, state: str | None = None) -> ReviewItem:
        return ReviewItem(kind, entry.at, event.id, key, content, state)

    if entry.double_of:
        yield item("double")
    elif event.id in inferred:
        yield item("inferred")
    elif event.id in astray:
        yield item("out_of_order", state=astray[event.id])
    if event.kind in ("undo", "detail", "amend", "review") and data.get("of") not in known:
        yield item("no_target")
    for kind, key, content in _misfits(p, entry):
        yield item(kind, key, content)
    if _handed_over(entry, recorders):
        yield item("former_recorder")
    if event.received is not None and event.received - event.tapped > p.recording.late_h * HOUR_MS:
        yield item("arrived_late")
    if event.received is not None and event.tapped - event.received > p.recording.ahead_s * 1000:
        yield item("clock_ahead")
    if _to_come(event):
        yield item("to_come")


def _to_come(event: Event) -> bool:
    """Whether an entry, or a correction of one, says that something happened after it was entered."""
    changed = event.data.get("set")
    corrected = changed.get("at") if event.kind in ("detail", "amend") and isinstance(changed, dict) else None
    return event.at > event.tapped or (is_number(corrected) and corrected > event.tapped)


def _misfits(p: Protocol, entry: Entry) -> Iterator[tuple[str, str | None, Any]]:
    """(kind, key, found) for each value that the protocol does not know, offer or allow."""
    kind, data = entry.event.kind, entry.data
    if kind == "mark":
        mark = data.get("mark")
        if mark not in p.mark:
            yield "unknown", None, None
            return
        yield from (("missing", key, None) for key in p.mark[mark].needs if data.get(key) in (None, ""))
        carried = [key for key in sorted(data) if key != "mark" and data[key] is not None]
        yield from (misfit for key in carried for misfit in _misfit(p, key, data[key]))
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
        yield from (misfit for key in described for misfit in _misfit(p, key, data[key]))
    elif kind == "check" and data.get("check") not in p.check:
        yield "unknown", None, None


def _misfit(p: Protocol, key: Any, content: Any) -> Iterator[tuple[str, str | None, Any]]:
    if key not in p.value:
        yield "unknown", key if isinstance(key, str) else None, None
    elif not has_type(p, key, content):
        yield "wrong_type", key, None if isinstance(content, dict) else content
    elif p.value[key].type == "option" and content not in (option.id for option in p.options(key)):
        yield "not_offered", key, content
    elif not in_range(p, key, content):
        yield "out_of_range", key, content


def has_type(p: Protocol, key: str, content: Any) -> bool:
    """Whether a value is of the kind that the protocol declares: number, whole number, moment, text, yes or no."""
    value = p.value[key]
    if value.type in ("number", "moment"):
        number = isinstance(content, int | float) and not isinstance(content, bool)
        whole = value.whole or value.type == "moment"
        return number and (not whole or content % 1 == 0) and (value.type == "number" or content >= 0)
    return isinstance(content, bool if value.type == "yesno" else str)


def in_range(p: Protocol, key: str, content: Any) -> bool:
    """Whether a number lies within what the protocol allows."""
    low, high = p.value[key].min, p.value[key].max
    return (low is None or content >= low) and (high is None or content <= high)


def _handed_over(entry: Entry, recorders: list[Entry]) -> bool:
    """Whether an entry was made on a tablet after another one took over the recording from it.

    `recorders`: the opening and every take-over, in order.
    """
    event = entry.event
    devices = [recorder.event.device for recorder in recorders if recorder.event.tapped <= event.tapped]
    return event.kind not in ("opened", "takeover") and event.device in devices and devices[-1] != event.device

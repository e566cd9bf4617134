"""The options that are left at a point of the log. Twin of pages/board/rules/options.js."""

from collections.abc import Sequence
from typing import Any

from core.engine.counters import count_marks
from core.engine.log import Entry
from core.engine.steps import steps_of
from core.protocols.tables import Option, Protocol


def label_of(p: Protocol, key: str, option: str) -> str:
    """What an option is called; an id that the value does not offer stands as it is."""
    return next((known.label for known in p.options(key) if known.id == option), option)


def left_options(p: Protocol, entries: Sequence[Entry], key: str) -> list[Option]:
    """The options that, by these entries, have not failed as often as they may and are not barred for the patient."""
    steps = steps_of(p, entries)
    limited = [counter for counter in p.counter if counter.limit and counter.per == key]
    gone = {group for counter in limited for group in count_marks(counter, steps, []).reached}
    gone |= {_last(entries, plan.bar) for plan in p.plan if plan.key == key and plan.bar}
    return [option for option in p.options(key) if option.id not in gone]


def _last(entries: Sequence[Entry], key: str) -> str:
    """The text that was recorded last for a value; empty where it was taken back, or is none."""
    recorded: list[Any] = [
        entry.data.get("is")
        for entry in entries
        if entry.event.kind == "value" and entry.counts and entry.data.get("value") == key
    ]
    return recorded[-1] if recorded and isinstance(recorded[-1], str) else ""


def until(entries: Sequence[Entry], event: str) -> Sequence[Entry]:
    """The entries up to an event, and with it."""
    return entries[: next(n for n, entry in enumerate(entries, 1) if entry.event.id == event)]

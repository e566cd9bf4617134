"""The names in a summary: those of its own, and those that a protocol's counters, runs and clocks bring."""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.protocols.tables import Clock, Counter, Protocol


class Own(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What a summary says beside the protocol's figures. It is one flat object: no figure may take these names."""

    session: str | None = None  # the id under which a scenario was saved
    outcome: str
    prompts: list[dict[str, Any]]
    to_review: list[dict[str, Any]]


def of_groups(counter: Counter) -> str:
    """The name of a counter's numbers by group: insertions_by_interspace."""
    return f"{counter.id}_by_{counter.per}"


def of_clock(clock: Clock | str) -> str:
    """The name of what a clock (or its id) measured, whole seconds: puncture_time_s."""
    return f"{clock if isinstance(clock, str) else clock.id}_time_s"


def names(p: Protocol) -> Iterator[tuple[str, str]]:
    """(name, the place that brings it) for everything that can stand in a summary."""
    yield from ((name, "the summary itself") for name in Own.__struct_fields__)
    yield from ((of_clock(clock), f"[[clock]] '{clock.id}'") for clock in p.clock)
    for counter in p.counter:
        place = f"[[counter]] '{counter.id}'"
        yield counter.id, place
        if counter.runs:
            yield counter.runs, f"{place}.runs"
            yield of_groups(counter), f"{place}.runs"

"""The marks of a log on their way through the protocol's states. Twin of pages/board/rules/steps.js."""

from collections.abc import Sequence

import msgspec

from core.engine.log import Entry
from core.protocols.tables import Protocol


class Step(msgspec.Struct, frozen=True):
    """One mark on its way through the states. `turn`: how the state knew it."""

    entry: Entry
    mark: str
    before: str
    after: str
    turn: str  # "open" | "everywhere" | "astray" | "none"


def steps_of(p: Protocol, entries: Sequence[Entry]) -> list[Step]:
    """Every mark that counts, with the state before and after it. A mark with no way on changes nothing."""
    steps, state = [], p.start
    for entry in entries:
        mark = entry.data.get("mark")
        if entry.event.kind != "mark" or not entry.counts or mark not in p.mark:
            continue
        here, after, turn = p.state[state], state, "none"
        if mark in p.everywhere:
            turn = "everywhere"
        elif mark in here.open:
            after, turn = here.open[mark], "open"
        elif mark in here.astray:
            after, turn = here.astray[mark], "astray"
        steps.append(Step(entry, mark, state, after, turn))
        state = after
    return steps


def group_of(entry: Entry, key: str | None) -> str:
    """The group that a mark names; "" where it names none."""
    group = entry.data.get(key) if key else None
    return group if isinstance(group, str) else ""

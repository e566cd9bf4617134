"""Prompts that counters, windows and totals raise, with their proof and whether they still wait for an answer.

Twin of pages/board/rules/walk.js.
"""

from collections.abc import Sequence

import msgspec

from core.engine.log import Entry
from core.engine.steps import Step, group_of
from core.protocols.tables import Protocol


class Raised(msgspec.Struct):
    """A prompt, the event that proved it, and whether it still waits for an answer."""

    kind: str
    at: int
    event: str
    group: str | None = None
    count: float | None = None
    bound: float | None = None
    open: bool = True


Proofs = list[tuple[int, Raised]]  # the number of the step that proved a prompt, and the prompt


def prompts_of(p: Protocol, entries: Sequence[Entry], steps: list[Step], raised: Proofs) -> list[Raised]:
    """The prompts in the order of their proofs; one that is raised `once` stands once, and none after its `until`."""
    answered = {
        (entry.data.get("prompt"), entry.data.get("of"))
        for entry in entries
        if entry.event.kind == "answer" and entry.counts
    }
    prompts: list[Raised] = []
    for n, prompt in sorted(raised, key=lambda proof: proof[0]):
        table = p.prompt[prompt.kind]
        if table.once and any(before.kind == prompt.kind for before in prompts):
            continue
        if any(step.mark in table.until for step in steps[:n]):
            continue
        prompt.open = (prompt.kind, prompt.event) not in answered and not any(
            step.mark in table.clears
            or (step.mark == table.other_group and group_of(step.entry, p.group) != prompt.group)
            for step in steps[n + 1 :]
        )
        prompts.append(prompt)
    return prompts

"""Counters and totals over the marks of a log, and the prompts that their limits raise.

Twin of pages/board/rules/figures.js.
"""

from typing import Any

import msgspec

from core.engine.events import is_number
from core.engine.prompts import Proofs, Raised
from core.engine.steps import Step, group_of
from core.protocols.tables import Counter, Total


class Count(msgspec.Struct):
    """`groups` in order of first use; `runs`: how often the group changed, plus one; `reached`: groups at the limit."""

    id: str
    total: int = 0
    runs: int = 0
    groups: list[tuple[str, int]] = []
    reached: list[str] = []


def count_marks(counter: Counter, steps: list[Step], raised: Proofs) -> Count:
    """How often a counter's mark stands, in all and by group; a limit that is reached is added to `raised`."""
    count, group, last, due = Count(counter.id), "", None, False
    numbers: dict[str, int] = {}
    for n, step in enumerate(steps):
        if step.mark in counter.until:
            break
        if step.mark == (counter.of or counter.counts):
            group, due = group_of(step.entry, counter.per), True
        elif step.mark in counter.out:
            due = False
        if step.mark != counter.counts or (counter.in_turn and not due):
            continue
        due = False
        count.total += 1
        count.runs += group != last
        last = group
        numbers[group] = numbers.get(group, 0) + 1
        if counter.limit and numbers[group] == counter.limit:
            count.reached.append(group)
            spent = counter.groups is not None and len(count.reached) >= counter.groups
            kind = counter.groups_prompt if spent else counter.prompt
            proof = Raised(
                kind or "", step.entry.at, step.entry.event.id, group if counter.per else None, numbers[group]
            )
            raised.append((n, proof))
    count.groups = list(numbers.items())
    return count


def add_up(total: Total, steps: list[Step], values: dict[str, Any], raised: Proofs) -> float:
    """The total, and a prompt at the mark that passes a ceiling which holds for this patient."""
    ceilings = []
    for ceiling in total.ceiling:
        if is_number(values.get(ceiling.when)) and values[ceiling.when] >= ceiling.at_least:
            size = values.get(total.per) if total.per else None
            scaled = ceiling.per_limit * size if ceiling.per_limit and is_number(size) else ceiling.limit
            ceilings.append((ceiling.prompt, min(ceiling.limit, scaled)))
    amount: float = 0
    for n, step in enumerate(steps):
        amount_given = step.entry.data.get(total.key)
        if step.mark != total.mark or not is_number(amount_given):
            continue
        before, amount = amount, amount + amount_given * total.factor
        for prompt, limit in ceilings:
            if before <= limit < amount:
                raised.append((n, Raised(prompt, step.entry.at, step.entry.event.id, bound=limit)))
    return amount

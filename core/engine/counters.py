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
    """`groups` in order of first use; `runs`: how often the group changed, plus one; `reached`: groups at the limit;
    `inferred`: the events that proved a count which nobody had recorded.
    """

    id: str
    total: int = 0
    runs: int = 0
    groups: list[tuple[str, int]] = []
    reached: list[str] = []
    inferred: list[str] = []


def count_marks(counter: Counter, steps: list[Step], raised: Proofs) -> Count:
    """How often a counter's mark stands, in all and by group; a limit that is reached is added to `raised`."""
    count, group, last, due, open_ = Count(counter.id), "", None, False, False
    numbers: dict[str, int] = {}

    def counted(n: int, step: Step) -> None:
        nonlocal last
        count.total += 1
        count.runs += group != last
        last = group
        numbers[group] = numbers.get(group, 0) + 1
        prompt = _prompt(counter, count, group, numbers[group])
        if prompt is not None:
            proved = group if counter.per else None
            raised.append((n, Raised(prompt, step.entry.at, step.entry.event.id, proved, numbers[group])))

    for n, step in enumerate(steps):
        if step.mark in counter.until:
            break
        if step.mark in counter.infer and due and open_:
            count.inferred.append(step.entry.event.id)
            counted(n, step)
            due = False
        if step.mark == (counter.of or counter.counts):
            group, due, open_ = group_of(step.entry, counter.per), True, True
        elif step.mark in counter.out:
            due = False
        elif step.mark in counter.infer_until:
            open_ = False
        if step.mark == counter.counts and (due or not counter.in_turn):
            due = False
            counted(n, step)
    count.groups = list(numbers.items())
    return count


def _prompt(counter: Counter, count: Count, group: str, number: int) -> str | None:
    """The prompt that a count raises: at a group's limit, where it `repeats` beyond it too; that of the groups once."""
    if not counter.limit or number < counter.limit or (number > counter.limit and not counter.repeats):
        return None
    spent = counter.groups is not None and len(count.reached) >= counter.groups
    if number == counter.limit:
        count.reached.append(group)
    if counter.groups is None or len(count.reached) < counter.groups:
        return counter.prompt or ""
    return None if spent else counter.groups_prompt or ""


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

"""The debrief of a drill: what the team was asked and when, what it did and when, how late. Pure.

Twin of pages/board/rules/debrief.js.
"""

import msgspec

from core.drills.drill import EXPECT, After, Drill, DrillStep, StepExpect
from core.engine.log import Entry
from core.engine.session import Session


class Asked(msgspec.Struct, frozen=True):
    """One thing that the team was asked (moments UTC ms). `step` counts from 1 as in the file.

    `after_s`: whole seconds from being told to doing it, negative where it was done unasked; `late_s`: how many of them
    are beyond `within_s`. All None where it was never done.
    """

    step: int
    tell: str
    asked_at: int
    done_at: int | None = None
    event: str | None = None  # the entry that did it
    after_s: int | None = None
    late_s: int | None = None


def debrief(drill: Drill, session: Session) -> list[Asked]:
    """What the team was asked, in order, and what it did. Steps that nothing set off are not in it.

    One entry answers one step; where several wait for the same, the one that was set off last.
    """
    raised: dict[str, list[str]] = {}  # event → the prompts that it proved
    for prompt in session.walk.prompts:
        raised.setdefault(prompt.event, []).append(prompt.kind)
    left = {n: step.after.nth for n, step in enumerate(drill.step)}
    waiting: list[tuple[int, int]] = []  # (order in which it was set off, turned round; step)
    asked: dict[int, Asked] = {}
    for turn, entry in enumerate(entry for entry in session.entries if entry.counts):
        for key in sorted(waiting):
            if _is(entry, drill.step[key[1]].expect):
                waiting.remove(key)
                asked[key[1]] = _done(asked[key[1]], drill.step[key[1]], entry)
                break
        for n, step in enumerate(drill.step):
            left[n] -= _sets_off(entry, step.after, raised)
            if left[n] <= 0 and n not in asked:
                asked[n] = Asked(n + 1, step.tell, entry.event.tapped + step.wait_s * 1000)
                waiting.append((-turn, n))
    last = max((entry.event.tapped for entry in session.entries), default=0)
    counted = (
        question
        for question in asked.values()
        if question.done_at is not None or not session.closed or question.asked_at <= last
    )
    return sorted(counted, key=lambda question: (question.asked_at, question.step))


def _is(entry: Entry, expect: StepExpect) -> bool:
    kind = entry.event.kind
    return kind in EXPECT and entry.data.get(kind) is not None and entry.data.get(kind) == getattr(expect, kind)


def _sets_off(entry: Entry, after: After, raised: dict[str, list[str]]) -> int:
    """How many times this entry is what a step waits for."""
    if after.prompt is not None:
        return raised.get(entry.event.id, []).count(after.prompt)
    return int(entry.event.kind == "mark" and entry.data.get("mark") == after.mark)


def _done(question: Asked, step: DrillStep, entry: Entry) -> Asked:
    seconds = (entry.at - question.asked_at) // 1000
    late = max(0, seconds - step.within_s)
    return msgspec.structs.replace(question, done_at=entry.at, event=entry.event.id, after_s=seconds, late_s=late)

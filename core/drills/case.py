"""A real case repeated as a drill: its troubles at the same moments after the marks before them. Pure.

Nothing of the case goes along that tells whose it was: no code, initials, date, lot, bed or free text; the dose is the
first. What the team did about each trouble is what the drill asks for.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from core.drills.drill import TELL_MAX, WAIT_MAX_S, After, Drill, DrillStep, StepExpect, misfits
from core.engine.log import Entry
from core.engine.opening import DRILL_PREFIX
from core.engine.options import label_of
from core.engine.session import Session
from core.engine.walk import steps_of
from core.protocols.tables import Protocol

WITHIN_S = 30  # to record a finding, as in the drills that come with Interspace
SOURCE = "site"
CODED = ("number", "option", "yesno")  # what a text holds may be a name


class NoDrill(Exception):
    """A record that makes no drill; the sentence says why."""


def as_drill(session: Session) -> Drill:
    """The drill of a record. The same record gives the same drill. Raises NoDrill."""
    p = session.protocol
    steps = tuple(_unlike([*_troubles(session), *_asked_by_prompts(session)]))
    if session.mistaken or not steps:
        raise NoDrill(
            "Expected a record with a finding or a trouble after its first mark (a complication, what came of an "
            "insertion, a prompt that was acted on), found none: there is nothing to repeat."
        )
    values = {key: content for key, content in session.walk.values.items() if _goes_along(p, key, content)}
    number = hashlib.sha256(f"{p.id} {session.id}".encode()).hexdigest()[:8]
    outcome = next(table.label for table in p.outcome if table.id == session.walk.outcome)
    return Drill(
        id=f"case-{number}",
        protocol=p.id,
        title=f"A case of your own: {outcome}, {number}",
        about=f"Findings and troubles of a real case, {len(steps)} in all, when they came. Record each, and act.",
        patient=f"{DRILL_PREFIX}{number.upper()}",
        dose=1,
        values=values,
        step=steps,
    )


def _goes_along(p: Protocol, key: str, content: object) -> bool:
    """What was known before the procedure, as code or number; not what was mistyped."""
    return key in p.opening and p.value[key].type in CODED and not any(misfits(p, key, content))


def _troubles(session: Session) -> Iterator[DrillStep]:
    """Every finding and trouble, so long after the mark before it as it came in the case."""
    p = session.protocol
    findings = _findings(session)
    seen, last = Counter[str](), None
    for entry in (entry for entry in session.entries if entry.counts):
        complication = entry.data.get("complication") if entry.event.kind == "complication" else None
        expect, tell = StepExpect(mark=findings.get(entry.event.id)), ""
        if complication in p.complication and not p.complication[complication].follow_up_only:
            expect, tell = StepExpect(complication=complication), f"The patient: {p.complication[complication].label}"
        elif expect.mark:
            tell = _finding(p, expect.mark, entry)
        wait_s = (entry.at - last.at) // 1000 if last else 0
        if tell and last and wait_s <= WAIT_MAX_S:
            mark = last.data["mark"]
            yield _step(After(mark=mark, nth=seen[mark]), wait_s, tell, expect)
        if _leads(p, entry, findings):
            seen[entry.data["mark"]] += 1
            last = entry


def _asked_by_prompts(session: Session) -> Iterator[DrillStep]:
    """Every prompt that was acted on: the team is asked for the same."""
    raised = Counter[str]()
    for prompt in session.walk.prompts:
        raised[prompt.kind] += 1
        answer = _answer(session, prompt.kind, prompt.event)
        if answer:
            label = session.protocol.prompt[prompt.kind].label
            after = After(prompt=prompt.kind, nth=raised[prompt.kind])
            yield _step(after, 0, label, StepExpect(mark=answer.data["mark"]))


def _answer(session: Session, prompt: str, event: str) -> Entry | None:
    """The first mark after it that did what the prompt asked for, or cleared it otherwise."""
    table = session.protocol.prompt[prompt]
    if table.action is None:
        return None
    marks = [step.entry for step in steps_of(session.protocol, session.entries)]
    place = next((n for n, entry in enumerate(marks) if entry.event.id == event), len(marks))
    wanted = {table.action, *table.clears}
    return next((entry for entry in marks[place + 1 :] if entry.data["mark"] in wanted), None)


def _findings(session: Session) -> dict[str, str]:
    """The entries that tell what the patient showed or wished → their marks; what answered a prompt is none."""
    p = session.protocol
    prompts = session.walk.prompts
    answers = [_answer(session, prompt.kind, prompt.event) for prompt in prompts]
    answered = {entry.event.id for entry in answers if entry}
    open_to_the_patient = _asking(p)
    return {
        step.entry.event.id: step.mark
        for step in steps_of(p, session.entries)
        if step.entry.event.id not in answered
        and (
            p.mark[step.mark].tone == "stop"
            or (step.turn == "open" and step.before in open_to_the_patient and step.before != step.after)
        )
        and (step.turn != "everywhere" or p.mark[step.mark].tone == "stop")
    }


def _asking(p: Protocol) -> set[str]:
    """The states in which the patient, and not the team, decides what comes next: the needle is in, or what may go
    wrong there has its own mark.
    """
    begins = {counter.counts for counter in p.counter if counter.per == p.group and counter.of is None}
    stops = {key for key, mark in p.mark.items() if mark.tone == "stop" and not mark.rare}
    into = {state.open[key] for state in p.state.values() for key in {*begins, *stops} if key in state.open}
    return into | {name for name, state in p.state.items() if stops & set(state.open)}


def _finding(p: Protocol, mark: str, entry: Entry) -> str:
    """What is told: the options that the mark carries, but where and how the needle went; else its own words."""
    planned = {plan.key for plan in p.plan} | {p.group}
    options = [
        f"{p.value[key].label}: {label_of(p, key, content)}"
        for key, content in entry.data.items()
        if key in p.value and key not in planned and p.value[key].type == "option" and _is_option(p, key, content)
    ]
    return ", ".join(options) or p.mark[mark].label


def _is_option(p: Protocol, key: str, content: object) -> bool:
    return any(option.id == content for option in p.options(key))


def _leads(p: Protocol, entry: Entry, findings: dict[str, str]) -> bool:
    """Whether a trouble can be told after this entry: a mark that a team that plays the case makes too."""
    mark = entry.data.get("mark")
    return entry.event.kind == "mark" and mark in p.mark and (mark not in p.everywhere or entry.event.id in findings)


def _step(after: After, wait_s: int, tell: str, expect: StepExpect) -> DrillStep:
    return DrillStep(after, wait_s, _cut(tell), expect, WITHIN_S, SOURCE)


def _cut(text: str) -> str:
    return text if len(text) <= TELL_MAX else text[: TELL_MAX - 1] + "…"


def _unlike(steps: Iterable[DrillStep]) -> list[DrillStep]:
    """The first of those that ask the same after the same."""
    return list({(step.after, step.expect): step for step in reversed(list(steps))}.values())[::-1]

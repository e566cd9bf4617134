"""One page that a hospital would file: what, who, when, figures, checks, adverse events, and how it was corrected.

The same content as a page to print (pages/report/report.html) and as a short text to paste. Pure but for the clock.
"""

from typing import Any

import msgspec

from core import clock
from core.engine import words
from core.engine.sentences import sentence
from core.engine.session import Session
from core.engine.summary import summary
from core.engine.words import AID
from core.facts import medication
from core.facts.insertions import Insertion, operators, with_ends
from core.facts.medication import Administration
from core.facts.story import StoryEntry, story

TIMELINE = ("mark", "prompt", "complication", "note")
Pair = tuple[str, str]


class Report(msgspec.Struct, frozen=True):
    """Everything on the page in words; times are the site's."""

    id: str
    title: str
    protocol: str
    head: list[Pair]
    alerts: list[str]
    figures: list[Pair]
    values: list[Pair]
    drugs: list[str]
    insertions: list[list[str]]
    timeline: list[StoryEntry]
    checks: list[Pair]
    adverse: list[str]
    corrections: list[str]
    to_review: list[str]
    made: str
    zone: str


def report(session: Session) -> Report:
    """The report of a record as it stands."""
    p, told, figures = session.protocol, story(session), summary(session)
    outcome = next(one.label for one in p.outcome if one.id == session.walk.outcome)
    at = {line.event.id: line.at for line in session.entries}
    head = [
        ("Patient", session.patient or "not recorded"),
        ("Dose", str(session.dose or "–")),
        ("Date", words.day(session.opened_at)),
        ("Outcome", outcome),
        ("Operator", " → ".join(operators(session)) or "not recorded"),
        ("Recorder", str(session.opened.get("recorder") or "not recorded")),
    ]
    clocks = [(one.label, words.span(figures[f"{one.id}_time_s"])) for one in p.clock if not one.hidden]
    counts = [(one.label, _counted(session, figures, one.id, one.per)) for one in p.counter if one.runs]
    totals = [(one.label, f"{session.walk.totals[one.id]:g} {one.unit}") for one in p.total]
    return Report(
        id=session.id,
        title=p.title,
        protocol=f"{p.id} {p.version}",
        head=head,
        alerts=_alerts(session),
        figures=[*clocks, *counts, *totals],
        values=[(p.value[key].label, words.shown(p, key, found)) for key, found in session.walk.values.items()],
        drugs=[_drug(one) for one in medication.given(session)],
        insertions=[_row(session, one) for one in with_ends(session)],
        timeline=[one for one in told if one.kind in TIMELINE],
        checks=[(check.label, _time(at, session.walk.checks.get(key))) for key, check in p.check.items()],
        adverse=[_adverse(one) for one in told if one.kind == "complication" and not one.undone],
        corrections=[line for one in told for line in _corrected(one)],
        to_review=[sentence(session, item, words.time(item.at)) for item in session.walk.review],
        made=f"{words.day(clock.now_ms())} {words.time(clock.now_ms())}",
        zone=words.offset(session.opened_at),
    )


def plain(told: Report) -> str:
    """A short text to paste into the hospital's own record."""
    head = dict(told.head)
    lines = [
        told.title,
        f"Patient {head['Patient']}, dose {head['Dose']}, {head['Date']}. Operator {head['Operator']}; "
        f"recorder {head['Recorder']}.",
        f"Outcome: {head['Outcome']}.",
        *told.alerts,
        "; ".join(f"{label} {found}" for label, found in told.figures if found != "–") + ".",
    ]
    lines += [f"Insertion {row[0]}, {row[1]}: {', '.join(one for one in row[2:] if one)}." for row in told.insertions]
    lines += [f"Given: {drug}." for drug in told.drugs]
    lines += [f"Prompt {words.time(one.at)}: {_prompted(one)}" for one in told.timeline if one.kind == "prompt"]
    lines += [f"Adverse event {one}." for one in told.adverse] or ["Adverse events: none recorded."]
    done = sum(bool(at) for _, at in told.checks)
    lines += [f"Checks: {done} of {len(told.checks)}."]
    lines += [f"To review: {one}" for one in told.to_review]
    lines += [f"Record {told.id}, protocol {told.protocol}, times {told.zone}. {AID}"]
    return "\n".join(lines) + "\n"


def _prompted(one: StoryEntry) -> str:
    return f"{one.told} Reason: {one.reason}." if one.reason else one.told


def _alerts(session: Session) -> list[str]:
    """What marks the whole record."""
    found = [f"{flag}." for flag in session.flags]
    found += ["DRILL: an invented patient, no procedure."] if session.drill else []
    found += ["Opened by mistake: no procedure of this patient."] if session.mistaken else []
    return found + ([] if session.closed else [f"Not closed: {session.protocol.state[session.walk.state].label}."])


def _counted(session: Session, figures: dict[str, Any], counter: str, per: str | None) -> str:
    groups = figures[f"{counter}_by_{per}"]
    by = ", ".join(f"{words.shown(session.protocol, per or '', group)}: {times}" for group, times in groups.items())
    return f"{figures[counter]} ({by})" if by else str(figures[counter])


def _drug(one: Administration) -> str:
    amount = f" {one.amount:g} {one.unit}" if one.amount is not None else ""
    about = [one.table.route.lower(), *(f"{label} {found}" for label, found in one.about)]
    about += ["stopped midway"] if one.halted else []
    return f"{one.name}{amount}, {words.time(one.end)} ({', '.join(about)})"


def _row(session: Session, one: Insertion) -> list[str]:
    p = session.protocol
    others = {key: found for key, found in one.carried.items() if key != p.group}
    ended = f"{one.ended_by} {words.time(one.ended_at)}" if one.ended_by and one.ended_at is not None else ""
    place = words.shown(p, p.group, one.group)
    named = ", ".join(found for _, found in words.carried(p, others))
    return [
        str(one.number),
        words.time(one.at),
        place,
        named,
        one.operator,
        f"{ended} ({one.ended_with})" if one.ended_with else ended,
    ]


def _time(at: dict[str, int], event: str | None) -> str:
    return words.time(at[event]) if event in at else ""


def _adverse(one: StoryEntry) -> str:
    return f"{words.time(one.at)} {one.label}" + (f": {one.told}" if one.told else "")


def _corrected(one: StoryEntry) -> list[str]:
    """How an entry was corrected, a sentence each."""
    named = f"{one.label} {words.time(one.at)}"
    said = []
    for change in one.changes:
        parts = [change.told, change.reason, "taken back" if change.taken_back else ""]
        by = f" by {change.who}" if change.who else ""
        when = f"{words.day(change.at)} {words.time(change.at)}"
        details = "; ".join(part for part in parts if part)
        said.append(f"{named}: {change.what.lower()}{by} {when}{f' ({details})' if details else ''}")
    return said

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
from core.protocols import number

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
    created: str
    zone: str


def report(session: Session) -> Report:
    """The report of a record as it stands."""
    p, entries, figures = session.protocol, story(session), summary(session)
    outcome = next(table.label for table in p.outcome if table.id == session.walk.outcome)
    at = {entry.event.id: entry.at for entry in session.entries}
    head = [
        ("Patient", session.patient or "not recorded"),
        ("Dose", str(session.dose or "–")),
        ("Date", words.day(session.opened_at)),
        ("Outcome", outcome),
        ("Operator", " → ".join(operators(session)) or "not recorded"),
        ("Recorder", str(session.opened.get("recorder") or "not recorded")),
    ]
    clocks = [(clock.label, words.span(figures[f"{clock.id}_time_s"])) for clock in p.clock if not clock.hidden]
    counts = [
        (counter.label, _counted(session, figures, counter.id, counter.per)) for counter in p.counter if counter.runs
    ]
    totals = [(total.label, f"{number(session.walk.totals[total.id])} {total.unit}") for total in p.total]
    return Report(
        id=session.id,
        title=p.title,
        protocol=f"{p.id} {p.version}",
        head=head,
        alerts=_alerts(session),
        figures=[*clocks, *counts, *totals],
        values=[(p.value[key].label, words.shown(p, key, content)) for key, content in session.walk.values.items()],
        drugs=[_drug(administration) for administration in medication.administrations(session)],
        insertions=[_row(session, insertion) for insertion in with_ends(session)],
        timeline=[entry for entry in entries if entry.kind in TIMELINE],
        checks=[(check.label, _time(at, session.walk.checks.get(key))) for key, check in p.check.items()],
        adverse=[_adverse(entry) for entry in entries if entry.kind == "complication" and not entry.undone],
        corrections=[line for entry in entries for line in _corrected(entry)],
        to_review=[sentence(session, item, words.time(item.at)) for item in session.walk.review],
        created=f"{words.day(clock.now_ms())} {words.time(clock.now_ms())}",
        zone=words.offset(session.opened_at),
    )


def plain(page: Report) -> str:
    """A short text to paste into the hospital's own record."""
    head = dict(page.head)
    lines = [
        page.title,
        f"Patient {head['Patient']}, dose {head['Dose']}, {head['Date']}. Operator {head['Operator']}; "
        f"recorder {head['Recorder']}.",
        f"Outcome: {head['Outcome']}.",
        *page.alerts,
        "; ".join(f"{label} {content}" for label, content in page.figures if content != "–") + ".",
    ]
    lines += [
        f"Insertion {row[0]}, {row[1]}: {', '.join(cell for cell in row[2:] if cell)}." for row in page.insertions
    ]
    lines += [f"Given: {drug}." for drug in page.drugs]
    lines += [f"Prompt {words.time(entry.at)}: {_prompted(entry)}" for entry in page.timeline if entry.kind == "prompt"]
    lines += [f"Adverse event {event}." for event in page.adverse] or ["Adverse events: none recorded."]
    done = sum(bool(at) for _, at in page.checks)
    lines += [f"Checks: {done} of {len(page.checks)}."]
    lines += [f"To review: {item}" for item in page.to_review]
    lines += [f"Record {page.id}, protocol {page.protocol}, times {page.zone}. {AID}"]
    return "\n".join(lines) + "\n"


def _prompted(prompt: StoryEntry) -> str:
    return f"{prompt.content} Reason: {prompt.reason}." if prompt.reason else prompt.content


def _alerts(session: Session) -> list[str]:
    """What marks the whole record."""
    alerts = [f"{flag}." for flag in session.flags]
    alerts += ["DRILL: an invented patient, no procedure."] if session.drill else []
    alerts += ["Opened by mistake: no procedure of this patient."] if session.mistaken else []
    return alerts + ([] if session.closed else [f"Not closed: {session.protocol.state[session.walk.state].label}."])


def _counted(session: Session, figures: dict[str, Any], counter: str, per: str | None) -> str:
    groups = figures[f"{counter}_by_{per}"]
    by = ", ".join(f"{words.shown(session.protocol, per or '', group)}: {times}" for group, times in groups.items())
    return f"{figures[counter]} ({by})" if by else str(figures[counter])


def _drug(administration: Administration) -> str:
    amount = f" {number(administration.amount)} {administration.unit}" if administration.amount is not None else ""
    about = [administration.table.route.lower(), *(f"{label} {content}" for label, content in administration.about)]
    about += ["stopped midway"] if administration.halted else []
    return f"{administration.name}{amount}, {words.time(administration.end)} ({', '.join(about)})"


def _row(session: Session, insertion: Insertion) -> list[str]:
    p = session.protocol
    others = {key: content for key, content in insertion.carried.items() if key != p.group}
    ended = (
        f"{insertion.ended_by} {words.time(insertion.ended_at)}"
        if insertion.ended_by and insertion.ended_at is not None
        else ""
    )
    place = words.shown(p, p.group, insertion.group)
    approach = ", ".join(content for _, content in words.carried(p, others))
    return [
        str(insertion.number),
        words.time(insertion.at),
        place,
        approach,
        insertion.operator,
        f"{ended} ({insertion.ended_with})" if insertion.ended_with else ended,
    ]


def _time(at: dict[str, int], event: str | None) -> str:
    return words.time(at[event]) if event in at else ""


def _adverse(event: StoryEntry) -> str:
    return f"{words.time(event.at)} {event.label}" + (f": {event.content}" if event.content else "")


def _corrected(entry: StoryEntry) -> list[str]:
    """How an entry was corrected, a sentence each."""
    name = f"{entry.label} {words.time(entry.at)}"
    sentences = []
    for change in entry.changes:
        parts = [change.content, change.reason, "taken back" if change.taken_back else ""]
        by = f" by {change.who}" if change.who else ""
        when = f"{words.day(change.at)} {words.time(change.at)}"
        details = "; ".join(part for part in parts if part)
        sentences.append(f"{name}: {change.what.lower()}{by} {when}{f' ({details})' if details else ''}")
    return sentences

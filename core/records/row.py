"""The row of a session: what every list, worklist and history shows of it."""

from typing import Any

import msgspec

from core.engine import opening, summary
from core.engine.sentences import clock_time
from core.engine.session import Session, open_prompts
from core.facts import aftercare, bars, columns, scores, timers
from core.facts.aftercare import HOUR_MS, Adverse, Call
from core.facts.bars import BarEntry
from core.facts.insertions import case_operators, insertions, operators, person
from core.facts.scores import ScoreReading
from core.facts.timers import Waits, WardTimer
from core.protocols.tables import Protocol


class Complication(msgspec.Struct, frozen=True):
    """A complication in words, and when it began: time from the opening."""

    label: str
    t: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A session in lists, tables and curves; moments UTC ms. What the protocol names itself stands under `figures`,
    `carried` and `values`, where no name of its own can meet one of these.
    """

    # Whose, which, by whom
    session: str
    hash: str  # of the protocol's text
    protocol: str
    protocol_short: str
    patient: str
    dose: int | None
    operator: str  # who held the needle last
    operators: list[str]
    case_operators: list[str]  # more than one: the needle changed hands before the case was decided
    recorder: str
    people: list[str]  # everybody whom the record names
    another: list[str]  # look-alike codes and initials of which was said that they are another's
    drill: bool
    # How it stands
    version: int  # entries on record
    opened_at: int
    last_at: int
    ended_at: int | None
    closed: bool
    mistaken: bool  # opened by mistake
    state: str
    state_label: str
    phase_label: str
    outcome: str
    outcome_label: str
    flags: list[str]
    waiting: list[str]  # prompts without an answer, by label
    missing: list[str]
    to_review: int
    reviewed: int
    # What was done
    figures: dict[str, Any]  # counters, runs and clocks by the protocol's own names
    group: str | None  # of the last insertion
    carried: dict[str, Any]  # by the last insertion
    failed: list[tuple[str, int]]  # groups that reached a limit, and how often
    values: dict[str, Any]
    complications: list[Complication]
    # What comes after
    dosed_at: int | None
    ward: bool  # on the recovery board
    left_ward_at: int | None
    in_sight_until: int | None  # of the recovery board: of who is on it, or left it
    timers: list[WardTimer]
    waits: Waits | None
    calls: list[Call]
    adverse: list[Adverse]
    scores: list[ScoreReading]
    bars: list[BarEntry]
    cells: str  # of its tables, as JSON


def row(session: Session, sha: str = "") -> Row:
    """What lists and histories show of a session; `sha`: the hash under which its protocol's text is kept."""
    p, walked = session.protocol, session.walk
    inserted = insertions(session)
    last = inserted[-1] if inserted else None
    return Row(
        session=session.id,
        hash=sha,
        protocol=p.id,
        protocol_short=p.short,
        patient=session.patient,
        dose=session.dose,
        operator=person(walked.operator),
        operators=operators(session),
        case_operators=case_operators(session),
        recorder=person(walked.recorded_by),
        people=aftercare.people(session),
        another=opening.others_of(session.opened),
        drill=session.drill,
        version=len(session.entries),
        opened_at=session.opened_at,
        last_at=_last_at(session),
        ended_at=aftercare.ended_at(session),
        closed=session.closed,
        mistaken=session.mistaken,
        state=walked.state,
        state_label=p.state[walked.state].label,
        phase_label=p.phase[session.phase].label,
        outcome=walked.outcome,
        outcome_label=next(outcome.label for outcome in p.outcome if outcome.id == walked.outcome),
        flags=session.flags,
        waiting=[p.prompt[raised.kind].label for raised in open_prompts(session)],
        missing=aftercare.missing(session),
        to_review=len(walked.review),
        reviewed=len(walked.reviewed),
        figures=summary.figures(session),
        group=last.group if last else None,
        carried=last.carried if last else {},
        failed=_failed(session),
        values=walked.values,
        complications=_complications(session),
        dosed_at=aftercare.dosed_at(session),
        ward=aftercare.on_ward(session),
        left_ward_at=aftercare.left_ward_at(session),
        in_sight_until=_in_sight_until(session),
        timers=timers.running(session),
        waits=timers.waits(session),
        calls=aftercare.calls(session),
        adverse=aftercare.adverse(session),
        scores=scores.scores(session),
        bars=bars.recorded(session),
        cells=columns.cells(session),
    )


def _last_at(session: Session) -> int:
    return max((entry.at for entry in session.entries), default=session.opened_at)


def _in_sight_until(session: Session) -> int | None:
    """From when a patient of the recovery board stands there no more, by the hours of the protocol."""
    ward, left = session.protocol.ward, aftercare.left_ward_at(session)
    if aftercare.on_ward(session):
        return _last_at(session) + round(ward.forgotten_h * HOUR_MS)
    return None if left is None else left + round(ward.left_h * HOUR_MS)


def _failed(session: Session) -> list[tuple[str, int]]:
    """The groups that reached a limit, and how often."""
    counts = [session.walk.count(counter.id) for counter in session.protocol.counter if counter.limit and counter.per]
    return [(group, times) for count in counts for group, times in count.groups if group in count.reached]


def _complications(session: Session) -> list[Complication]:
    entries = [entry for entry in session.entries if entry.event.kind == "complication" and entry.counts]
    return [
        Complication(_label(session.protocol, entry.data), clock_time(entry.at, session.opened_at)) for entry in entries
    ]


def _label(p: Protocol, data: dict[str, Any]) -> str:
    complication = data.get("complication")
    label = p.complication[complication].label if complication in p.complication else str(complication)
    return f"{label} ({data['text']})" if data.get("text") else label

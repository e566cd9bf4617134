"""The row of a session: what every list, worklist and history shows of it."""

from typing import Any

from core.engine.sentences import clock_time
from core.engine.session import Session, open_prompts
from core.engine.summary import summary
from core.facts import aftercare, bars, scores, timers
from core.facts.insertions import case_operators, insertions, operators
from core.protocols.tables import Protocol


def row(session: Session) -> dict[str, Any]:
    """What lists and histories show of a session: its head, its figures, what the last insertion was like."""
    p, walked = session.protocol, session.walk
    inserted = insertions(session)
    last = inserted[-1] if inserted else None
    figures = {key: found for key, found in summary(session).items() if key not in ("prompts", "to_review")}
    complications = [line for line in session.entries if line.event.kind == "complication" and line.counts]
    return figures | {
        "patient": session.patient,
        "dose": session.dose,
        "operator": walked.operator,
        "operators": operators(session),
        "recorder": walked.recorded_by,
        "drill": session.drill,
        "protocol": p.id,
        "protocol_short": p.short,
        "opened_at": session.opened_at,
        "last_at": max((line.at for line in session.entries), default=session.opened_at),
        "state": walked.state,
        "state_label": p.state[walked.state].label,
        "phase_label": p.phase[session.phase].label,
        "outcome_label": next(one.label for one in p.outcome if one.id == walked.outcome),
        "closed": session.closed,
        "ended_at": aftercare.ended_at(session),
        "mistaken": session.mistaken,
        "flags": session.flags,
        "waiting": [p.prompt[one.kind].label for one in open_prompts(session)],
        "to_review": len(walked.review),
        "reviewed": len(walked.reviewed),
        "group": last.group if last else None,
        "failed": _failed(session),
        "carried": last.carried if last else {},
        "values": walked.values,
        "complications": [
            {"label": _label(p, line.data), "t": clock_time(line.at - session.opened_at)} for line in complications
        ],
        "version": len(session.entries),
        "ward": aftercare.on_ward(session),
        "left_ward_at": aftercare.left_ward_at(session),
        "dosed_at": aftercare.dosed_at(session),
        "calls": aftercare.calls(session),
        "adverse": aftercare.adverse(session),
        "missing": aftercare.missing(session),
        "held": case_operators(session),
        "timers": timers.running(session),
        "waits": timers.waits(session),
        "scores": scores.scores(session),
        "bars": bars.recorded(session),
        "people": aftercare.people(session),
    }


def _failed(session: Session) -> list[tuple[str, int]]:
    """The groups that reached a limit, and how often."""
    counts = [session.walk.count(one.id) for one in session.protocol.counter if one.limit and one.per]
    return [(group, times) for count in counts for group, times in count.groups if group in count.reached]


def _label(p: Protocol, data: dict[str, Any]) -> str:
    named = data.get("complication")
    label = p.complication[named].label if named in p.complication else str(named)
    return f"{label} ({data['text']})" if data.get("text") else label

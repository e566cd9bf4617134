"""Adverse events as FHIR, and whether the needle is still in."""

from core.engine import words
from core.engine.log import Entry
from core.engine.sentences import label
from core.engine.session import Session
from core.engine.walk import is_number
from core.facts.insertions import insertion_mark
from core.transfer.fhir_codes import TERMINOLOGY, Codes
from core.transfer.fhir_parts import Json, full, text

SEVERITIES = {"mild": "Mild", "moderate": "Moderate", "severe": "Severe"}  # the standard's adverse-event-severity
UNNAMED = "Adverse event"


def complication(codes: Codes, line: Entry) -> Json:
    """What happened, coded; one that the protocol does not name is text."""
    id_ = str(line.data.get("complication"))
    name = label(codes.p, line).strip() or UNNAMED
    return codes.concept(f"complication.{id_}", name) if id_ in codes.p.complication else text(name)


def adverse(codes: Codes, line: Entry) -> Json:
    """An adverse event: what, when, how severe and what became of it. What nobody recorded is not made up."""
    p = codes.p
    parts = (
        label(p, line).strip() or UNNAMED,
        str(line.data.get("text") or ""),
        words.one_line(p, line.data, words.utc),
    )
    return full(
        actuality="actual",
        event=complication(codes, line) | {"text": ": ".join(part for part in parts if part.strip())},
        date=words.utc(line.at),
        severity=_severity(codes, line),
        outcome=_outcome(codes, line),
    )


def _severity(codes: Codes, line: Entry) -> Json:
    for key in codes.p.describe:
        content = line.data.get(key)
        if codes.p.value[key].type == "option" and content in SEVERITIES:
            own = codes.option(key, content, words.shown(codes.p, key, content)).get("coding", [])
            coding = {"system": f"{TERMINOLOGY}/adverse-event-severity", "code": content}
            return {"coding": [coding, *own], "text": SEVERITIES[str(content)]}
    return {}


def _outcome(codes: Codes, line: Entry) -> Json:
    system = f"{TERMINOLOGY}/adverse-event-outcome"
    for key in codes.p.describe:
        content = line.data.get(key)
        if codes.p.value[key].type == "moment" and is_number(content):
            at = f"{codes.p.value[key].label} {words.utc(int(content))}"
            return {"coding": [{"system": system, "code": "resolved", "display": "Resolved"}], "text": at}
    return {"coding": [{"system": system, "code": "unknown", "display": "Unknown"}], "text": "Not recorded"}


def needle_in(session: Session) -> str:
    """The entry of the insertion whose needle is still in; empty where it is out, or the procedure is over."""
    p, mark = session.protocol, insertion_mark(session.protocol)
    out = {end for counter in p.counter if counter.of == mark for end in (counter.counts, *counter.out)}
    within = ""
    for line in session.entries:
        if line.event.kind == "mark" and line.counts:
            done = line.data.get("mark")
            within = line.event.id if done == mark else "" if done in out else within
    return "" if session.closed else within

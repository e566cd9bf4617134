"""The values and figures of a record as FHIR Observations; what was taken back is told as entered in error."""

from collections.abc import Iterator
from typing import Any

from core.engine import words
from core.engine.log import Entry
from core.engine.session import Session
from core.engine.walk import is_number
from core.facts.bars import LIFTED
from core.facts.insertions import insertion_mark
from core.transfer.fhir_codes import VITAL_SIGNS, Codes
from core.transfer.fhir_parts import Json, quantity


def figures(session: Session, codes: Codes) -> Iterator[tuple[str, Json]]:
    """Times, counts and totals that stand: (code, fields)."""
    p = session.protocol
    for clock in p.clock:
        reading = session.walk.clock(clock.id)
        if not clock.hidden and reading.end is not None and reading.start is not None:
            yield (
                f"clock.{clock.id}",
                {
                    "code": codes.clock(clock.id, clock.label),
                    "effectivePeriod": {"start": words.utc(reading.start), "end": words.utc(reading.end)},
                    "valueQuantity": quantity(reading.closed // 1000, "s"),
                },
            )
    at = {"effectiveDateTime": words.utc(session.opened_at)}
    for counter in p.counter:
        if counter.runs:
            code = f"counter.{counter.id}"
            count = {"valueInteger": session.walk.count(counter.id).total}
            yield code, {"code": codes.concept(code, counter.label)} | at | count
    for total in p.total:
        code = f"total.{total.id}"
        amount = {"valueQuantity": quantity(session.walk.totals[total.id], total.unit)}
        yield code, {"code": codes.concept(code, total.label)} | at | amount


def values(session: Session) -> Iterator[tuple[Entry, str, Any, bool]]:
    """Each value ever recorded on its own or carried by a mark that is neither insertion nor drug: (entry, value,
    content, whether it stands).
    """
    p, taken = session.protocol, taken_back(session)
    elsewhere = {insertion_mark(p), *(mark for drug in p.medication for mark in drug.marks)}
    for line in session.entries:
        first, now = _contents(line, line.event.data, elsewhere), _contents(line, line.data, elsewhere)
        for key in {**first, **now}:
            content = now.get(key) if _holds(now.get(key)) else first.get(key)
            if key in p.value and _holds(content):
                yield line, key, content, line.counts and line.event.id not in taken and _holds(now.get(key))


def _holds(content: Any) -> bool:
    return content is not None and bool(str(content).strip())


def _contents(line: Entry, data: Any, elsewhere: set[str]) -> dict[str, Any]:
    if line.event.kind == "value":
        return {str(data.get("value")): data.get("is")}
    return data if line.event.kind == "mark" and data.get("mark") not in elsewhere else {}


def taken_back(session: Session) -> set[str]:
    """Entries of values that a later entry takes back: by null all of that value, a bar also by its name alone."""
    whys = {plan.bar: plan.bar_why for plan in session.protocol.plan if plan.bar}
    lines = [line for line in session.entries if line.event.kind == "value" and line.counts]
    taken: set[str] = set()
    for n, line in enumerate(lines):
        value, content, lifted = str(line.data.get("value")), line.data.get("is"), line.data.get(LIFTED)
        for m, before in enumerate(lines[:n]):
            if before.data.get("value") != value:
                continue
            if content is None or (lifted and value in whys and before.data.get("is") == lifted):
                taken.add(before.event.id)
                taken |= _reasons(lines[m + 1 : n], value, whys.get(value))
    return taken


def _reasons(after: list[Entry], value: str, why: str | None) -> set[str]:
    """The entries that say why a bar was set: those until the next bar."""
    reasons = set()
    for line in after:
        if line.data.get("value") == value:
            break
        if why and line.data.get("value") == why:
            reasons.add(line.event.id)
    return reasons


def observed(codes: Codes, line: Entry, key: str, content: Any) -> Json:
    """What an Observation of a value holds; a vital sign by its profile."""
    value, at = codes.p.value[key], {"effectiveDateTime": words.utc(line.at)}
    if isinstance(content, bool):
        found: Json = {"valueBoolean": content}
    elif value.type == "moment" and is_number(content):
        found = {"valueDateTime": words.utc(int(content))}
    elif is_number(content):
        found = {"valueQuantity": quantity(content, value.unit)}
    elif value.type == "option":
        found = {"valueCodeableConcept": codes.option(key, content, words.shown(codes.p, key, content))}
    else:
        found = {"valueString": str(content)}
    vital = VITAL_SIGNS if codes.vital(key) and "valueQuantity" in found else {}
    return {"code": codes.value(key, line)} | vital | at | found

"""One record as HL7 FHIR R4B resources, plain data that fhir.resources then validates.

Names and shapes are the standard's. What has no code of a code system that we are sure of is text: units alone carry
their UCUM code. A resource's id is made from the record's, so that a second export gives the same ones.
"""

from collections.abc import Iterator
from typing import Any

from core.engine import words
from core.engine.log import Entry
from core.engine.sentences import label, sentence
from core.engine.session import Session
from core.engine.walk import is_number
from core.facts import medication
from core.facts.insertions import insertion_mark, operators, with_ends
from core.transfer import fhir_provenance
from core.transfer.fhir_parts import CONFIRMED, Json, full, id_of, quantity, text


def resources(session: Session) -> Iterator[Json]:
    """Everything that a record says, the procedure first."""
    record = _Record(session)
    yield record.procedure()
    yield from record.insertions()
    yield from record.medications()
    yield from record.figures()
    yield from record.values()
    yield record.checks()
    yield from record.adverse_events()
    yield from fhir_provenance.provenances(session)


class _Record:
    """Makes the resources of one session; `subject` and `part_of` tie them together."""

    def __init__(self, session: Session) -> None:
        self.session, self.p = session, session.protocol
        self.main = id_of(session.id, "main")
        self.subject = (
            {"reference": f"urn:uuid:{id_of('patient', session.patient)}"}
            if session.patient
            else {"display": "unknown"}
        )
        self.part_of = [{"reference": f"urn:uuid:{self.main}"}]
        self.lines = [line for line in session.entries if line.counts]

    def status(self, status: str) -> str:
        """A resource's status; of a record that was opened by mistake, nothing in it took place."""
        return "entered-in-error" if self.session.mistaken else status

    def procedure(self) -> Json:
        s, p = self.session, self.p
        outcome = next(one for one in p.outcome if one.id == s.walk.outcome)
        stopped = any(p.mark[mark].tone == "stop" for mark in outcome.marks)
        status = self.status("stopped" if stopped else "completed" if s.closed else "in-progress")
        last = max((line.at for line in self.lines if line.event.kind == "mark"), default=s.opened_at)
        period = {"start": words.utc(s.opened_at)} | ({"end": words.utc(last)} if s.closed else {})
        told = [f"Protocol {p.id} {p.version}: {p.title}", words.AID, *s.flags, *(["Drill"] if s.drill else [])]
        told += [f"Dose {s.dose}"] if s.dose is not None else []
        told += [f"Prompt: {words.prompt(s, one)}{self._answered(one.kind, one.event)}" for one in s.walk.prompts]
        told += [f"To review: {sentence(s, one)}" for one in s.walk.review]
        told += [str(line.data["text"]) for line in self.lines if line.event.kind == "note" and line.data.get("text")]
        troubles = [text(label(p, line)) for line in self.lines if line.event.kind == "complication"]
        return full(
            resourceType="Procedure",
            id=self.main,
            status=status,
            subject=self.subject,
            code=text(p.title),
            identifier=[{"type": {"text": "Interspace record"}, "value": s.id}],
            category=text(p.short),
            performedPeriod=period,
            outcome=text(outcome.label),
            complication=troubles,
            performer=[{"actor": {"display": name}} for name in operators(s) if name.strip()],
            note=[{"text": one} for one in told if one.strip()],
        )

    def insertions(self) -> Iterator[Json]:
        p = self.p
        for one in with_ends(self.session):
            others = {key: found for key, found in one.carried.items() if key != p.group}
            ended = ": ".join(word for word in (one.ended_by, one.ended_with) if word)
            at = {"start": words.utc(one.at)} | ({"end": words.utc(one.ended_at)} if one.ended_at else {})
            yield full(
                resourceType="Procedure",
                id=id_of(self.session.id, "each", one.event),
                partOf=self.part_of,
                status=self.status("completed"),
                subject=self.subject,
                performedPeriod=at,
                outcome=text(ended),
                code=text(f"{p.mark[insertion_mark(p)].label} {one.number}"),
                performer=[{"actor": {"display": one.operator}}] if one.operator.strip() else [],
                bodySite=[text(words.shown(p, p.group, one.group))] if one.group.strip() else [],
                note=[{"text": words.one_line(p, others, words.utc)}] if words.one_line(p, others) else [],
            )

    def medications(self) -> Iterator[Json]:
        for one in medication.administrations(self.session):
            at = {"effectiveDateTime": words.utc(one.end)}
            if one.start is not None and one.start <= one.end:
                at = {"effectivePeriod": {"start": words.utc(one.start), "end": words.utc(one.end)}}  # type: ignore[dict-item]
            route, about = one.table.route, ", ".join(f"{name} {found}" for name, found in one.about)
            dosage, notes = {}, [about, f"Route: {route}" if route.strip() else ""]
            if one.amount is not None:  # the standard knows no dosage without an amount (mad-1)
                dosage, notes = full(route=text(route), dose=quantity(one.amount, one.unit)), [about]
            yield full(
                resourceType="MedicationAdministration",
                id=id_of(self.session.id, "medication", one.table.id, one.entry.event.id),
                status=self.status("stopped" if one.halted else "completed"),
                medicationCodeableConcept=text(one.name),
                subject=self.subject,
                partOf=self.part_of,
                dosage=dosage,
                note=[{"text": told} for told in notes if told],
                **at,
            )

    def figures(self) -> Iterator[Json]:
        s, p = self.session, self.p
        for clock in p.clock:
            reading = s.walk.clock(clock.id)
            if not clock.hidden and reading.end is not None and reading.start is not None:
                period = {"start": words.utc(reading.start), "end": words.utc(reading.end)}
                value = {"valueQuantity": quantity(reading.closed // 1000, "s")}
                yield self._observation(clock.id, clock.label, "final", effectivePeriod=period, **value)
        at = words.utc(s.opened_at)
        for counter in p.counter:
            if counter.runs:
                found = {"valueInteger": s.walk.count(counter.id).total}
                yield self._observation(counter.id, counter.label, "final", effectiveDateTime=at, **found)
        for total in p.total:
            amount = {"valueQuantity": quantity(s.walk.totals[total.id], total.unit)}
            yield self._observation(f"total-{total.id}", total.label, "final", effectiveDateTime=at, **amount)

    def values(self) -> Iterator[Json]:
        """Each value that was recorded on its own, or carried by a mark that is neither insertion nor drug."""
        elsewhere = {insertion_mark(self.p), *(mark for one in self.p.medication for mark in one.marks)}
        for line in self.lines:
            told: Json = {}
            if line.event.kind == "value":
                told = {line.data.get("value"): line.data.get("is")}  # type: ignore[dict-item]
            elif line.event.kind == "mark" and line.data.get("mark") not in elsewhere:
                told = line.data
            for key, found in told.items():
                if key in self.p.value and found not in (None, "") and str(found).strip():
                    yield self._value(line, key, found)

    def _value(self, line: Entry, key: str, found: Any) -> Json:
        value = self.p.value[key]
        if isinstance(found, bool):
            told: Json = {"valueBoolean": found}
        elif value.type == "moment" and is_number(found):
            told = {"valueDateTime": words.utc(int(found))}
        elif isinstance(found, int | float):
            told = {"valueQuantity": quantity(found, value.unit)}
        elif value.type == "option":
            told = {"valueCodeableConcept": text(words.shown(self.p, key, found))}
        else:
            told = {"valueString": str(found)}
        status = "amended" if line.amended else "final"
        at = words.utc(line.at)
        return self._observation(f"{line.event.id}-{key}", value.label, status, effectiveDateTime=at, **told)

    def _observation(self, name: str, named: str, status: str, **more: Any) -> Json:
        return full(
            resourceType="Observation",
            id=id_of(self.session.id, "observed", name),
            status=self.status(status),
            code=text(named),
            subject=self.subject,
            partOf=self.part_of,
            **more,
        )

    def checks(self) -> Json:
        s, items = self.session, []
        at = {line.event.id: words.utc(line.at) for line in s.entries}
        for key, check in self.p.check.items():
            confirmed = s.walk.checks.get(key)
            when = {
                "linkId": f"{key}-at",
                "text": CONFIRMED,
                "answer": [{"valueDateTime": at.get(confirmed or "")}],
            }
            answer = [{"valueBoolean": True, "item": [when]}] if confirmed else []
            items.append(full(linkId=key, text=check.label, answer=answer))
        last = max((line.at for line in self.lines if line.event.kind == "check"), default=s.opened_at)
        return full(
            resourceType="QuestionnaireResponse",
            id=id_of(s.id, "checks"),
            questionnaire=f"urn:uuid:{id_of('checks', self.p.id, self.p.version)}",
            partOf=self.part_of,
            status=self.status("completed" if s.closed else "in-progress"),
            subject=self.subject,
            authored=words.utc(last),
            item=items,
        )

    def adverse_events(self) -> Iterator[Json]:
        """Each with the procedure that it followed; none of a record opened by mistake, as the standard has no status
        to say that it did not happen.
        """
        for line in self.lines:
            if line.event.kind == "complication" and not self.session.mistaken:
                told = (
                    label(self.p, line),
                    str(line.data.get("text") or ""),
                    words.one_line(self.p, line.data, words.utc),
                )
                yield full(
                    resourceType="AdverseEvent",
                    id=id_of(self.session.id, "adverse", line.event.id),
                    actuality="actual",
                    suspectEntity=[{"instance": reference} for reference in self.part_of],
                    event=text(": ".join(one for one in told if one)),
                    subject=self.subject,
                    date=words.utc(line.at),
                )

    def _answered(self, kind: str, event: str) -> str:
        answers = [line for line in self.lines if line.event.kind == "answer"]
        for line in answers:
            if (line.data.get("prompt"), line.data.get("of")) == (kind, event):
                return f" Passed: {line.data.get('reason') or 'acknowledged'}."
        return ""

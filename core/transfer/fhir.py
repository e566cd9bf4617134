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
        outcome = next(outcome for outcome in p.outcome if outcome.id == s.walk.outcome)
        stopped = any(p.mark[mark].tone == "stop" for mark in outcome.marks)
        status = self.status("stopped" if stopped else "completed" if s.closed else "in-progress")
        last = max((line.at for line in self.lines if line.event.kind == "mark"), default=s.opened_at)
        period = {"start": words.utc(s.opened_at)} | ({"end": words.utc(last)} if s.closed else {})
        notes = [f"Protocol {p.id} {p.version}: {p.title}", words.AID, *s.flags, *(["Drill"] if s.drill else [])]
        notes += [f"Dose {s.dose}"] if s.dose is not None else []
        notes += [
            f"Prompt: {words.prompt(s, prompt)}{self._answered(prompt.kind, prompt.event)}" for prompt in s.walk.prompts
        ]
        notes += [f"To review: {sentence(s, item)}" for item in s.walk.review]
        notes += [str(line.data["text"]) for line in self.lines if line.event.kind == "note" and line.data.get("text")]
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
            note=[{"text": note} for note in notes if note.strip()],
        )

    def insertions(self) -> Iterator[Json]:
        p = self.p
        for insertion in with_ends(self.session):
            others = {key: content for key, content in insertion.carried.items() if key != p.group}
            ended = ": ".join(word for word in (insertion.ended_by, insertion.ended_with) if word)
            at = {"start": words.utc(insertion.at)} | (
                {"end": words.utc(insertion.ended_at)} if insertion.ended_at else {}
            )
            yield full(
                resourceType="Procedure",
                id=id_of(self.session.id, "each", insertion.event),
                partOf=self.part_of,
                status=self.status("completed"),
                subject=self.subject,
                performedPeriod=at,
                outcome=text(ended),
                code=text(f"{p.mark[insertion_mark(p)].label} {insertion.number}"),
                performer=[{"actor": {"display": insertion.operator}}] if insertion.operator.strip() else [],
                bodySite=[text(words.shown(p, p.group, insertion.group))] if insertion.group.strip() else [],
                note=[{"text": words.one_line(p, others, words.utc)}] if words.one_line(p, others) else [],
            )

    def medications(self) -> Iterator[Json]:
        for drug in medication.administrations(self.session):
            at = {"effectiveDateTime": words.utc(drug.end)}
            if drug.start is not None and drug.start <= drug.end:
                at = {"effectivePeriod": {"start": words.utc(drug.start), "end": words.utc(drug.end)}}  # type: ignore[dict-item]
            route, about = drug.table.route, ", ".join(f"{name} {content}" for name, content in drug.about)
            dosage, notes = {}, [about, f"Route: {route}" if route.strip() else ""]
            if drug.amount is not None:  # the standard knows no dosage without an amount (mad-1)
                dosage, notes = full(route=text(route), dose=quantity(drug.amount, drug.unit)), [about]
            yield full(
                resourceType="MedicationAdministration",
                id=id_of(self.session.id, "medication", drug.table.id, drug.entry.event.id),
                status=self.status("stopped" if drug.halted else "completed"),
                medicationCodeableConcept=text(drug.name),
                subject=self.subject,
                partOf=self.part_of,
                dosage=dosage,
                note=[{"text": note} for note in notes if note],
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
                count = {"valueInteger": s.walk.count(counter.id).total}
                yield self._observation(counter.id, counter.label, "final", effectiveDateTime=at, **count)
        for total in p.total:
            amount = {"valueQuantity": quantity(s.walk.totals[total.id], total.unit)}
            yield self._observation(f"total-{total.id}", total.label, "final", effectiveDateTime=at, **amount)

    def values(self) -> Iterator[Json]:
        """Each value that was recorded on its own, or carried by a mark that is neither insertion nor drug."""
        elsewhere = {insertion_mark(self.p), *(mark for drug in self.p.medication for mark in drug.marks)}
        for line in self.lines:
            contents: Json = {}
            if line.event.kind == "value":
                contents = {line.data.get("value"): line.data.get("is")}  # type: ignore[dict-item]
            elif line.event.kind == "mark" and line.data.get("mark") not in elsewhere:
                contents = line.data
            for key, content in contents.items():
                if key in self.p.value and content not in (None, "") and str(content).strip():
                    yield self._value(line, key, content)

    def _value(self, line: Entry, key: str, content: Any) -> Json:
        value = self.p.value[key]
        if isinstance(content, bool):
            fields: Json = {"valueBoolean": content}
        elif value.type == "moment" and is_number(content):
            fields = {"valueDateTime": words.utc(int(content))}
        elif isinstance(content, int | float):
            fields = {"valueQuantity": quantity(content, value.unit)}
        elif value.type == "option":
            fields = {"valueCodeableConcept": text(words.shown(self.p, key, content))}
        else:
            fields = {"valueString": str(content)}
        status = "amended" if line.amended else "final"
        at = words.utc(line.at)
        return self._observation(f"{line.event.id}-{key}", value.label, status, effectiveDateTime=at, **fields)

    def _observation(self, name: str, title: str, status: str, **more: Any) -> Json:
        return full(
            resourceType="Observation",
            id=id_of(self.session.id, "observed", name),
            status=self.status(status),
            code=text(title),
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
                parts = (
                    label(self.p, line),
                    str(line.data.get("text") or ""),
                    words.one_line(self.p, line.data, words.utc),
                )
                yield full(
                    resourceType="AdverseEvent",
                    id=id_of(self.session.id, "adverse", line.event.id),
                    actuality="actual",
                    suspectEntity=[{"instance": reference} for reference in self.part_of],
                    event=text(": ".join(part for part in parts if part)),
                    subject=self.subject,
                    date=words.utc(line.at),
                )

    def _answered(self, kind: str, event: str) -> str:
        answers = [line for line in self.lines if line.event.kind == "answer"]
        for line in answers:
            if (line.data.get("prompt"), line.data.get("of")) == (kind, event):
                return f" Passed: {line.data.get('reason') or 'acknowledged'}."
        return ""

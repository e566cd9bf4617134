"""One record as HL7 FHIR R4B resources, plain data that fhir.resources then validates.

Names and shapes are the standard's. What is named has the protocol's own id as its code (fhir_codes), beside the words.
A resource's id is made from the site's namespace and the record's id, so that a second export gives the same ones.
What was taken back stays, entered in error, so that a system that took it before learns of it.
"""

from collections.abc import Iterator
from uuid import UUID

from core.engine import words
from core.engine.log import Entry
from core.engine.sentences import sentence
from core.engine.session import Session
from core.facts import medication
from core.facts.insertions import Insertion, insertion_mark, operators, with_ends
from core.transfer import fhir_codes, fhir_drugs, fhir_events, fhir_provenance, fhir_values
from core.transfer.fhir_parts import Json, full, names_of, text

WRONG = "entered-in-error"
HTEST = {"system": f"{fhir_codes.TERMINOLOGY}/v3-ActReason", "code": "HTEST", "display": "test health data"}
Key = tuple[str, ...]


def resources(session: Session, namespace: UUID) -> list[Json]:
    """Everything that a record says: what it shares with others, then the procedure and its parts."""
    record = _Record(session, namespace)
    made = [*record.shared(), *record.own()]
    return [resource | {"meta": {"security": [HTEST]}} for resource in made] if session.drill else made


def gone(session: Session, namespace: UUID, made: list[Json]) -> Iterator[tuple[str, str]]:
    """(type, id) of what an earlier export may have held, and for which the standard knows no status of an error:
    adverse events that were taken back, and figures that no longer stand.
    """
    names, p = names_of(session, namespace), session.protocol
    ids = {resource["id"] for resource in made}
    entries = [line.event.id for line in session.entries if line.event.kind == "complication"]
    once = [("AdverseEvent", names.id(session.id, "adverse", entry)) for entry in entries]
    once += [("Observation", names.id(session.id, "observed", f"clock.{clock.id}")) for clock in p.clock]
    yield from ((kind, id_) for kind, id_ in once if id_ not in ids)


class _Record:
    """Makes the resources of one session; `about` holds which resources tell of an entry."""

    def __init__(self, session: Session, namespace: UUID) -> None:
        self.session, self.p = session, session.protocol
        self.names = names_of(session, namespace)
        self.codes = fhir_codes.codes_of(session, self.names)
        self.main = self.names.reference(session.id, "main")
        patient = self.names.reference("patient", session.patient)
        self.subject = patient if session.patient else {"display": "unknown"}
        self.lines = [line for line in session.entries if line.counts]
        self.about: dict[str, list[Json]] = {}

    def shared(self) -> Iterator[Json]:
        """What several records of a bundle may share: the patient, the tablets, the protocol's ids and checklist."""
        s, names = self.session, self.names
        if s.patient:
            code = names.identifier("Patient code", s.patient)
            yield {"resourceType": "Patient", "id": names.id("patient", s.patient), "identifier": [code]}
        for device in sorted({line.event.device for line in s.entries}):
            yield {
                "resourceType": "Device",
                "id": names.id("device", device),
                "identifier": [names.identifier("Device that recorded", device)],
                "deviceName": [{"name": f"Interspace on {device}", "type": "user-friendly-name"}],
                "note": [{"text": words.AID}],
            }
        yield fhir_codes.code_system(self.codes, names)
        yield fhir_codes.questionnaire(self.codes, names)

    def own(self) -> Iterator[Json]:
        """The procedure first, the corrections last: they point at what the others tell."""
        yield self.procedure()
        yield from self.insertions()
        yield from self.medications()
        yield from self.observations()
        yield self.checks()
        yield from self.adverse_events()
        yield from fhir_provenance.provenances(self.session, self.names, self.about, self.main)

    def status(self, status: str) -> str:
        """A resource's status; of a record that was opened by mistake, nothing in it took place."""
        return WRONG if self.session.mistaken else status

    def begun(self, kind: str, key: Key, status: str, entry: str = "") -> Json:
        """What resources of a record have in common; `entry`: the one that it tells of."""
        if entry:
            self.about.setdefault(entry, []).append(self.names.reference(self.session.id, *key))
        return {
            "resourceType": kind,
            "id": self.names.id(self.session.id, *key),
            "status": self.status(status),
            "subject": self.subject,
            "partOf": [self.main],
        }

    def procedure(self) -> Json:
        s, p = self.session, self.p
        outcome = next(outcome for outcome in p.outcome if outcome.id == s.walk.outcome)
        stopped = any(p.mark[mark].tone == "stop" for mark in outcome.marks)
        status = self.status("stopped" if stopped else "completed" if s.closed else "in-progress")
        last = max((line.at for line in self.lines if line.event.kind == "mark"), default=s.opened_at)
        period = {"start": words.utc(s.opened_at)} | ({"end": words.utc(last)} if s.closed else {})
        troubles = [line for line in self.lines if line.event.kind == "complication"]
        return full(
            resourceType="Procedure",
            id=self.names.id(s.id, "main"),
            status=status,
            subject=self.subject,
            code=self.codes.concept("protocol", p.title),
            identifier=[self.names.identifier("Interspace record", s.id)],
            category=text(p.short),
            performedPeriod=period,
            outcome=self.codes.concept(f"outcome.{outcome.id}", outcome.label),
            complication=[fhir_events.complication(self.codes, line) for line in troubles],
            performer=[{"actor": {"display": name}} for name in operators(s) if name.strip()],
            note=[{"text": note} for note in self._notes() if note.strip()],
        )

    def _notes(self) -> list[str]:
        s, p = self.session, self.p
        notes = [f"Protocol {p.id} {p.version}: {p.title}", words.AID, *s.flags, *(["Drill"] if s.drill else [])]
        notes += [f"Dose {s.dose}"] if s.dose is not None else []
        notes += [
            f"Prompt: {words.prompt(s, prompt)}{self._answered(prompt.kind, prompt.event)}" for prompt in s.walk.prompts
        ]
        notes += [f"To review: {sentence(s, item)}" for item in s.walk.review]
        return notes + [
            str(line.data["text"]) for line in self.lines if line.event.kind == "note" and line.data.get("text")
        ]

    def insertions(self) -> Iterator[Json]:
        p, mark = self.p, insertion_mark(self.p)
        inserted = with_ends(self.session)
        within = fhir_events.needle_in(self.session)
        for insertion in inserted:
            yield self._insertion(insertion, insertion.event == within)
        numbered = {insertion.event for insertion in inserted}
        for line in self.session.entries:
            if line.event.kind == "mark" and line.data.get("mark") == mark and line.event.id not in numbered:
                status = "completed" if line.counts else WRONG  # one that counts: under CT, which no counter follows
                begun = self.begun("Procedure", ("each", line.event.id), status, line.event.id)
                code = self.codes.concept(f"mark.{mark}", p.mark[mark].label)
                yield begun | {"code": code, "performedPeriod": {"start": words.utc(line.at)}}

    def _insertion(self, insertion: Insertion, within: bool) -> Json:
        p, mark = self.p, insertion_mark(self.p)
        others = {key: content for key, content in insertion.carried.items() if key != p.group}
        ended = ": ".join(word for word in (insertion.ended_by, insertion.ended_with) if word)
        end = {"end": words.utc(insertion.ended_at)} if insertion.ended_at and not within else {}
        place = self.codes.option(p.group, insertion.group, words.shown(p, p.group, insertion.group))
        status = "in-progress" if within else "completed"
        return self.begun("Procedure", ("each", insertion.event), status, insertion.event) | full(
            performedPeriod={"start": words.utc(insertion.at)} | end,
            outcome=text(ended),
            code=self.codes.concept(f"mark.{mark}", f"{p.mark[mark].label} {insertion.number}"),
            performer=[{"actor": {"display": insertion.operator}}] if insertion.operator.strip() else [],
            bodySite=[place] if insertion.group.strip() else [],
            note=[{"text": words.one_line(p, others, words.utc)}] if words.one_line(p, others) else [],
        )

    def medications(self) -> Iterator[Json]:
        for drug in medication.administrations(self.session):
            key = (drug.table.id, drug.entry.event.id)
            vial = fhir_drugs.medication(self.codes, drug, self.names.id(self.session.id, "medicine", *key))
            yield vial | {"status": self.status("active")}
            status = "stopped" if drug.halted else "completed"
            begun = self.begun("MedicationAdministration", ("medication", *key), status, drug.entry.event.id)
            reference = self.names.reference(self.session.id, "medicine", *key) | {"display": drug.name}
            yield begun | {"medicationReference": reference} | fhir_drugs.administration(self.codes, drug)
        for table in self.p.medication:
            for line in self.session.entries:
                if line.event.kind == "mark" and line.data.get("mark") in table.marks and not line.counts:
                    key = (table.id, line.event.id)
                    begun = self.begun("MedicationAdministration", ("medication", *key), WRONG, line.event.id)
                    drug_code = self.codes.concept(f"medication.{table.id}", table.label)
                    yield begun | {"medicationCodeableConcept": drug_code, "effectiveDateTime": words.utc(line.at)}

    def observations(self) -> Iterator[Json]:
        standing = "final" if self.session.closed else "preliminary"
        for code, fields in fhir_values.figures(self.session, self.codes):
            yield self.begun("Observation", ("observed", code), standing) | fields
        for line, key, content, stands in fhir_values.values(self.session):
            status = ("amended" if line.amended and self.session.closed else standing) if stands else WRONG
            begun = self.begun("Observation", ("observed", f"{line.event.id}-{key}"), status, line.event.id)
            yield begun | fhir_values.observed(self.codes, line, key, content)

    def checks(self) -> Json:
        s, items = self.session, []
        at = {line.event.id: words.utc(line.at) for line in s.entries}
        for key, check in self.p.check.items():
            confirmed = s.walk.checks.get(key)
            moment = [{"valueDateTime": at.get(confirmed or "")}]
            when = fhir_codes.item(self.codes, f"{key}-at", f"check.{key}.at", fhir_codes.CONFIRMED, moment)
            answer = [{"valueBoolean": True, "item": [when]}] if confirmed else []
            items.append(fhir_codes.item(self.codes, key, f"check.{key}", check.label, answer))
        ticks = [line for line in s.entries if line.event.kind == "check"]
        for line in ticks:
            self.about[line.event.id] = [self.names.reference(s.id, "checks")]
        begun = self.begun("QuestionnaireResponse", ("checks",), "completed" if s.closed else "in-progress")
        return begun | full(
            questionnaire=f"{self.names.url('checks', self.p.id)}|{self.codes.version}",
            authored=words.utc(max((line.at for line in ticks if line.counts), default=s.opened_at)),
            item=items,
        )

    def adverse_events(self) -> Iterator[Json]:
        """Each with the procedure that it followed; none of a record opened by mistake, as the standard has no status
        to say that it did not happen.
        """
        for line in self.lines:
            if line.event.kind == "complication" and not self.session.mistaken:
                key = ("adverse", line.event.id)
                self.about[line.event.id] = [self.names.reference(self.session.id, *key)]
                yield {
                    "resourceType": "AdverseEvent",
                    "id": self.names.id(self.session.id, *key),
                    "subject": self.subject,
                    "suspectEntity": [{"instance": self.main}],
                } | fhir_events.adverse(self.codes, line)

    def _answered(self, kind: str, event: str) -> str:
        answers: list[Entry] = [line for line in self.lines if line.event.kind == "answer"]
        for line in answers:
            if (line.data.get("prompt"), line.data.get("of")) == (kind, event):
                return f" Passed: {line.data.get('reason') or 'acknowledged'}."
        return ""

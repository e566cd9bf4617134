"""Records as one HL7 FHIR R4B Bundle (a collection), every part validated by fhir.resources before it is written."""

from collections.abc import Iterator
from typing import Any, BinaryIO, TextIO

import msgspec

from core import clock
from core.engine import words
from core.engine.session import Session
from core.facts.insertions import insertion_mark
from core.protocols.tables import Protocol
from core.records import sessions as records
from core.records.row import Row
from core.store import Store, StoreError
from core.transfer import fhir, fhir_parts
from core.transfer.export_csv import write_rows
from core.transfer.progress import Progress, counted

DICTIONARY = ("resource", "element", "text", "unit", "UCUM code", "source", "protocol")


def write(store: Store, sessions: list[str], out: BinaryIO) -> Iterator[Progress]:
    """Writes the bundle record by record; one that cannot be read or told in FHIR is left out and told."""
    stamp = words.utc(clock.now_ms())
    out.write(f'{{"resourceType":"Bundle","type":"collection","timestamp":"{stamp}"'.encode())
    known: set[str] = set()  # of what records share: the rest of each is its own
    before = b',"entry":[\n'
    for progress, session in counted(sessions):
        try:
            entries = bundled(records.read(store, session))
        except StoreError as error:
            yield progress._replace(problem=str(error))
            continue
        except ValueError as error:  # pydantic's: its text quotes the record, so it is not told
            yield progress._replace(problem=f"{session} cannot be told in FHIR ({type(error).__name__}).")
            continue
        for entry in entries:
            if entry["fullUrl"] in known:
                continue
            if entry["resource"]["resourceType"] in fhir_parts.SHARED:
                known.add(entry["fullUrl"])
            out.write(before + msgspec.json.encode(entry))
            before = b",\n"
        yield progress
    out.write(b"]}\n" if before == b",\n" else b"}\n")  # the standard knows no empty list


def bundled(session: Session) -> list[dict[str, Any]]:
    """The entries of a record's own bundle, validated as a whole. Raises ValueError (pydantic's)."""
    from fhir.resources.R4B.bundle import Bundle  # heavy: only who exports FHIR pays for it

    resources = [*fhir_parts.shared(session), *fhir.resources(session)]
    entries = [{"fullUrl": fhir_parts.urn(resource), "resource": resource} for resource in resources]
    Bundle.model_validate({"resourceType": "Bundle", "type": "collection", "entry": entries})
    return entries


def write_dictionary(kept: Store, rows: list[Row], out: TextIO) -> None:
    """Writes where each thing of the protocols stands in the bundle. Raises StoreError."""
    protocols = [records.protocol_named(kept, sha) for sha in dict.fromkeys(row.hash for row in rows)]
    write_rows(out, DICTIONARY, [line for p in protocols for line in _described(p)])


def _described(p: Protocol) -> Iterator[list[str]]:
    def line(resource: str, element: str, text: str, unit: str = "", source: str = "") -> list[str]:
        return [resource, element, text, unit, fhir_parts.UCUM.get(unit, ""), source, f"{p.id} {p.version}"]

    yield line("Procedure", "the record: outcome, performer, performedPeriod, note", p.title)
    if insertion_mark(p):
        yield line("Procedure", "partOf the record: bodySite, performer, outcome", p.mark[insertion_mark(p)].label)
    for drug in p.medication:
        yield line("MedicationAdministration", "dosage.dose", drug.label, p.value[drug.amount].unit, drug.source)
    for clock_ in p.clock:
        if not clock_.hidden:
            yield line("Observation", "valueQuantity", clock_.label, "s", clock_.source)
    for counter in p.counter:
        if counter.runs:
            yield line("Observation", "valueInteger", counter.label, source=counter.source)
    for total in p.total:
        yield line("Observation", "valueQuantity", total.label, total.unit, total.source)
    kinds = {
        "number": "valueQuantity",
        "option": "valueCodeableConcept",
        "yesno": "valueBoolean",
        "text": "valueString",
        "moment": "valueDateTime",
    }
    for value in p.value.values():
        yield line("Observation", kinds[value.type], value.label, value.unit, value.source)
    for key, check in p.check.items():
        yield line("QuestionnaireResponse", f"item {key}", check.label, source=check.source)
    for complication in p.complication.values():
        yield line("AdverseEvent", "event", complication.label, source=complication.source)

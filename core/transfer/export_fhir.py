"""Records as one HL7 FHIR R4B Bundle, every part validated by fhir.resources before it is written."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, TextIO
from uuid import UUID

import msgspec

from core import clock
from core.engine import words
from core.engine.session import Session
from core.facts.insertions import insertion_mark
from core.facts.report_pdf import PdfUnavailable
from core.protocols.tables import Protocol
from core.records import sessions as records
from core.records.row import Row
from core.store import Store, StoreError
from core.transfer import fhir, fhir_document, fhir_parts, fhir_transaction
from core.transfer.export_csv import write_rows
from core.transfer.fhir_parts import Json
from core.transfer.progress import Progress, counted

DICTIONARY = ("resource", "element", "text", "unit", "UCUM code", "source", "protocol", "code")


class Kind(NamedTuple):
    """A bundle to look at (a collection), or one for a server (a transaction); with the reports as PDF files or not."""

    transaction: bool = False
    reports: bool = True


COLLECTION, TRANSACTION = Kind(), Kind(transaction=True)


def write(store: Store, sessions: list[str], out: BinaryIO, kind: Kind = COLLECTION) -> Iterator[Progress]:
    """Writes the bundle record by record; one that cannot be read or told in FHIR is left out and told."""
    stamp, type_ = words.utc(clock.now_ms()), "transaction" if kind.transaction else "collection"
    out.write(f'{{"resourceType":"Bundle","type":"{type_}","timestamp":"{stamp}"'.encode())
    known: set[str] = set()  # of what records share: the rest of each is its own
    lacking: set[str] = set()  # why reports are left out, each said once
    before = b',"entry":[\n'
    for progress, session in counted(sessions):
        try:
            entries, why = bundled(records.read(store, session), store.namespace, kind)
        except StoreError as error:
            yield progress._replace(problem=str(error))
            continue
        except ValueError as error:  # pydantic's: its text quotes the record, so it is not told
            yield progress._replace(problem=f"{session} cannot be told in FHIR ({type(error).__name__}).")
            continue
        for entry in entries:
            if entry.get("fullUrl") in known:
                continue
            if entry.get("resource", {}).get("resourceType") in fhir_parts.SHARED:
                known.add(entry["fullUrl"])
            out.write(before + msgspec.json.encode(entry))
            before = b",\n"
        yield progress._replace(problem="" if why in lacking else why)
        lacking.add(why)
    out.write(b"]}\n" if before == b",\n" else b"}\n")  # the standard knows no empty list


def bundled(session: Session, namespace: UUID, kind: Kind) -> tuple[list[Json], str]:
    """The entries of a record's own bundle, validated as a whole, and why its report is not in it. Raises ValueError
    (pydantic's).
    """
    from fhir.resources.R4B.bundle import Bundle  # heavy: only who exports FHIR pays for it

    session = fhir_parts.printable(session)
    made, why = fhir.resources(session, namespace), ""
    if kind.reports:
        try:
            made.append(fhir_document.document(session, namespace))
        except PdfUnavailable as error:
            why = f"The reports are not in the bundle. {error}"
    entries = [{"fullUrl": fhir_parts.urn(resource), "resource": resource} for resource in made]
    if kind.transaction:
        entries = fhir_transaction.entries(made, fhir.gone(session, namespace, made))
    type_ = "transaction" if kind.transaction else "collection"
    Bundle.model_validate({"resourceType": "Bundle", "type": type_, "entry": entries})
    return entries, why


def write_dictionary(kept: Store, rows: list[Row], out: TextIO) -> None:
    """Writes where each thing of the protocols stands in the bundle. Raises StoreError."""
    protocols = [records.protocol_named(kept, sha) for sha in dict.fromkeys(row.hash for row in rows)]
    write_rows(out, DICTIONARY, [line for p in protocols for line in _described(p)])


def _described(p: Protocol) -> Iterator[list[str]]:
    def line(resource: str, element: str, text: str, code: str, unit: str = "", source: str = "") -> list[str]:
        return [resource, element, text, unit, fhir_parts.UCUM.get(unit, ""), source, f"{p.id} {p.version}", code]

    yield line("Procedure", "the record: outcome, performer, performedPeriod, note", p.title, "protocol")
    if insertion_mark(p):
        code = f"mark.{insertion_mark(p)}"
        yield line("Procedure", "partOf the record: bodySite, performer", p.mark[insertion_mark(p)].label, code)
    for drug in p.medication:
        code, unit = f"medication.{drug.id}", p.value[drug.amount].unit
        yield line("MedicationAdministration", "dosage.text", drug.label, code, unit, drug.source)
        yield line("MedicationAdministration", "dosage.dose, where the strength is known", drug.label, code, "mg")
        yield line("Medication", "ingredient.strength, batch", drug.label, code, source=drug.source)
    for clock_ in p.clock:
        if not clock_.hidden:
            yield line("Observation", "valueQuantity", clock_.label, f"clock.{clock_.id}", "s", clock_.source)
    for counter in p.counter:
        if counter.runs:
            yield line("Observation", "valueInteger", counter.label, f"counter.{counter.id}", source=counter.source)
    for total in p.total:
        yield line("Observation", "valueQuantity", total.label, f"total.{total.id}", total.unit, total.source)
    kinds = {
        "number": "valueQuantity",
        "option": "valueCodeableConcept",
        "yesno": "valueBoolean",
        "text": "valueString",
        "moment": "valueDateTime",
    }
    for key, value in p.value.items():
        yield line("Observation", kinds[value.type], value.label, f"value.{key}", value.unit, value.source)
    for key, check in p.check.items():
        yield line("QuestionnaireResponse", f"item {key}", check.label, f"check.{key}", source=check.source)
    for key, complication in p.complication.items():
        yield line("AdverseEvent", "event", complication.label, f"complication.{key}", source=complication.source)
    yield line("DocumentReference", "content.attachment", "The report as a PDF file", "")

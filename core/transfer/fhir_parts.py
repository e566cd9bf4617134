"""What FHIR resources are made of: ids, texts, quantities, and the resources that several records share."""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from core.engine.session import Session
from core.engine.words import AID
from core.protocols.tables import Protocol

Json = dict[str, Any]
# Units of the protocols and their codes in UCUM (ucum.org); another unit is text.
UCUM = {
    "kg": "kg",
    "mg": "mg",
    "mg/kg": "mg/kg",
    "mL": "mL",
    "mm": "mm",
    "s": "s",
    "min": "min",
    "h": "h",
    "y": "a",
    "%": "%",
    "/min": "/min",
    "degrees": "deg",
    "×10⁹/L": "10*9/L",
    "cmH2O": "cm[H2O]",
}
SHARED = ("Patient", "Device", "Questionnaire")  # one in a bundle, however many records refer to it
CONFIRMED = "Confirmed at"


def shared(session: Session) -> Iterator[Json]:
    """What several records of a bundle may share: the patient, the tablets, the checklist of the protocol."""
    if session.patient:
        identifier = {"type": {"text": "Patient code"}, "value": session.patient}
        yield {"resourceType": "Patient", "id": id_of("patient", session.patient), "identifier": [identifier]}
    for device in sorted({line.event.device for line in session.entries}):
        identifier = {"type": {"text": "Device that recorded"}, "value": device}
        yield {
            "resourceType": "Device",
            "id": id_of("device", device),
            "identifier": [identifier],
            "deviceName": [{"name": f"Interspace on {device}", "type": "user-friendly-name"}],
            "note": [{"text": AID}],
        }
    yield _questionnaire(session.protocol)


def urn(resource: Json) -> str:
    """The address of a resource in its bundle."""
    return f"urn:uuid:{resource['id']}"


def id_of(*parts: str) -> str:
    """A resource's id, the same at every export."""
    return str(uuid5(NAMESPACE_URL, "interspace/" + "/".join(parts)))


def _questionnaire(p: Protocol) -> Json:
    id_ = id_of("checks", p.id, p.version)
    items = [
        {
            "linkId": key,
            "text": check.label,
            "type": "boolean",
            "item": [{"linkId": f"{key}-at", "text": CONFIRMED, "type": "dateTime"}],
        }
        for key, check in p.check.items()
    ]
    return {
        "resourceType": "Questionnaire",
        "id": id_,
        "url": f"urn:uuid:{id_}",
        "version": p.version,
        "status": "active",
        "title": f"{p.title}: checks",
        "item": items,
    }


def text(words_: str) -> Json:
    """A CodeableConcept without a code; nothing where there are no words."""
    return {"text": words_} if words_.strip() else {}


def quantity(value: float, unit: str) -> Json:
    """A number with its unit, coded where UCUM has it."""
    coded = {"system": "http://unitsofmeasure.org", "code": UCUM[unit]} if unit in UCUM else {}
    return {"value": value} | ({"unit": unit} if unit else {}) | coded


def full(**fields: Any) -> Json:
    """The fields that hold something: the standard knows no empty ones."""
    return {key: content for key, content in fields.items() if content not in ({}, [], None, "")}

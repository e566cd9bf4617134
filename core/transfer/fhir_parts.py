"""What FHIR resources are made of: a site's ids and addresses, texts, quantities, and signs that servers take."""

from typing import Any
from uuid import UUID, uuid5

import msgspec

from core.engine.session import Session, fold
from core.transfer.signs import legible

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
    "µGy·m²": "uGy.m2",
}
SHARED = ("Patient", "Device", "Questionnaire", "CodeSystem")  # one in a bundle, however many records refer to it


class Names(msgspec.Struct, frozen=True):
    """Ids and addresses below one namespace: the site's, and for drills one of their own, so that nothing is shared."""

    namespace: UUID

    def id(self, *parts: str) -> str:
        """A resource's id, the same at every export of this site and no other's."""
        return str(uuid5(self.namespace, "/".join(parts)))

    def url(self, *parts: str) -> str:
        """An address that nobody else can own."""
        return f"urn:uuid:{self.id('url', *parts)}"

    def reference(self, *parts: str) -> Json:
        """A reference to the resource of that id, as it stands in a bundle."""
        return {"reference": f"urn:uuid:{self.id(*parts)}"}

    def identifier(self, kind: str, value: str) -> Json:
        """What this site calls something of that kind: its code is unique within the system alone."""
        return {"type": {"text": kind}, "system": self.url("system", kind), "value": value}


def names_of(session: Session, namespace: UUID) -> Names:
    """The names that a record's resources have: a drill's patient is no patient, even if the code is the same."""
    return Names(uuid5(namespace, "drill") if session.drill else namespace)


def printable(session: Session) -> Session:
    """The same record without the control characters that a scanner or a program left in its entries."""
    events = [line.event for line in session.entries]
    legible = [msgspec.structs.replace(event, by=_printable(event.by), data=_printable(event.data)) for event in events]
    return session if legible == events else fold(session.protocol, session.id, legible)


def _printable(content: Any) -> Any:
    if isinstance(content, str):
        return legible(content)
    return {key: _printable(inner) for key, inner in content.items()} if isinstance(content, dict) else content


def urn(resource: Json) -> str:
    """The address of a resource in its bundle."""
    return f"urn:uuid:{resource['id']}"


def text(words_: str) -> Json:
    """A CodeableConcept without a code; nothing where there are no words."""
    return {"text": words_} if words_.strip() else {}


def quantity(value: float, unit: str) -> Json:
    """A number with its unit, coded where UCUM has it."""
    coded = {"system": "http://unitsofmeasure.org", "code": UCUM[unit]} if unit in UCUM else {}
    whole = int(value) if value == int(value) else value  # 60.0 would promise a tenth
    return {"value": whole} | ({"unit": unit} if unit else {}) | coded


def full(**fields: Any) -> Json:
    """The fields that hold something: the standard knows no empty ones."""
    return {key: content for key, content in fields.items() if content not in ({}, [], None, "")}

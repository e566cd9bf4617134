"""A protocol's own ids as a FHIR code system, its checks as a questionnaire, and the few codes that others publish.

An id is unique within its table alone ("injectate" is a time and a substance), so that a code begins with the table:
`clock.injectate`, `value.injectate`; the option of a value is `value.spine.other`, and what a mark carries
`mark.call_made.which_call`.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.engine.log import Entry
from core.engine.session import Session
from core.protocols.tables import Protocol
from core.transfer.fhir_parts import Json, Names, full

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
LOINC = "http://loinc.org"
VITAL_SIGNS = {"category": [{"coding": [{"system": f"{TERMINOLOGY}/observation-category", "code": "vital-signs"}]}]}
# What the vital signs of R4 are coded as (hl7.org/fhir/R4/observation-vitalsigns.html), by the value's id and unit.
VITAL = {
    ("weight_kg", "kg"): (("29463-7", "Body weight"),),
    ("pulse", "/min"): (("8867-4", "Heart rate"),),
    ("spo2", "%"): (
        ("2708-6", "Oxygen saturation in Arterial blood"),
        ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
    ),
}
CONFIRMED = "Confirmed at"
# Where the items of an answered questionnaire have their code: the standard gives it to those of the form alone.
ITEM_CODE = "urn:uuid:0b8e2f0a-54c3-5d0e-9c59-0f6f6a3d3f3e"


class Codes(msgspec.Struct, frozen=True):
    """The code system of one protocol text; `version` names the text."""

    p: Protocol
    url: str
    version: str

    def coding(self, code: str) -> Json:
        """One of the protocol's own ids."""
        return {"system": self.url, "code": code}

    def concept(self, code: str, words: str, *others: Json) -> Json:
        """An id with its words; `others`: the same in other code systems."""
        return full(coding=[self.coding(code), *others], text=words if words.strip() else "")

    def option(self, key: str, content: Any, words: str) -> Json:
        """A chosen option; one that the protocol does not offer has no code."""
        offered = any(option.id == content for option in self.p.options(key))
        return self.concept(option_code(key, str(content)), words) if offered else full(text=words)

    def value(self, key: str, line: Entry | None = None) -> Json:
        """What a value is called; of one that a mark carried, which mark it was."""
        mark, label = (line.data.get("mark") if line else None), self.p.value[key].label
        others = [{"system": LOINC, "code": code, "display": display} for code, display in self.vital(key)]
        if mark not in self.p.mark:
            return self.concept(f"value.{key}", label, *others)
        table = self.p.mark[mark]
        exact = [self.coding(f"mark.{mark}.{key}")] if key in (*table.needs, *table.may) else []
        return {
            "coding": [*exact, self.coding(f"value.{key}"), *others],
            "text": f"{table.label}: {label}",
        }

    def vital(self, key: str) -> tuple[tuple[str, str], ...]:
        """The LOINC codes of a vital sign; none for other values."""
        return VITAL.get((key, self.p.value[key].unit), ())

    def clock(self, key: str, label: str) -> Json:
        """What a time is called, never the same as a value."""
        same = any(label == value.label for value in self.p.value.values())
        return self.concept(f"clock.{key}", f"{label}, time" if same else label)


def codes_of(session: Session, names: Names) -> Codes:
    """The codes that a record's resources use."""
    p, sha = session.protocol, str(session.opened.get("hash", ""))
    return Codes(p, names.url("codes", p.id), f"{p.version}+{sha[:12]}" if sha.isalnum() else p.version)


def option_code(key: str, option: str) -> str:
    """The code of an option: blanks as the standard allows them, one at a time."""
    return f"value.{key}.{' '.join(option.split())}"


def code_system(codes: Codes, names: Names) -> Json:
    """Every id of a protocol that the resources use, with its words."""
    concepts = dict(_concepts(codes.p))
    return {
        "resourceType": "CodeSystem",
        "id": names.id("codes", codes.p.id, codes.version),
        "url": codes.url,
        "version": codes.version,
        "name": "Protocol_" + codes.p.id.replace("-", "_"),
        "title": f"{codes.p.title}: ids of the protocol",
        "status": "active",
        "caseSensitive": True,
        "content": "complete",
        "concept": [{"code": code, "display": display} for code, display in concepts.items()],
    }


def _concepts(p: Protocol) -> Iterator[tuple[str, str]]:
    yield "protocol", p.title
    for kind in ("mark", "value", "check", "complication"):
        for key, table in getattr(p, kind).items():
            yield f"{kind}.{key}", table.label
    for kind in ("outcome", "clock", "counter", "total", "medication"):
        for table in getattr(p, kind):
            yield f"{kind}.{table.id}", table.label
    for key, check in p.check.items():
        yield f"check.{key}.at", f"{check.label}: {CONFIRMED.lower()}"
    for key in p.value:
        for option in p.options(key):
            yield option_code(key, option.id), f"{p.value[key].label}: {option.label}"
    for mark, table in p.mark.items():
        for key in (*table.needs, *table.may):
            yield f"mark.{mark}.{key}", f"{table.label}: {p.value[key].label}"


def questionnaire(codes: Codes, names: Names) -> Json:
    """The checks of a protocol text as a form."""
    items = [
        {
            "linkId": key,
            "code": [codes.coding(f"check.{key}")],
            "text": check.label,
            "type": "boolean",
            "item": [
                {
                    "linkId": f"{key}-at",
                    "code": [codes.coding(f"check.{key}.at")],
                    "text": CONFIRMED,
                    "type": "dateTime",
                }
            ],
        }
        for key, check in codes.p.check.items()
    ]
    return full(
        resourceType="Questionnaire",
        id=names.id("checks", codes.p.id, codes.version),
        url=names.url("checks", codes.p.id),
        version=codes.version,
        status="active",
        title=f"{codes.p.title}: checks",
        code=[codes.coding("protocol")],
        item=items,
    )


def item(codes: Codes, link: str, code: str, words: str, answer: list[Json]) -> Json:
    """An item of the answered form, with its code."""
    extension = [{"url": ITEM_CODE, "valueCoding": codes.coding(code)}]
    return full(linkId=link, extension=extension, text=words, answer=answer)

"""Drugs that were given, as FHIR: the administration with its dose in mg, and the medication with strength and lot."""

import re

from core.engine import words
from core.facts.medication import Administration
from core.protocols.tables import Protocol
from core.transfer.fhir_codes import Codes
from core.transfer.fhir_parts import Json, full, quantity, text

STRENGTH = re.compile(r"(\d+(?:\.\d+)?) ?mg/(\d+(?:\.\d+)?) ?mL")  # as labels write it: 12 mg/5 mL
EXPIRY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
Strength = tuple[float, float]  # so many mg in so many mL


def strength(p: Protocol, drug: Administration) -> Strength | None:
    """How many mg in how many mL: by the vial, or by the protocol's own total of the drug."""
    for _, content in drug.about:
        found = STRENGTH.fullmatch(content.strip())
        if found and float(found[2]):
            return float(found[1]), float(found[2])
    total = next((total for total in p.total if total.key == drug.table.amount and total.unit == "mg"), None)
    return (total.factor, 1.0) if total else None


def medication(codes: Codes, drug: Administration, id_: str) -> Json:
    """What was given: the drug with strength, lot and expiry."""
    p, lot = codes.p, _lot(codes.p, drug)
    batch = full(lotNumber=lot, expirationDate=_expiry(p, drug))
    known = strength(p, drug)
    code = codes.concept(f"medication.{drug.table.id}", drug.name)
    ingredient = []
    if known:
        ratio = {"numerator": quantity(known[0], "mg"), "denominator": quantity(known[1], "mL")}
        ingredient = [{"itemCodeableConcept": code, "strength": ratio}]
    return full(resourceType="Medication", id=id_, code=code, ingredient=ingredient, batch=batch)


def _lot(p: Protocol, drug: Administration) -> str:
    """The lot that was given; empty where none was recorded."""
    label = p.value[drug.table.lot].label if drug.table.lot else None
    return next((content for name, content in drug.about if name == label and content.strip()), "")


def _expiry(p: Protocol, drug: Administration) -> str:
    """The expiry, where it was written as a date of the standard."""
    labels = [p.value[key].label for key in drug.table.about if key.endswith("expiry")]
    contents = [content.strip() for name, content in drug.about if name in labels]
    return next((content for content in contents if EXPIRY.fullmatch(content)), "")


def administration(codes: Codes, drug: Administration) -> Json:
    """When and how much: the dose in mg where the strength is known, the volume always in its words."""
    route, about = drug.table.route, ", ".join(f"{name} {content}" for name, content in drug.about)
    notes, dosage = [about, f"Route: {route}" if route.strip() else ""], {}
    if drug.amount is not None:  # the standard knows no dosage without an amount (mad-1)
        known, volume = strength(codes.p, drug), f"{words.plainly(drug.amount)} {drug.unit}"
        dose, wording = quantity(drug.amount, drug.unit), volume
        if known and drug.unit == "mL":
            dose = quantity(round(drug.amount * known[0] / known[1], 6), "mg")
            per = "" if known[1] == 1 else f"{words.plainly(known[1])} "
            wording = f"{volume} of {words.plainly(known[0])} mg/{per}mL"
        dosage, notes = full(text=wording, route=text(route), dose=dose), [about]
    return full(dosage=dosage, note=[{"text": note} for note in notes if note.strip()]) | _when(drug)


def _when(drug: Administration) -> Json:
    if drug.start is not None and drug.start <= drug.end:
        return {"effectivePeriod": {"start": words.utc(drug.start), "end": words.utc(drug.end)}}
    return {"effectiveDateTime": words.utc(drug.end)}

"""FHIR says what happened: codes, states, doses, vital signs, corrections, drills, and what was taken back."""

import random
from pathlib import Path
from typing import Any

import pytest

from core.engine.events import read_stored
from core.engine.session import fold
from core.engine.words import plainly
from core.protocols import shipped, text_hash
from core.records import sessions as records
from core.store import Store
from core.transfer import export_fhir
from core.transfer.fhir_parts import names_of, printable
from tests.engine.test_laws import random_log
from tests.helpers.fhir_bundle import NO_REPORTS, bundle, coded, of, resources
from tests.helpers.kept import AFTER, INJECTED, add, cervical, entry, keep, ms, with_everything
from tests.helpers.tables import mark

Json = dict[str, Any]
HOME = [*INJECTED, *AFTER, mark(16_400, "discharged", discharged_by="RR")]
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def test_patients_of_one_code_in_two_data_folders_share_no_id_and_no_system(data: Path, tmp_path: Path):
    session = keep(INJECTED)
    record = records.read(records.store(), session)
    here, _ = export_fhir.bundled(record, records.store().namespace, NO_REPORTS)
    there, _ = export_fhir.bundled(record, Store(tmp_path / "another site").namespace, NO_REPORTS)
    ids = [{entry["resource"]["id"] for entry in entries} for entries in (here, there)]
    assert len(ids[0]) == len(here)
    assert ids[0].isdisjoint(ids[1])
    systems = [
        {entry["resource"]["identifier"][0]["system"] for entry in entries if "identifier" in entry["resource"]}
        for entries in (here, there)
    ]
    assert len(systems[0]) == 3  # patients, devices, records
    assert systems[0].isdisjoint(systems[1])


def test_every_observation_procedure_and_item_carries_a_code_of_the_protocols_system_beside_its_words(data: Path):
    exported = bundle(with_everything(), cervical())
    known = {(system["url"], concept["code"]) for system in of(exported, "CodeSystem") for concept in system["concept"]}
    named = [resource["code"] for kind in ("Observation", "Procedure") for resource in of(exported, kind)]
    items = [item for answers in of(exported, "QuestionnaireResponse") for item in answers["item"]]
    items += [inner for item in items for answer in item.get("answer", []) for inner in answer["item"]]
    codings = [[(coding["system"], coding["code"]) for coding in concept["coding"]] for concept in named]
    codings += [
        [(part["valueCoding"]["system"], part["valueCoding"]["code"]) for part in item["extension"]] for item in items
    ]
    assert all(known & set(own) for own in codings)
    assert all(concept["text"] for concept in [*named, *items])


def test_no_code_is_used_that_the_code_system_of_the_bundle_does_not_hold(data: Path):
    exported = bundle(with_everything(), cervical(), keep(HOME, patient="P-009", values={"spine": "spinal fusion"}))
    urls = {system["url"] for system in of(exported, "CodeSystem")}
    known = {(system["url"], concept["code"]) for system in of(exported, "CodeSystem") for concept in system["concept"]}
    assert len(urls) == 2
    assert {pair for pair in codings(exported) if pair[0] in urls} <= known


def codings(node: Any) -> set[tuple[str, str]]:
    if isinstance(node, dict):
        own = {(node["system"], node["code"])} if {"system", "code"} <= node.keys() else set()
        return own.union(*(codings(content) for content in node.values()))
    return set().union(*(codings(content) for content in node)) if isinstance(node, list) else set()


def test_a_time_and_a_substance_of_one_name_differ_in_code_and_in_words(data: Path):
    (time,) = [clock for clock in shipped()["cervical-fluoroscopy"][0].clock if clock.label == "Injectate"]
    both = [
        observation
        for observation in of(bundle(cervical()), "Observation")
        if coded(observation, f"clock.{time.id}") or coded(observation, "value.injectate")
    ]
    assert [observation["code"]["text"] for observation in both] == ["Injectate, time", "Injectate"]
    assert not codings(both[0]["code"]) & codings(both[1]["code"])


def test_a_call_made_and_a_call_that_nobody_answered_differ(data: Path):
    calls = [mark(300_000, "call_tried", which_call="72 h"), mark(310_000, "call_made", which_call="72 h")]
    tried, made = [
        observation
        for observation in of(bundle(keep([*HOME, *calls])), "Observation")
        if coded(observation, "value.which_call")
    ]
    assert tried["code"]["text"] == "Follow-up call not answered: Which call"
    assert coded(tried, "mark.call_tried.which_call")
    assert coded(made, "mark.call_made.which_call")


@pytest.mark.parametrize(
    ("happened", "value", "unit", "loinc"),
    [
        ("weight_kg", 38.5, "kg", ["29463-7"]),
        ("pulse", 92, "/min", ["8867-4"]),
        ("spo2", 97, "%", ["2708-6", "59408-5"]),
    ],
)
def test_weight_pulse_and_saturation_conform_to_the_profile_of_vital_signs(
    data: Path, happened: str, value: float, unit: str, loinc: list[str]
):
    exported = bundle(keep(HOME, values={happened: value}))
    (observation,) = [each for each in of(exported, "Observation") if coded(each, f"value.{happened}")]
    # hl7.org/fhir/R4/vitalsigns.html: one category, a LOINC code, a patient, a time, a quantity in UCUM
    (category,) = observation["category"]
    assert [part["code"] for part in category["coding"]] == ["vital-signs"]
    assert [part["code"] for part in observation["code"]["coding"] if part["system"] == LOINC] == loinc
    (patient,) = of(exported, "Patient")
    assert observation["subject"]["reference"] == f"urn:uuid:{patient['id']}"
    assert (observation["status"], "T" in observation["effectiveDateTime"]) == ("final", True)
    assert observation["valueQuantity"] == {"value": value, "unit": unit, "system": UCUM, "code": unit}


def test_a_value_that_is_no_vital_sign_is_in_no_category(data: Path):
    (platelets,) = [
        each
        for each in of(bundle(keep(HOME, values={"platelets": 90})), "Observation")
        if coded(each, "value.platelets")
    ]
    assert "category" not in platelets


def test_the_dose_area_product_has_its_ucum_code(data: Path):
    key = next(key for key, value in shipped()["cervical-fluoroscopy"][0].value.items() if value.unit == "µGy·m²")
    session = cervical()
    add(session, {"kind": "value", "at": 200, "data": {"value": key, "is": 12}})
    (product,) = [each for each in of(bundle(session), "Observation") if coded(each, f"value.{key}")]
    assert product["valueQuantity"]["code"] == "uGy.m2"


@pytest.mark.parametrize(
    ("last", "statuses"),
    [
        ([], ["in-progress"]),
        ([mark(400, "csf_outflow")], ["in-progress"]),
        ([mark(400, "withdrawn")], ["completed"]),
        ([mark(400, "withdrawn"), mark(500, "skin_puncture", interspace="L3-L4")], ["completed", "in-progress"]),
        ([mark(400, "csf_outflow"), mark(500, "needle_removed")], ["completed"]),
    ],
)
def test_an_insertion_whose_needle_is_still_in_is_in_progress_and_has_no_end(
    data: Path, last: list[Json], statuses: list[str]
):
    happened = [mark(0, "scan_started"), mark(300, "skin_puncture", interspace="L4-L5"), *last]
    _, *children = of(bundle(keep(happened)), "Procedure")
    assert [child["status"] for child in children] == statuses
    assert ["end" in child["performedPeriod"] for child in children] == [status == "completed" for status in statuses]


@pytest.mark.parametrize(("happened", "status"), [(INJECTED, "preliminary"), (HOME, "final")])
def test_observations_of_a_running_case_are_preliminary(data: Path, happened: list[Json], status: str):
    exported = bundle(keep(happened, values={"weight_kg": 38}))
    assert {observation["status"] for observation in of(exported, "Observation")} == {status}


def test_each_text_of_a_protocol_is_a_questionnaire_of_its_own_below_one_canonical(data: Path):
    _, text = shipped()["lumbar-nusinersen"]
    session = keep(HOME)
    changed, store = text.replace("Identity and dose read back", "Identity read back"), records.store()
    sha = text_hash(changed)
    store.keep_protocol(sha, changed)
    log = [
        event | {"session": "20260301-changed", "id": f"c-{event['id']}"[:64]} for event in store.load(session).events
    ]
    log[0] = log[0] | {"data": log[0]["data"] | {"hash": sha}}
    head = store.load(session).head | {"session": "20260301-changed", "hash": sha}
    store.create(head, log)
    exported = bundle(session, "20260301-changed")
    forms, answers = of(exported, "Questionnaire"), of(exported, "QuestionnaireResponse")
    assert len({form["url"] for form in forms}) == 1
    assert len({form["id"] for form in forms}) == len({form["version"] for form in forms}) == 2
    assert [answer["questionnaire"] for answer in answers] == [f"{form['url']}|{form['version']}" for form in forms]
    assert all(form["url"] != f"urn:uuid:{form['id']}" for form in forms)


def test_a_drill_is_marked_as_test_data_on_every_resource_and_shares_none_with_patients(data: Path):
    real, drill = bundle(keep(HOME)), bundle(keep(HOME, "2026-03-01T09:00:00Z", drill=True))
    assert all("meta" not in resource for resource in resources(real))
    assert {resource["meta"]["security"][0]["code"] for resource in resources(drill)} == {"HTEST"}
    assert {resource["id"] for resource in resources(real)}.isdisjoint(resource["id"] for resource in resources(drill))


def test_a_correction_points_at_what_was_corrected(data: Path):
    session = keep(HOME, values={"weight_kg": 83})
    weight, done = entry(session, "value", "weight_kg"), entry(session, "mark", "injection_completed")
    inserted, scan = entry(session, "mark", "skin_puncture"), entry(session, "mark", "scan_started")
    amended = [
        (weight, {"is": 38}),
        (done, {"injected_ml": 4}),
        (inserted, {"interspace": "L3-L4"}),
        (scan, {"at": ms("2026-01-31T09:00:01Z")}),
    ]
    add(
        session,
        *[
            {"kind": "amend", "at": 17_000 + n, "data": {"of": of_, "set": set_, "reason": "typing"}}
            for n, (of_, set_) in enumerate(amended)
        ],
        {"kind": "undo", "at": 17_009, "data": {"of": "more-amend-17000"}},
    )
    exported = bundle(session)
    kinds = {f"urn:uuid:{resource['id']}": resource for resource in resources(exported)}
    targets = [kinds[provenance["target"][0]["reference"]] for provenance in of(exported, "Provenance")]
    assert [target["resourceType"] for target in targets] == [
        "MedicationAdministration",
        "Procedure",
        "Procedure",
        "Observation",
    ]
    assert "partOf" in targets[1]
    assert "partOf" not in targets[2]  # a mark without a resource of its own stands in the procedure
    assert coded(targets[3], "value.weight_kg")


@pytest.mark.parametrize("severity", ["mild", "moderate", "severe"])
def test_an_adverse_event_has_severity_and_outcome(data: Path, severity: str):
    session = keep(HOME)
    resolved = {"severity": severity, "resolved": ms("2026-02-03T08:30:00Z")}
    add(
        session,
        {"kind": "complication", "at": 16_500, "data": {"complication": "headache"} | resolved},
        {"kind": "complication", "at": 16_600, "data": {"complication": "fever"}},
    )
    headache, fever = of(bundle(session), "AdverseEvent")
    assert headache["severity"]["coding"][0] == {
        "system": "http://terminology.hl7.org/CodeSystem/adverse-event-severity",
        "code": severity,
    }
    assert headache["outcome"]["coding"][0]["code"] == "resolved"
    assert ("severity" in fever, fever["outcome"]["coding"][0]["code"]) == (False, "unknown")


def test_a_drug_has_strength_lot_expiry_and_its_dose_in_mg(data: Path):
    vial = {"vial_strength": "28 mg/5 mL", "vial_lot": "LOT 7", "vial_expiry": "2027-03"}
    exported = bundle(keep(HOME, values=vial))
    drug = of(exported, "Medication")[1]
    assert drug["batch"] == {"lotNumber": "LOT 7", "expirationDate": "2027-03"}
    ratio = drug["ingredient"][0]["strength"]
    assert [(part["value"], part["code"]) for part in (ratio["numerator"], ratio["denominator"])] == [
        (28, "mg"),
        (5, "mL"),
    ]
    dose = of(exported, "MedicationAdministration")[1]["dosage"]["dose"]
    assert (dose["value"], dose["code"]) == (28, "mg")


def test_without_a_strength_the_dose_stays_a_volume(data: Path):
    dose = of(bundle(keep(HOME)), "MedicationAdministration")[1]["dosage"]["dose"]
    assert (dose["value"], dose["code"]) == (5, "mL")


def statuses_of(session: str, code: str) -> list[str]:
    return [each["status"] for each in of(bundle(session), "Observation") if coded(each, code)]


def test_a_bar_that_was_taken_back_is_entered_in_error_with_its_reason_and_the_others_stand(data: Path):
    session = keep(HOME)
    add(
        session,
        {"kind": "value", "at": 17_000, "data": {"value": "barred_interspace", "is": "L2-L3"}},
        {"kind": "value", "at": 17_001, "data": {"value": "barred_why", "is": "pain"}},
        {"kind": "value", "at": 17_002, "data": {"value": "barred_interspace", "is": "L3-L4"}},
        {"kind": "value", "at": 17_003, "data": {"value": "barred_why", "is": "arachnoiditis"}},
    )
    assert statuses_of(session, "value.barred_interspace") == ["final", "final"]
    lifted = {"value": "barred_interspace", "is": "L2-L3", "lifted": "L3-L4"}
    add(session, {"kind": "value", "at": 17_004, "data": lifted})
    assert statuses_of(session, "value.barred_interspace") == ["final", "entered-in-error", "final"]
    assert statuses_of(session, "value.barred_why") == ["final", "entered-in-error"]
    add(session, {"kind": "value", "at": 17_005, "data": {"value": "barred_interspace", "is": None, "lifted": "L2-L3"}})
    assert set(statuses_of(session, "value.barred_interspace")) == {"entered-in-error"}


def test_what_was_undone_is_entered_in_error_under_the_id_that_it_had(data: Path):
    session = keep(INJECTED, values={"weight_kg": 38})
    before = {resource["id"]: resource for resource in resources(bundle(session))}
    undone = [
        entry(session, "value", "weight_kg"),
        *(entry(session, "mark", name) for name in ("lidocaine_given", "skin_puncture", "csf_collected")),
    ]
    add(session, *[{"kind": "undo", "at": 900 + n, "data": {"of": of_}} for n, of_ in enumerate(undone)])
    wrong = [each for each in resources(bundle(session)) if each.get("status") == "entered-in-error"]
    assert sorted(each["resourceType"] for each in wrong) == [
        "MedicationAdministration",
        *["Observation"] * 3,
        "Procedure",
    ]
    assert all(before[each["id"]]["status"] != "entered-in-error" for each in wrong)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_was_recorded_fhir_and_the_record_agree_on_what_stands(data: Path, seed: int):
    p, _ = list(shipped().values())[seed % 2]
    log = read_stored(random_log(random.Random(seed), p))
    session = printable(fold(p, log[0].session if log else "empty", log))
    namespace = records.store().namespace
    entries, _ = export_fhir.bundled(session, namespace, NO_REPORTS)
    live = {entry["resource"]["id"] for entry in entries if entry["resource"].get("status") != "entered-in-error"}
    names = names_of(session, namespace)
    for key in p.value:
        of_key = [line for line in session.entries if line.event.kind == "value" and line.data.get("value") == key]
        ids = {line.event.id: names.id(session.id, "observed", f"{line.event.id}-{key}") for line in of_key}
        content = session.walk.values.get(key)
        stands = bool(plainly(content).strip()) and not session.mistaken
        assert (not stands) or live & set(ids.values()), key
        assert (content is not None and not session.mistaken) or not live & set(ids.values()), key
        assert not live & {ids[line.event.id] for line in of_key if line.undone}
    for line in session.entries:
        if line.event.kind == "complication":
            assert (names.id(session.id, "adverse", line.event.id) in live) == (line.counts and not session.mistaken)
        for kind in ("each", *(f"medication/{drug.id}" for drug in p.medication)):
            assert line.counts or names.id(session.id, kind, line.event.id) not in live


def test_no_control_character_reaches_any_resource(data: Path):
    dirty = "(01)04150123\x1d17261231\x1d10A1\x0b\x00\x85"
    session = keep(HOME)
    add(session, {"kind": "value", "at": 16_900, "data": {"value": "vial_lot", "is": dirty}})
    add(
        session,
        {"kind": "note", "at": 17_000, "data": {"text": dirty}},
        {"kind": "complication", "at": 17_001, "data": {"complication": "other", "text": dirty}},
        {
            "kind": "amend",
            "at": 17_002,
            "by": f"R{chr(11)}R",
            "data": {"of": entry(session, "value", "vial_lot"), "set": {"is": dirty + "2"}, "reason": dirty},
        },
    )
    exported = bundle(session)
    signs = {sign for text in strings(exported) for sign in text}
    assert not {sign for sign in signs if (ord(sign) < 32 and sign not in "\t\n\r") or 127 <= ord(sign) < 160}
    assert "(01)04150123 17261231 10A1" in "\n".join(strings(of(exported, "Medication")))


def strings(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return [text for part in parts for text in strings(part)]

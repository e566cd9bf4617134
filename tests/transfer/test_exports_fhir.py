"""The FHIR R4B bundle: what stands in which resource, valid by fhir.resources, and how it is named."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from core.records import sessions as records
from core.transfer import export_fhir
from tests.helpers.fhir_bundle import bundle, of, references
from tests.helpers.kept import AFTER, INJECTED, MORNING, add, cervical, entry, keep, ms, with_everything
from tests.helpers.tables import LUMBAR, mark

Json = dict[str, Any]


def texts(exported: Json, kind: str, field: str = "code") -> list[str]:
    return [resource[field]["text"] for resource in of(exported, kind)]


def test_the_bundle_reads_back_as_fhir_r4b_and_every_reference_leads_to_a_resource_in_it(data: Path):
    exported = bundle(with_everything(), cervical(), keep([*INJECTED, *AFTER], patient="P-008"))
    read = Bundle.model_validate(exported)
    assert json.loads(read.model_dump_json()) == exported
    addresses = [entry["fullUrl"] for entry in exported["entry"]]
    assert len(set(addresses)) == len(addresses)
    assert set(references(exported)) <= set(addresses)


def test_the_procedure_has_a_child_for_each_insertion_with_place_operator_and_what_came_of_it(data: Path):
    exported = bundle(with_everything())
    main, *children = of(exported, "Procedure")
    assert (main["status"], main["outcome"]["text"]) == ("in-progress", "Success")
    assert [performer["actor"]["display"] for performer in main["performer"]] == ["AK", "BL"]
    assert [child["partOf"][0]["reference"] for child in children] == [f"urn:uuid:{main['id']}"] * 4
    told_of = [
        (child["bodySite"][0]["text"], child["performer"][0]["actor"]["display"], child["outcome"]["text"])
        for child in children
    ]
    failed = ("L2–L3", "AK", "Withdrawn, no CSF: Result Bone contact")
    assert told_of == [failed, failed, failed, ("L4–L5", "BL", "CSF outflow")]


@pytest.mark.parametrize(
    ("happened", "status"),
    [
        ([*INJECTED, *AFTER, mark(16_400, "discharged", discharged_by="RR")], "completed"),
        (INJECTED, "in-progress"),
        ([mark(0, "scan_started"), mark(9, "ct_guidance")], "stopped"),
        ([mark(0, "scan_started"), mark(9, "voided")], "entered-in-error"),
    ],
)
def test_a_procedures_status_is_one_of_the_standards(data: Path, happened: list[Json], status: str):
    assert of(bundle(keep(happened)), "Procedure")[0]["status"] == status


def test_of_a_record_opened_by_mistake_every_resource_is_entered_in_error_and_no_adverse_event_is_told(data: Path):
    happened = [*INJECTED, {"t": "00:12:00", "check": "consent"}, {"t": "00:12:00", "complication": "headache"}]
    exported = bundle(keep([*happened, mark(800, "voided")], values={"weight_kg": 21}))
    own = ("Procedure", "Medication", "MedicationAdministration", "Observation", "QuestionnaireResponse")
    statuses = {kind: {resource["status"] for resource in of(exported, kind)} for kind in own}
    assert statuses == {kind: {"entered-in-error"} for kind in own}
    assert of(exported, "AdverseEvent") == []


def test_a_drug_given_in_an_amount_that_nobody_recorded_has_its_route_in_a_note_and_no_dosage(data: Path):
    (lidocaine,) = of(bundle(keep([mark(0, "lidocaine_given")])), "MedicationAdministration")
    (table,) = (table for table in LUMBAR.medication if "lidocaine_given" in table.marks)
    assert "dosage" not in lidocaine
    assert [note["text"] for note in lidocaine["note"]] == [f"Route: {table.route}"]


def test_a_moment_is_a_date_and_a_time(data: Path):
    session = keep(INJECTED)
    add(session, {"kind": "value", "at": 900, "data": {"value": "resolved", "is": ms("2026-02-03T08:30:00Z")}})
    (observation,) = [
        resource for resource in of(bundle(session), "Observation") if resource["code"]["text"] == "Resolved"
    ]
    assert observation["valueDateTime"] == "2026-02-03T08:30:00Z"
    assert "valueQuantity" not in observation


def test_drug_and_lidocaine_are_medication_administrations_with_dose_time_and_lot(data: Path):
    exported = bundle(keep(INJECTED, values={"vial_lot": "LOT 7", "vial_strength": "12 mg/5 mL"}))
    lidocaine, drug = of(exported, "MedicationAdministration")
    assert lidocaine["medicationReference"]["display"] == "Lidocaine 2 %"
    assert (lidocaine["dosage"]["text"], lidocaine["dosage"]["dose"]["value"]) == ("3 mL of 20 mg/mL", 60)
    assert drug["dosage"] == {
        "text": "5 mL of 12 mg/5 mL",
        "route": {"text": "Intrathecal"},
        "dose": {"value": 12, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"},
    }
    assert drug["effectivePeriod"] == {"start": "2026-01-31T09:09:00Z", "end": "2026-01-31T09:10:40Z"}
    assert drug["note"] == [{"text": "Vial lot LOT 7, Vial strength 12 mg/5 mL"}]
    assert lidocaine["effectiveDateTime"] == "2026-01-31T09:05:00Z"


def test_an_injection_that_was_stopped_is_an_administration_that_stopped(data: Path):
    happened = [mark(0, "injection_started"), mark(30, "injection_stopped", injected_ml=2)]
    (drug,) = of(bundle(keep(happened)), "MedicationAdministration")
    assert (drug["status"], drug["dosage"]["dose"]["value"]) == ("stopped", 2)


def test_times_and_scores_are_observations_with_ucum_units_where_there_is_one_and_text_where_not(data: Path):
    exported = bundle(
        keep(INJECTED, values={"chop_intend": 31, "platelets": 150, "spine": "spinal fusion", "sedation": True})
    )
    observations = {resource["code"]["text"]: resource for resource in of(exported, "Observation")}
    assert observations["Operation time"]["valueQuantity"]["value"] == 640
    assert observations["Operation time"]["effectivePeriod"]["start"] == "2026-01-31T09:00:00Z"
    assert observations["CHOP-INTEND"]["valueQuantity"] == {"value": 31, "unit": "points"}
    assert observations["Platelets"]["valueQuantity"]["code"] == "10*9/L"
    assert observations["Spine"]["valueCodeableConcept"]["text"] == "Spinal fusion"
    assert observations["Sedation"]["valueBoolean"] is True
    assert observations["Insertions"]["valueInteger"] == 1


def test_checks_answer_the_protocols_questionnaire_those_left_out_without_an_answer(data: Path):
    exported = bundle(with_everything())
    (form,), (answers,) = of(exported, "Questionnaire"), of(exported, "QuestionnaireResponse")
    assert answers["questionnaire"] == f"{form['url']}|{form['version']}"
    assert [item["linkId"] for item in answers["item"]] == [item["linkId"] for item in form["item"]]
    consent, *others = answers["item"]
    assert consent["answer"][0]["valueBoolean"] is True
    assert consent["answer"][0]["item"][0]["answer"] == [{"valueDateTime": "2026-01-31T09:00:10Z"}]
    assert not any("answer" in item for item in others)


def test_an_adverse_event_has_its_words_and_an_undone_one_is_none(data: Path):
    session = with_everything()
    (event,) = of(bundle(session), "AdverseEvent")
    assert (event["actuality"], event["event"]["text"]) == ("actual", "Headache: mild, on sitting up")
    main = of(bundle(session), "Procedure")[0]["id"]
    assert event["suspectEntity"] == [{"instance": {"reference": f"urn:uuid:{main}"}}]
    headache = next(entry["id"] for entry in records.store().load(session).events if entry["kind"] == "complication")
    add(session, {"kind": "undo", "at": 4000, "data": {"of": headache}})
    assert of(bundle(session), "AdverseEvent") == []


def test_an_amendment_is_a_provenance_with_who_when_why_and_what_stood_before(data: Path):
    exported = bundle(with_everything())
    amendment = next(resource for resource in of(exported, "Provenance") if resource["activity"]["text"] == "amend")
    assert amendment["recorded"] == "2026-01-31T09:50:00Z"
    assert amendment["reason"] == [{"text": "read off the syringe"}]
    assert amendment["agent"][0]["who"] == {"display": "RR"}
    assert amendment["entity"][0]["role"] == "revision"
    assert amendment["entity"][0]["what"]["display"].endswith("Injected 5 mL")
    assert {resource["activity"]["text"] for resource in of(exported, "Provenance")} == {"amend", "undo", "review"}


def before(session: str) -> list[str]:
    """What each correction of a record says of what stood before it."""
    return [resource["entity"][0]["what"]["display"] for resource in of(bundle(session), "Provenance")]


def test_amendments_in_a_row_quote_each_what_stood_before_it(data: Path):
    session = keep(INJECTED)
    done = entry(session, "mark", "injection_completed")
    add(
        session,
        {"kind": "amend", "at": 900, "data": {"of": done, "set": {"injected_ml": 4.5}, "reason": "syringe"}},
        {"kind": "amend", "at": 901, "data": {"of": done, "set": {"injected_ml": 4, "at": ms(MORNING)}, "reason": "x"}},
        {"kind": "amend", "at": 902, "data": {"of": done, "set": {"injected_ml": 5}, "reason": "y"}},
    )
    first, second, third = before(session)
    assert first.endswith("at 2026-01-31T09:10:40Z Injected 5 mL")
    assert second.endswith("at 2026-01-31T09:10:40Z Injected 4.5 mL")
    assert third.endswith("at 2026-01-31T09:00:00Z Injected 4 mL")


def test_an_amended_opening_says_whose_it_was_and_an_undone_note_what_it_said(data: Path):
    session = keep([*INJECTED, {"t": "00:11:10", "note": "slept, no pain"}])
    stored = records.store().load(session).events
    opening, note = (next(entry["id"] for entry in stored if entry["kind"] == kind) for kind in ("opened", "note"))
    whose = {"patient": "P-002", "dose": 2, "recorder": "RR"}
    add(
        session,
        {"kind": "amend", "at": 900, "data": {"of": opening, "set": whose, "reason": "another child"}},
        {"kind": "undo", "at": 901, "data": {"of": note, "reason": "another child"}},
    )
    assert before(session) == [
        "Opened at 2026-01-31T09:00:00Z Patient P-001, Dose 1, Recorder nothing",
        "Note at 2026-01-31T09:11:10Z Text slept, no pain",
    ]


def test_a_second_export_gives_the_same_ids_and_records_of_one_patient_share_the_patient(data: Path):
    first, second = keep(INJECTED, dose=1), keep(INJECTED, "2026-05-01T09:00:00Z", dose=2)
    exported, again = bundle(first, second), bundle(first, second)
    assert exported["entry"] == again["entry"]
    assert len(of(exported, "Patient")) == 1
    assert len(of(exported, "Questionnaire")) == 1


def test_a_record_that_cannot_be_read_is_told_and_the_others_are_whole(data: Path):
    good, torn = keep(INJECTED, patient="P-001"), keep(INJECTED, patient="P-002")
    path = next(data.glob(f"sessions/*/{torn}.json"))
    path.write_bytes(path.read_bytes()[:200])
    out = io.BytesIO()
    problems = [step.problem for step in export_fhir.write(records.store(), [torn, good], out)]
    assert torn in problems[0]
    assert problems[1] == ""
    assert len(of(json.loads(out.getvalue()), "Procedure")) == 2


def test_no_records_are_a_bundle_without_entries_as_the_standard_knows_no_empty_list(data: Path):
    exported = bundle()
    assert "entry" not in exported
    Bundle.model_validate(exported)


def test_words_that_fhir_cannot_hold_do_not_keep_a_record_back(data: Path):
    session = keep(
        [{"t": "00:00:00", "note": "  \n "}, {"t": "00:00:01", "complication": "other", "text": "\t"}], operator=" "
    )
    add(session, {"kind": "complication", "at": 2, "data": {"complication": " "}})
    exported = bundle(session)
    assert Bundle.model_validate(exported)
    assert [event["event"]["text"] for event in of(exported, "AdverseEvent")] == ["Other", "Adverse event"]

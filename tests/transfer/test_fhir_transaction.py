"""A transaction that a server takes twice without doubling anything, and the report in it as a PDF file."""

import base64
import hashlib
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from core.engine.events import read_stored
from core.engine.session import fold
from core.facts import report_pdf
from core.protocols import shipped
from core.records import sessions as records
from core.transfer import export_fhir
from tests.engine.test_laws import random_log
from tests.helpers.fhir_bundle import bundle, of, references, resources
from tests.helpers.kept import AFTER, INJECTED, add, cervical, entry, keep, with_everything
from tests.helpers.tables import mark

Json = dict[str, Any]
TO_SERVER = export_fhir.Kind(transaction=True, reports=False)
HOME = [*INJECTED, *AFTER, mark(16_400, "discharged", discharged_by="RR")]


class Server:
    """What a FHIR server does with a transaction: all of it or nothing, and no reference that leads nowhere."""

    def __init__(self) -> None:
        self.resources: dict[str, Json] = {}

    def take(self, transaction: Json) -> None:
        assert transaction["type"] == "transaction"
        requests = [(part["request"]["method"], part["request"]["url"]) for part in transaction["entry"]]
        assert len(set(requests)) == len({url for _, url in requests}) == len(requests)
        after = dict(self.resources)
        for (method, url), part in zip(requests, transaction["entry"], strict=True):
            if method == "DELETE":
                after.pop(url, None)
            else:
                assert (method, url) == ("PUT", f"{part['resource']['resourceType']}/{part['resource']['id']}")
                after[url] = part["resource"]
        assert {reference for resource in after.values() for reference in references(resource)} <= set(after)
        self.resources = after


def test_a_transaction_sent_twice_doubles_nothing(data: Path):
    sent = bundle(with_everything(), cervical(), keep(HOME, patient="P-008"), kind=TO_SERVER)
    assert json.loads(Bundle.model_validate(sent).model_dump_json()) == sent
    server = Server()
    server.take(sent)
    once = dict(server.resources)
    server.take(sent)
    assert server.resources == once
    assert len(once) == len(resources(sent))


def test_a_transaction_holds_what_the_collection_holds(data: Path):
    session = with_everything()
    collection, sent = bundle(session), bundle(session, kind=TO_SERVER)
    assert [resource["id"] for resource in resources(sent)] == [resource["id"] for resource in resources(collection)]


def test_a_record_that_grew_is_sent_again_and_what_was_taken_back_is_gone_or_in_error(data: Path):
    session, server = keep(HOME, values={"weight_kg": 83}), Server()
    add(session, {"kind": "complication", "at": 16_500, "data": {"complication": "headache"}})
    server.take(bundle(session, kind=TO_SERVER))
    stood = set(server.resources)
    taken = [
        entry(session, "complication", "headache"),
        entry(session, "value", "weight_kg"),
        entry(session, "mark", "supine_ended"),
    ]
    add(session, *[{"kind": "undo", "at": 17_000 + n, "data": {"of": of_}} for n, of_ in enumerate(taken)])
    server.take(bundle(session, kind=TO_SERVER))
    lost = stood - set(server.resources)
    assert sorted(url.split("/")[0] for url in lost) == ["AdverseEvent", "Observation"]  # the headache, the supine time
    wrong = [each for each in server.resources.values() if each.get("status") == "entered-in-error"]
    assert [each["valueQuantity"]["value"] for each in wrong] == [83]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_was_recorded_a_server_takes_it_as_it_grows(data: Path, seed: int):
    p, _ = list(shipped().values())[seed % 2]
    log, server = read_stored(random_log(random.Random(1000 + seed), p)), Server()
    for part in (log[: len(log) // 2], log):
        session = fold(p, "20260131-random", part)
        entries, _ = export_fhir.bundled(session, records.store().namespace, TO_SERVER)
        server.take({"type": "transaction", "entry": entries})
    live = {line.event.id for line in session.entries if line.counts and line.event.kind == "complication"}
    events = [url for url in server.resources if url.startswith("AdverseEvent/")]
    assert len(events) == (0 if session.mistaken else len(live))


def reported(session: str) -> Json:
    (document,) = of(bundle(session, kind=export_fhir.COLLECTION), "DocumentReference")
    return document


def test_the_report_is_a_document_with_the_pdf_file_in_it(data: Path):
    session = keep(HOME)
    exported = bundle(session, kind=export_fhir.COLLECTION)
    (document,), (main, *_), (patient,) = (of(exported, kind) for kind in ("DocumentReference", "Procedure", "Patient"))
    attachment = document["content"][0]["attachment"]
    content = base64.b64decode(attachment["data"])
    assert content == report_pdf.report_pdf(records.read(records.store(), session))
    assert base64.b64decode(attachment["hash"]) == hashlib.sha1(content).digest()
    assert (attachment["contentType"], attachment["size"]) == ("application/pdf", len(content))
    assert attachment["title"] == "Ultrasound-guided lumbar injection of nusinersen, 2026-01-31"
    assert attachment["creation"] == "2026-01-31T13:33:20Z"
    assert document["type"]["coding"][0]["code"] == "28570-0"
    assert document["subject"]["reference"] == f"urn:uuid:{patient['id']}"
    assert document["context"]["related"] == [{"reference": f"urn:uuid:{main['id']}"}]


def test_a_document_is_preliminary_then_final_then_amended_and_of_a_mistake_in_error(data: Path):
    running, home = keep(INJECTED, patient="P-001"), keep(HOME, patient="P-002")
    mistake = keep([*INJECTED, mark(800, "voided")], patient="P-003")
    documents = [reported(session) for session in (running, home, mistake)]
    change = {"of": entry(home, "mark", "injection_completed"), "set": {"injected_ml": 4}, "reason": "syringe"}
    add(home, {"kind": "amend", "at": 20_000, "data": change})
    documents.append(reported(home))
    assert [(each["status"], each["docStatus"]) for each in documents] == [
        ("current", "preliminary"),
        ("current", "final"),
        ("entered-in-error", "entered-in-error"),
        ("current", "amended"),
    ]
    assert documents[1]["id"] == documents[3]["id"]


def test_where_no_pdf_can_be_drawn_the_report_is_left_out_and_said_once(data: Path, monkeypatch: pytest.MonkeyPatch):
    def lacking() -> None:
        raise report_pdf.PdfUnavailable(report_pdf.LACKING)

    monkeypatch.setattr(report_pdf, "_engine", lacking)
    sessions = [keep(HOME, patient=f"P-00{n}") for n in (1, 2)]
    out = io.BytesIO()
    problems = [step.problem for step in export_fhir.write(records.store(), sessions, out)]
    assert problems == [f"The reports are not in the bundle. {report_pdf.LACKING}", ""]
    exported = json.loads(out.getvalue())
    assert of(exported, "DocumentReference") == []
    assert len(of(exported, "Patient")) == 2

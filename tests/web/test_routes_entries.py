"""What one entry may hold, and how browsers hear that something was recorded."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from core.records import sessions
from core.transfer import export_json
from core.web.routes import changes
from tests.helpers.taps import Json, begin, on_disk, send, tap

MARKUP = "<script>alert('x')</script> & </b>"
CONTROL = "bell\x07 null\x00 line\nend \u202eright to left \u2028"


def deep(levels: int) -> Any:
    return {"deeper": deep(levels - 1)} if levels else 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"session": "20260101-another000"}, "20260101-another000"),
        ({"kind": "erase"}, "kind"),
        ({"kind": "opened", "data": {"patient": "P-999"}}, "opened once"),
        ({"at": True}, "at"),
        ({"seq": False}, "seq"),
        ({"at": "12:00"}, "at"),
        ({"at": -1}, "at"),
        ({"at": 2**53}, "at"),
        ({"at": 1.5}, "at"),
        ({"seq": None}, "seq"),
        ({"id": ""}, "id"),
        ({"id": "a" * 65}, "id"),
        ({"id": "../../etc"}, "id"),
        ({"device": MARKUP}, "device"),
        ({"by": "x" * 65}, "by"),
        ({"data": {"mark": "x" * 2001}}, "data"),
        ({"data": {"mark": {"a": 1}}}, "data.mark"),
        ({"data": {"set": "L2-L3"}}, "data.set"),
        ({"data": {"Mark": "scan_started"}}, "data"),
        ({"data": {"amount": 1e300}}, "data"),
        ({"data": {"set": deep(60)}}, "data"),
        ({"data": [1]}, "data"),
        ({"received": "now"}, "received"),
        ({"extra": 1}, "extra"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_an_entry_that_cannot_be_read_is_422_with_its_place_and_the_entry_beside_it_is_stored(
    client: TestClient, session: str, changed: Json, words: str
):
    status, answer = send(client, session, tap(session, "good"), tap(session, "bad") | changed)
    assert (status, answer["acked"]) == (422, ["good"])
    (refusal,) = answer["refused"]
    assert words in refusal["why"]
    assert refusal["why"] == answer["error"]
    assert [entry["id"] for entry in on_disk(session)] == ["good"]


@pytest.mark.parametrize("entry", [None, 7, "scan_started", [], {}])
def test_what_is_no_entry_at_all_is_422_and_the_entry_beside_it_is_stored(client: TestClient, session: str, entry: Any):
    status, answer = send(client, session, entry, tap(session, "good"))
    assert (status, answer["acked"], len(answer["refused"])) == (422, ["good"], 1)
    assert "cannot be read" in answer["error"]


@pytest.mark.parametrize("key", ["id", "session", "kind", "at", "tapped", "device", "seq"])
def test_an_entry_without_one_of_its_needed_fields_is_422_and_the_sentence_names_it(
    client: TestClient, session: str, key: str
):
    entry = tap(session, "bad")
    del entry[key]
    status, answer = send(client, session, entry)
    assert (status, answer["acked"]) == (422, [])
    assert key in answer["error"]
    assert on_disk(session) == []


@pytest.mark.parametrize("text", [MARKUP, CONTROL, "左腿 🦵", '{"events": []}'])
def test_texts_with_markup_or_control_characters_are_kept_as_they_were_typed(
    client: TestClient, session: str, text: str
):
    note = tap(session, "n1", kind="note", data={"text": text}, by="R<b>")
    assert send(client, session, note)[0] == 200
    (stored,) = on_disk(session)
    assert (stored["data"], stored["by"]) == ({"text": text}, "R<b>")
    got = client.get(f"/api/sessions/{session}")
    assert got.headers["content-type"] == "application/json"
    assert got.json()["events"][-1]["data"] == {"text": text}
    assert export_json.export(sessions.store(), session)["events"][-1]["data"] == {"text": text}


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"mark": "levitated"}, "unknown"),
        ({"mark": "skin_puncture", "interspace": "C5-C6"}, "not_offered"),
        ({"mark": "skin_puncture"}, "missing"),
        ({"mark": "skin_puncture", "interspace": True}, "wrong_type"),
        ({"mark": "lidocaine_given", "lidocaine_ml": 500}, "out_of_range"),
        ({"mark": "lidocaine_given", "lidocaine_ml": True}, "wrong_type"),
        ({"mark": "csf_outflow"}, "out_of_order"),
    ],
    ids=lambda part: str(part)[:60],
)
def test_what_can_be_read_but_contradicts_the_protocol_is_stored_and_listed_to_review(
    client: TestClient, session: str, data: Json, kind: str
):
    assert send(client, session, tap(session, "a1", data=data))[0] == 200
    assert on_disk(session)[0]["data"] == data
    listed = export_json.export(sessions.store(), session)["summary"]["to_review"]
    assert kind in [listed["kind"] for listed in listed]


def test_a_receipt_that_a_tablet_claims_is_not_believed(client: TestClient, session: str):
    assert send(client, session, tap(session, "a1", received=1))[0] == 200
    assert on_disk(session)[0]["received"] > 1


def test_one_procedures_taps_never_reach_another(client: TestClient, session: str):
    other = begin()
    send(client, session, tap(session, "a1"))
    send(client, other, tap(other, "a1"))
    assert [entry["session"] for entry in on_disk(session) + on_disk(other)] == [session, other]


def heard(client: TestClient, *streams: Any) -> list[str | None]:
    """The next message of each open stream; None where it has ended."""

    async def following(stream: Any) -> str | None:
        return await anext(stream, None)

    assert client.portal is not None
    return [client.portal.call(following, stream) for stream in streams]


def test_every_open_stream_hears_of_each_write_and_of_nothing_else_and_ends_when_told_to(
    client: TestClient, session: str
):
    streams = [changes.stream("", ""), changes.stream("", "")]
    assert heard(client, *streams) == [": open\n\n"] * 2
    entry = tap(session, "a1")
    send(client, session, entry)
    assert heard(client, *streams) == [f'data: {{"session": "{session}", "version": 2}}\n\n'] * 2
    send(client, session, entry)  # already there: nothing was written
    other = begin()
    assert heard(client, *streams) == [f'data: {{"session": "{other}", "version": 1}}\n\n'] * 2
    changes.stop()
    assert heard(client, *streams) == [None] * 2


@pytest.mark.parametrize("ahead", [1, 60_000, 10 * 3_600_000])
def test_what_is_said_to_have_happened_after_it_was_entered_is_422(client: TestClient, session: str, ahead: int):
    good = tap(session, "a1")
    later = tap(session, "a2") | {"at": good["tapped"] + ahead, "tapped": good["tapped"]}
    moved = tap(session, "a3", kind="amend", data={"of": "a1", "set": {"at": good["tapped"] + ahead}})
    moved |= {"at": good["tapped"], "tapped": good["tapped"]}
    status, answer = send(client, session, good, later, moved)
    assert (status, answer["acked"]) == (422, ["a1"])
    assert [refusal["id"] for refusal in answer["refused"]] == ["a2", "a3"]
    assert all("happened before it was entered" in refusal["why"] for refusal in answer["refused"])

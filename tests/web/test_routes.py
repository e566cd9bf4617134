"""What a tablet may send and what it is told: real routes over a real data folder. Every refusal is a sentence."""

import json

import pytest
from starlette.testclient import TestClient

from core import clock, protocols
from core.protocols import wording
from core.records import sessions
from core.transfer import export_json
from core.web.received import TAPS_MAX
from tests.helpers.taps import DAY_MS, on_disk, refused, send, send_raw, tap


# ------------------------------------------------------------------------------------- taps that count
def test_an_acknowledged_tap_is_on_disk_with_its_own_stamps_and_the_time_of_receipt(client: TestClient, session: str):
    entry = tap(session, "a1")
    status, answer = send(client, session, entry)
    assert (status, answer["acked"], answer["refused"], answer["version"]) == (200, ["a1"], [], 2)
    (stored,) = on_disk(session)
    received = stored.pop("received")
    assert stored == entry
    assert entry["tapped"] <= received <= answer["now"]


def test_the_same_tap_sent_again_is_acknowledged_again_and_stored_once(client: TestClient, session: str):
    entry = tap(session, "a1")
    first, again = send(client, session, entry), send(client, session, entry, tap(session, "a2", seq=2))
    assert (first[1]["acked"], sorted(again[1]["acked"])) == (["a1"], ["a1", "a2"])
    assert again[1]["version"] == 3
    assert [disk["id"] for disk in on_disk(session)] == ["a1", "a2"]


def test_a_tablet_gets_only_what_it_has_not_got_yet(client: TestClient, session: str):
    send(client, session, tap(session, "a1"), tap(session, "a2", seq=2))
    whole = client.get(f"/api/sessions/{session}").json()
    assert [event["kind"] for event in whole["events"]] == ["opened", "mark", "mark"]
    rest = client.get(f"/api/sessions/{session}?after=2").json()
    assert ([event["id"] for event in rest["events"]], rest["version"]) == (["a2"], 3)
    assert client.get(f"/api/sessions/{session}?after=3").json()["events"] == []
    assert client.get(f"/api/sessions/{session}?after=-1").json()["version"] == 3


def test_answers_are_never_cached_and_tell_the_servers_time(client: TestClient, session: str):
    for answer in (client.get("/api/health"), client.get(f"/api/sessions/{session}"), client.get("/api/sessions/none")):
        assert answer.headers["cache-control"] == "no-store"
        assert abs(answer.json()["now"] - clock.now_ms()) < 60_000


def test_the_protocol_of_a_session_is_kept_by_the_browser_for_good(client: TestClient, session: str):
    sha = client.get(f"/api/sessions/{session}").json()["protocol"]
    answer = client.get(f"/api/protocols/{sha}")
    assert answer.json() == json.loads(json.dumps(wording.plain(protocols.shipped()["lumbar-nusinersen"][0])))
    assert "immutable" in answer.headers["cache-control"]
    missing = client.get(f"/api/protocols/{'0' * 64}")
    assert missing.status_code == 404
    assert missing.headers["cache-control"] == "no-store"


# ----------------------------------------------------------------------------- taps that are not right
def test_a_tap_for_a_procedure_that_does_not_exist_is_404_and_makes_none(client: TestClient):
    refused(send(client, "20260101-nothere000", tap("20260101-nothere000", "a1")), 404, "20260101-nothere000")
    refused(send(client, "anything", tap("anything", "a1")), 404, "looks like")
    assert list(sessions.store().sessions()) == []


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 400, "JSON"),
        (b"{", 400, "JSON"),
        (b'{"events": [{"id": "a1\xff"}]}', 400, "JSON"),
        (b"[]", 400, "events"),
        (b'{"events": []}', 400, "events"),
        (b'{"events": {"id": "a1"}}', 400, "events"),
        (b'{"events": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400, "nested too deep"),
        (b'{"events": [{"id": "' + b"x" * 300_000 + b'"}]}', 413, "256 KB"),
    ],
    ids=["empty", "torn", "not UTF-8", "a list", "no taps", "no list", "too deep", "too large"],
)
def test_a_body_that_cannot_be_read_is_refused_whole(
    client: TestClient, session: str, body: bytes, status: int, words: str
):
    refused(send_raw(client, session, body), status, words, "Nothing was stored")
    assert on_disk(session) == []


def test_a_thousand_taps_at_once_are_413_and_none_is_stored(client: TestClient, session: str):
    small = [{"id": f"a{n}"} for n in range(1000)]
    refused(send(client, session, *small), 413, f"at most {TAPS_MAX}", "1000")
    assert on_disk(session) == []
    most = [tap(session, f"a{n}", seq=n) for n in range(TAPS_MAX)]
    assert send(client, session, *most)[0] == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_than_json_is_415(client: TestClient, session: str, kind: str):
    body = json.dumps({"events": [tap(session, "a1")]}).encode()
    refused(send_raw(client, session, body, kind), 415, "application/json")
    assert on_disk(session) == []


def test_a_tap_from_another_sites_page_is_403_and_from_our_own_is_taken(client: TestClient, session: str):
    for site in ("cross-site", "same-site"):
        refused(send(client, session, tap(session, "a1"), **{"Sec-Fetch-Site": site}), 403, "another site")
    assert on_disk(session) == []
    assert send(client, session, tap(session, "a1"), **{"Sec-Fetch-Site": "same-origin"})[0] == 200


def test_a_stamp_more_than_a_day_ahead_is_422_and_the_other_taps_of_the_batch_are_stored(
    client: TestClient, session: str
):
    ahead = clock.now_ms() + DAY_MS + 60_000
    status, answer = send(
        client,
        session,
        tap(session, "good1"),
        tap(session, "ahead", at=ahead, tapped=ahead),
        tap(session, "tapped", tapped=ahead),
        tap(session, "good2", seq=2),
    )
    assert (status, answer["acked"]) == (422, ["good1", "good2"])
    assert [refusal["id"] for refusal in answer["refused"]] == ["ahead", "tapped"]
    for sentence in (answer["error"], *(refusal["why"] for refusal in answer["refused"])):
        assert "more than a day ahead" in sentence
        assert "stays on the tablet" in sentence
    assert [disk["id"] for disk in on_disk(session)] == ["good1", "good2"]


@pytest.mark.parametrize("kind", ["amend", "detail"])
@pytest.mark.parametrize("ahead", [2 * DAY_MS, 10**14, 1e14])
def test_a_correction_that_moves_an_entry_more_than_a_day_ahead_is_422(
    client: TestClient, session: str, kind: str, ahead: float
):
    far = tap(session, "far", kind=kind, data={"of": "a1", "set": {"at": clock.now_ms() + ahead}})
    near = tap(session, "near", kind=kind, data={"of": "a1", "set": {"at": clock.now_ms(), "text": 10**15}})
    status, answer = send(client, session, far, near)
    assert (status, answer["acked"]) == (422, ["near"])
    assert "more than a day ahead" in answer["error"]


def test_a_stamp_almost_a_day_ahead_is_stored(client: TestClient, session: str):
    ahead = clock.now_ms() + DAY_MS - 60_000
    assert send(client, session, tap(session, "a1", at=ahead, tapped=ahead))[0] == 200


@pytest.mark.parametrize(("age_ms", "kinds"), [(DAY_MS + 60_000, ["arrived_late"]), (DAY_MS - 60_000, [])])
def test_a_stamp_more_than_a_day_old_is_stored_and_listed_to_review(
    client: TestClient, session: str, age_ms: int, kinds: list[str]
):
    then = clock.now_ms() - age_ms
    assert send(client, session, tap(session, "old", at=then, tapped=then))[1]["acked"] == ["old"]
    record = export_json.export(sessions.store(), session)
    assert [review["kind"] for review in record["summary"]["to_review"]] == kinds
    assert record["events"][-1]["at"] == then


# ---------------------------------------------------------------------------- a disk that is nearly full
def test_every_answer_says_that_the_disk_is_nearly_full_once_the_space_held_back_is_used_up(
    client: TestClient, session: str
):
    addresses = ("/api/health", f"/api/sessions/{session}", "/api/ward", "/api/sessions/none")
    before = [client.get(address).json() for address in addresses]
    assert [told.get("low_on_space") for told in before] == [False, None, None, None]
    (sessions.store().folder / "reserve").unlink()
    assert [client.get(address).json()["low_on_space"] for address in addresses] == [True] * 4
    status, told = send(client, session, tap(session, "a1"))
    assert (status, told["acked"], told["low_on_space"]) == (200, ["a1"], True)

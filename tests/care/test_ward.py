"""Who stands on the recovery board: real routes over real records, most of them written with moments in the past."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.records import sessions
from core.records.row import row as row_of
from tests.helpers.full_ward import CT, NEEDLE_OUT, SUPINE
from tests.helpers.past import Past, happened_in
from tests.helpers.taps import send, tap

HOME: tuple[Past, ...] = (*SUPINE, (2, "supine_ended"))


@pytest.mark.parametrize(
    ("past", "stands"),
    [
        (((10, "scan_started"),), False),
        (((10, "scan_started"), (5, "skin_puncture"), (4, "csf_outflow"), (2, "injection_completed")), False),
        (NEEDLE_OUT, True),
        ((*NEEDLE_OUT, (20, "compression_started")), True),
        (SUPINE, True),
        (HOME, True),
        ((*HOME, (1, "discharged")), True),
        ((*HOME, (61, "discharged")), False),
        ((*SUPINE, (1, "voided")), True),
        ((*SUPINE, (61, "voided")), False),
        ((*HOME, (61, "discharged"), (1, "call_made")), False),
        (CT[:-1], False),
        (CT, True),
        ((*CT, (20, "compression_started")), True),
        (((10, "scan_started"), (1, "voided")), False),
    ],
    ids=[
        "before the needle",
        "with the needle in",
        "needle out",
        "compression",
        "supine",
        "supine time ended",
        "discharged just now",
        "discharged an hour ago",
        "opened by mistake, said just now",
        "opened by mistake, said an hour ago",
        "called at home",
        "CT guidance",
        "dosed under CT",
        "compression after CT",
        "opened by mistake before any needle",
    ],
)
def test_a_patient_is_on_the_board_from_needle_out_until_an_hour_after_discharge(
    client: TestClient, data: Path, past: tuple[Past, ...], stands: bool
):
    session = happened_in(data, *past, device="tablet0001")
    assert [session["session"] for session in board(client)["sessions"]] == [session] * stands


def test_the_board_tells_version_and_protocol_of_each_session_and_the_version_grows_with_a_tap(
    client: TestClient, data: Path
):
    session = happened_in(data, *NEEDLE_OUT, device="tablet0001")
    (before,) = board(client)["sessions"]
    known = client.get(f"/api/sessions/{session}").json()
    assert before == {"session": session, "version": known["version"], "protocol": known["protocol"]}
    send(client, session, tap(session, "a1", data={"mark": "compression_started"}))
    (after,) = board(client)["sessions"]
    assert after["version"] == before["version"] + 1


def test_an_undone_discharge_is_back_on_the_board_for_good(client: TestClient, data: Path):
    session = happened_in(data, *HOME, (1, "discharged"), device="tablet0001")
    discharge = sessions.store().load(session).events[-1]["id"]
    send(client, session, tap(session, "a1", kind="undo", data={"of": discharge}))
    row = row_of(sessions.read(sessions.store(), session))
    assert (row["ward"], row["left_ward_at"]) == (True, None)


def test_a_drill_is_on_no_recovery_board(client: TestClient, data: Path):
    happened_in(data, *NEEDLE_OUT, device="tablet0001", drill=True)
    assert board(client)["sessions"] == []


def test_a_record_that_cannot_be_read_is_named_with_why_and_hides_no_other(client: TestClient, data: Path):
    torn, whole = (happened_in(data, *NEEDLE_OUT, device="tablet0001") for _ in range(2))
    (data / "sessions" / f"{torn[:4]}-{torn[4:6]}" / f"{torn}.json").write_text("{")
    answer = board(client)
    assert [session["session"] for session in answer["sessions"]] == [whole]
    assert [torn_session["session"] for torn_session in answer["unreadable"]] == [torn]
    assert torn in answer["unreadable"][0]["why"]


def board(client: TestClient) -> dict[str, list[dict[str, str]]]:
    answer = client.get("/api/ward")
    assert answer.status_code == 200
    return answer.json()

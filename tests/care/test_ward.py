"""Who stands on the recovery board: real routes over real records, most of them written with moments in the past."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core import protocols
from core.care import ward
from core.engine.session import fold
from core.records import sessions
from core.records.row import row as row_of
from tests.helpers.full_ward import CT, NEEDLE_OUT, SUPINE
from tests.helpers.past import Past, happened_in
from tests.helpers.tables import LUMBAR_TEXT
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
    assert (row.ward, row.left_ward_at) == (True, None)


@pytest.mark.parametrize(
    ("tables", "past", "hours"),
    [
        ("", NEEDLE_OUT, 48),
        ("", (*HOME, (1, "discharged")), 1),
        ('[ward]\nforgotten_h = 6\nleft_h = 0.5\nsource = "site"\n', NEEDLE_OUT, 6),
        ('[ward]\nforgotten_h = 6\nleft_h = 0.5\nsource = "site"\n', (*HOME, (1, "discharged")), 0.5),
    ],
    ids=["forgotten, as before the table", "left, as before the table", "forgotten", "left"],
)
def test_a_patient_stands_on_the_board_for_the_hours_of_the_protocol_of_the_record(
    data: Path, tables: str, past: tuple[Past, ...], hours: float
):
    session = sessions.read(sessions.store(), happened_in(data, *past, device="tablet0001"))
    text = re.sub(r"(?ms)^\[ward\]\n.*?(?=^\S*\[|^# -)", tables, LUMBAR_TEXT)
    p = protocols.parsed(text)
    row = row_of(fold(p, session.id, [line.event for line in session.entries]))
    since = row.last_at if row.ward else row.left_ward_at or 0
    bound = since + round(hours * 3600 * 1000)
    assert [ward.stands(row, now) for now in (bound - 1, bound, bound + 1)] == [True, False, False]
    assert [ward.lies_here(row, now) for now in (bound - 1, bound)] == [row.ward, False]


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

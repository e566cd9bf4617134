"""Taps as a tablet sends them to the routes, and the record as another process reads it."""

from typing import Any

from starlette.testclient import TestClient

from core import clock, paths
from core.records import sessions
from core.store import Store, new_session_id

Json = dict[str, Any]
DAY_MS = 24 * 3600 * 1000
DEVICE = "tablet0001"


def begin() -> str:
    opened = {"patient": "P-006", "dose": 1, "operator": "AK", "recorder": "RR", "drill": False}
    return sessions.begin(sessions.store(), new_session_id(clock.now_ms()), "lumbar-nusinersen", opened, {}, DEVICE)


def tap(session: str, tap_id: str, **changed: Any) -> Json:
    """One mark as a tablet sends it."""
    now = clock.now_ms()
    entry: Json = {
        "id": tap_id,
        "session": session,
        "kind": "mark",
        "at": now,
        "tapped": now,
        "device": DEVICE,
        "seq": 1,
        "by": "RR",
        "data": {"mark": "scan_started"},
    }
    return entry | changed


def send(client: TestClient, session: str, *entries: Any, **headers: str) -> tuple[int, Json]:
    answer = client.post(f"/api/sessions/{session}/taps", json={"events": list(entries)}, headers=headers)
    return answer.status_code, answer.json()


def send_raw(client: TestClient, session: str, body: bytes, kind: str = "application/json") -> tuple[int, Json]:
    answer = client.post(f"/api/sessions/{session}/taps", content=body, headers={"Content-Type": kind})
    return answer.status_code, answer.json()


def on_disk(session: str) -> list[Json]:
    """The entries of a session as another process would read them."""
    return list(Store(paths.data_folder()).load(session).events)[1:]


def refused(answer: tuple[int, Json], status: int, *words: str) -> None:
    assert answer[0] == status
    for word in words:
        assert word in answer[1]["error"]

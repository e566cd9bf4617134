"""A procedure written to the store with moments in the past, so that its clocks have passed their bounds already."""

from pathlib import Path
from typing import Any

from core import clock, protocols
from core.engine import events
from core.records import sessions
from core.store import Store, new_session_id
from tests.helpers.app import App, Json
from tests.helpers.tables import LUMBAR, LUMBAR_TEXT

MINUTE = 60_000
Past = tuple[float, str]  # minutes ago, mark


def happened(app: App, *past: Past, device: str) -> str:
    """Writes a procedure to the app's store in which these marks were made so many minutes ago; its session."""
    return happened_in(app.folder, *past, device=device)


def happened_in(
    folder: Path, *past: Past, device: str, now: int | None = None, text: str = LUMBAR_TEXT, **opened: Any
) -> str:
    """The same in any data folder and by another protocol text; `opened` says more of the procedure, as its patient.
    `now`: UTC ms.
    """
    now = clock.now_ms() if now is None else now
    session = new_session_id(now)
    first = now - int(max(minutes for minutes, _ in past) * MINUTE) - MINUTE
    head: Json = {"protocol": LUMBAR.id, "version": LUMBAR.version, "hash": protocols.text_hash(text)}
    head |= {"patient": f"P-{session[-8:]}", "dose": 1, "operator": "AK", "recorder": "RR", "drill": False}
    head |= opened
    taps: list[tuple[int, str, Json]] = [(first, "opened", head)]
    for minutes, mark in past:
        carried = {"interspace": "L2-L3"} if mark == "skin_puncture" else {}
        taps.append((now - int(minutes * MINUTE), "mark", {"mark": mark, **carried}))
    entries: list[Any] = [
        events.read(
            {
                "id": f"{session}e{seq}",
                "session": session,
                "kind": kind,
                "at": at,
                "tapped": at,
                "device": device,
                "seq": seq,
                "by": "RR",
                "data": data,
            }
        )
        for seq, (at, kind, data) in enumerate(taps)
    ]
    return sessions.open_session(Store(folder), text, head, entries, session, first)

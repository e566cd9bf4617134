"""What a tablet sends: the body of a request, the entries in it, and whether each may be stored."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect, Request

from core import clock
from core.engine import events
from core.engine.walk import is_number

DAY_MS = 24 * 3600 * 1000
BODY_MAX = 256 * 1024  # bytes; a tablet sends at most TAPS_MAX entries of about 300 bytes at once
TAPS_MAX = 200
BODY_S = 10  # a body that comes drop by drop must not hold up a shutdown


class Refusal(Exception):
    """A request that is answered with a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def body(request: Request) -> bytes:
    """A request's body, read no further than allowed. Raises Refusal.

    A page of another site cannot send this type without asking first.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        raise Refusal(415, f"Expected a body of type application/json, found {kind[:60] or 'none'!r}.")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refusal(403, "Expected a request from Interspace's own pages, found one from another site.")
    sent = b""
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                sent += chunk
                if len(sent) > BODY_MAX:
                    break
    except (TimeoutError, ClientDisconnect):
        raise Refusal(
            408, f"Expected the whole body within {BODY_S} s, found a part of it. Nothing was stored."
        ) from None
    if len(sent) > BODY_MAX:
        raise Refusal(
            413, f"Expected at most {BODY_MAX // 1024} KB at once, found more. Nothing was stored; send fewer."
        )
    return sent


def entries(sent: bytes) -> list[Any]:
    """The entries of a body, as plain data. Raises Refusal."""
    try:
        content = msgspec.json.decode(sent)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(400, f"Expected JSON, found: {error}. Nothing was stored.") from None
    except RecursionError:
        raise Refusal(
            400, "Expected a list of entries, found JSON nested too deep to read. Nothing was stored."
        ) from None
    batch = content.get("events") if isinstance(content, dict) else None
    if not isinstance(batch, list) or not batch:
        raise Refusal(400, 'Expected {"events": [at least one entry]}, found something else. Nothing was stored.')
    if len(batch) > TAPS_MAX:
        raise Refusal(
            413, f"Expected at most {TAPS_MAX} entries at once, found {len(batch)}. Nothing was stored; send fewer."
        )
    return batch


def tap(raw: Any, session: str) -> events.Event:
    """One entry for this session, stamped not more than a day ahead. Raises events.BadEvent."""
    try:
        event = events.read(raw)
    except RecursionError:
        raise events.BadEvent("This entry cannot be read: it is nested too deep.") from None
    if event.session != session:
        raise events.BadEvent(f"Expected an entry of session {session}, found one of {event.session}.")
    if event.kind == "opened":
        raise events.BadEvent(
            "Expected an entry of a session that is open, found its opening: a session is opened once."
        )
    limit = clock.now_ms() + DAY_MS
    corrected: Any = event.data.get("set", {})
    for stamp in (event.at, event.tapped, corrected.get("at")):
        if is_number(stamp) and stamp > limit:
            raise events.BadEvent(
                f"Expected a time not more than a day ahead of the server's clock ({_utc(limit - DAY_MS)}), "
                f"found {_utc(stamp)}. The entry stays on the tablet: set the tablet's clock."
            )
    happened: Any = corrected.get("at") if event.kind in ("detail", "amend") else event.at
    if is_number(happened) and happened > event.tapped:
        raise events.BadEvent(
            f"Expected something that happened before it was entered ({_utc(event.tapped)}), found {_utc(happened)}."
        )
    return msgspec.structs.replace(event, received=None)


def _utc(ms: float) -> str:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{ms:.0f} ms"

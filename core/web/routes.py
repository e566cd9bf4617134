"""What the tablets call: taps in, acknowledgements and "session X is at version N" out. Starlette; no Streamlit.

An acknowledgement means: on disk. Sending the same taps again is safe. Every refusal is a sentence.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
import qrcode
from qrcode.image.svg import SvgPathImage
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from core import clock, protocols
from core.care import ward
from core.drills import drill
from core.engine import events
from core.engine.walk import is_number
from core.records import sessions
from core.store import Full, Newer, NotFound, StoreError
from core.web.changes import Changes

DAY_MS = 24 * 3600 * 1000
BODY_MAX = 256 * 1024  # bytes; a tablet sends at most TAPS_MAX entries of about 300 bytes at once
TAPS_MAX = 200
BODY_S = 10  # a body that comes drop by drop must not hold up a shutdown


changes = Changes()


class Refusal(Exception):
    """A request that is answered with a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def answer(content: dict[str, Any], status: int = 200) -> JSONResponse:
    """JSON with the server's time, from which tablets correct their clocks; never cached."""
    return JSONResponse({**content, "now": clock.now_ms()}, status, headers={"Cache-Control": "no-store"})


async def refused(_: Request, error: Exception) -> Response:
    """The sentence of a Refusal or of the store, with the status that says whether to try again."""
    if isinstance(error, Refusal):
        return answer({"error": str(error)}, error.status)
    status = (
        404
        if isinstance(error, NotFound)
        else 409
        if isinstance(error, Newer)
        else 507
        if isinstance(error, Full)
        else 500
    )
    return answer({"error": str(error)}, status)


async def health(_: Request) -> Response:
    """200 when the data folder can be used."""
    await asyncio.to_thread(sessions.store)
    return answer({"ok": True})


async def taps(request: Request) -> Response:
    """POST {"events": […]}: stores what can be read and acknowledges it by id; 422 if anything was refused."""
    session = request.path_params["session"]
    batch = _entries(await _body(request))
    good, bad = [], []
    for raw in batch:
        try:
            good.append(_tap(raw, session))
        except events.BadEvent as error:
            bad.append({"id": raw.get("id") if isinstance(raw, dict) else None, "why": str(error)})
    stored = await asyncio.to_thread(sessions.store().append, session, [events.plain(event) for event in good])
    acked = stored.accepted + stored.duplicates
    sentence = {"error": bad[0]["why"]} if bad else {}
    return answer({"acked": acked, "refused": bad, "version": stored.version, **sentence}, 422 if bad else 200)


async def session(request: Request) -> Response:
    """GET: the session's entries from number `after` on, and the protocol that it is recorded under."""
    after = request.query_params.get("after", "0")
    record = await asyncio.to_thread(sessions.store().load, request.path_params["session"])
    first = int(after) if after.isdecimal() and len(after) < 10 else 0
    return answer(
        {"version": record.version, "protocol": record.head.get("hash"), "events": list(record.events[first:])}
    )


async def recovery(_: Request) -> Response:
    """GET: the sessions on the recovery board, each with its version; and those that could not be read, with why."""
    return answer(await asyncio.to_thread(ward.board))


async def tables(request: Request) -> Response:
    """GET: a protocol's tables by the hash of its text. They never change, so a tablet keeps them."""
    text = await asyncio.to_thread(sessions.store().protocol, request.path_params["hash"])
    content = protocols.plain(protocols.parsed(text))
    return JSONResponse(content, headers={"Cache-Control": "public, max-age=31536000, immutable"})


async def stream(request: Request) -> Response:
    """GET: "session X is at version N", as server-sent events: a hint to ask again, never the truth.

    With `session` and `device` the device counts as present at that session while the stream is open.
    """
    session, device = (request.query_params.get(name, "")[:64] for name in ("session", "device"))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(changes.stream(session, device), media_type="text/event-stream", headers=headers)


async def qr(request: Request) -> Response:
    """GET ?url=…: that address of this server as a QR picture, for another device to open."""
    url = request.query_params.get("url", "")
    try:
        host = urlsplit(url).netloc
    except ValueError:
        host = ""
    if len(url) > 300 or host != request.headers.get("host"):
        raise Refusal(422, f"Expected an address of this server, found {url[:60]!r}.")
    picture = qrcode.make(url, image_factory=SvgPathImage, box_size=10, border=2).to_string()
    return Response(picture, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


async def _body(request: Request) -> bytes:
    """The body, read no further than allowed. A cross-site page cannot send this type without asking first."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/json":
        raise Refusal(415, f"Expected a body of type application/json, found {kind[:60] or 'none'!r}.")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Refusal(403, "Expected a request from Interspace's own pages, found one from another site.")
    body = b""
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_MAX:
                    break
    except (TimeoutError, ClientDisconnect):
        raise Refusal(
            408, f"Expected the whole body within {BODY_S} s, found a part of it. Nothing was stored."
        ) from None
    if len(body) > BODY_MAX:
        raise Refusal(
            413, f"Expected at most {BODY_MAX // 1024} KB at once, found more. Nothing was stored; send fewer."
        )
    return body


def _entries(body: bytes) -> list[Any]:
    try:
        content = msgspec.json.decode(body)
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


def _tap(raw: Any, session: str) -> events.Event:
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
    return msgspec.structs.replace(event, received=None)


def _utc(ms: float) -> str:
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return f"{ms:.0f} ms"


async def drill_tables(request: Request) -> Response:
    """GET: a drill's tables; 404 with a sentence where there is no such drill. A tablet keeps its own copy."""
    id_ = request.path_params["id"]
    found = drill.shipped().get(id_)
    if found is None:
        sentence = f"Expected a drill ({', '.join(drill.shipped())}), found {id_[:60]!r}."
        return JSONResponse({"error": sentence}, 404, headers={"Cache-Control": "no-store"})
    return JSONResponse(msgspec.to_builtins(found), headers={"Cache-Control": "no-cache"})


ROUTES = [
    Route("/api/health", health),
    Route("/api/sessions/{session}/taps", taps, methods=["POST"]),
    Route("/api/sessions/{session}", session),
    Route("/api/ward", recovery),
    Route("/api/protocols/{hash}", tables),
    Route("/api/drills/{id}", drill_tables),
    Route("/api/events", stream),
    Route("/api/qr", qr),
]
HANDLERS = {Refusal: refused, StoreError: refused}

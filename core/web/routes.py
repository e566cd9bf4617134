"""What the tablets call: taps in, acknowledgements and "session X is at version N" out. Starlette; no Streamlit.

An acknowledgement means: on disk. Sending the same taps again is safe. Every refusal is a sentence.
"""

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

import msgspec
import qrcode
from qrcode.image.svg import SvgPathImage
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from core import clock, protocols
from core.care import ward
from core.drills import own
from core.engine import events
from core.records import sessions
from core.store import Full, Newer, NotFound, StoreError
from core.web import received, version
from core.web.changes import Changes
from core.web.received import Refusal

changes = Changes()
QUIET_ZONE = 4  # modules: ISO/IEC 18004:2015, 5.3.8


def answer(content: dict[str, Any], status: int = 200) -> JSONResponse:
    """JSON with the server's time, from which tablets correct their clocks, and `low_on_space` where its disk is nearly
    full, which every board then says; never cached.
    """
    space = {"low_on_space": True} if _low_on_space() else {}
    return JSONResponse({**space, **content, "now": clock.now_ms()}, status, headers={"Cache-Control": "no-store"})


def _low_on_space() -> bool:
    """A data folder that cannot be used says so itself."""
    try:
        return sessions.store().low_on_space()
    except StoreError:
        return False


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
    """200 when the data folder can be used; whether its disk is nearly full."""
    store = await asyncio.to_thread(sessions.store)
    return answer({"ok": True, "low_on_space": store.low_on_space()})


async def taps(request: Request) -> Response:
    """POST {"events": […]}: stores what can be read and acknowledges it by id; 422 if anything was refused."""
    session = request.path_params["session"]
    batch = received.entries(await received.body(request))
    good, bad = [], []
    for raw in batch:
        try:
            good.append(received.tap(raw, session))
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
    """GET: a protocol's tables by the hash of its text and the `shape` that the page knows. These never change, so a
    tablet keeps them. A page that knows another shape is of another program.
    """
    known = request.query_params.get("shape", version.shape())
    if known != version.shape():
        raise Refusal(409, "Expected a page of this version of Interspace, found one of another: load it again.")
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
    # A proxy may drop the port from `Host`, or name itself there: the page that asks says where it stands.
    asking = [f"//{request.headers.get('host', '')}", request.headers.get("referer", "")]
    host = _host(url)
    if len(url) > 300 or not host or host not in map(_host, asking):
        raise Refusal(422, f"Expected an address of this server, found {url[:60]!r}.")
    picture = qrcode.make(url, image_factory=SvgPathImage, box_size=10, border=QUIET_ZONE).to_string()
    return Response(picture, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


def _host(url: str) -> str | None:
    """The host of an address without its port; None where there is none."""
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


async def drill_tables(request: Request) -> Response:
    """GET: a drill's tables; 404 with a sentence where there is no such drill. A tablet keeps its own copy."""
    id_ = request.path_params["id"]
    drills = await asyncio.to_thread(own.offered)
    script = drills.get(id_)
    if script is None:
        sentence = f"Expected a drill ({', '.join(drills)}), found {id_[:60]!r}."
        return JSONResponse({"error": sentence}, 404, headers={"Cache-Control": "no-store"})
    return JSONResponse(msgspec.to_builtins(script), headers={"Cache-Control": "no-cache"})


async def signed_in(request: Request) -> Response:
    """GET ?to=…: leads back to that page of this server. A board sends its user here to be asked for the sign-in of a
    proxy on the way: this address is never answered by the tablet itself.
    """
    to = request.query_params.get("to", "/")
    own = re.fullmatch(r"/(?![/\\])[^\\\s]*", to)
    return RedirectResponse(to if own else "/", 303, headers={"Cache-Control": "no-store"})


ROUTES = [
    Route("/signed-in", signed_in),
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

"""How the one server process starts, stops and dresses its pages; the routes are core/routes.py."""

import gc
import os
import re
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from types import FrameType
from typing import Any

from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import protocol, records, routes

BOARD = Path(__file__).parent.parent / "pages" / "board"
DEVICE_COOKIE = "interspace_device"
DEVICE = re.compile(r"[A-Za-z0-9]{8,32}")
A_YEAR_S = 365 * 24 * 3600


class BoardFiles(StaticFiles):
    """The board's own files; a browser asks whether they are new, so that an update is whole."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, to be checked again at each use."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


class NamesDevice:
    """Gives every browser a name of its own in a cookie: it tells tablets apart, and says nothing of who holds one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the cookie to pages asked for without one."""
        if scope["type"] != "http" or self._named(scope) or not self._is_page(scope):
            await self.app(scope, receive, send)
            return
        cookie = f"{DEVICE_COOKIE}={secrets.token_hex(8)}; Path=/; Max-Age={A_YEAR_S}; SameSite=Strict"

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"set-cookie", cookie.encode())]
            await send(message)

        await self.app(scope, receive, with_cookie)

    @staticmethod
    def _is_page(scope: Scope) -> bool:
        headers = dict(scope["headers"])
        return scope["method"] == "GET" and b"text/html" in headers.get(b"accept", b"")

    @staticmethod
    def _named(scope: Scope) -> bool:
        sent = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
        return DEVICE_COOKIE in sent and device_of(_cookies(sent)) is not None


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except Exception:  # http.cookies raises on what it cannot read; then there is no cookie of ours
        return {}


def device_of(cookies: Any) -> str | None:
    """The browser's name from its cookies; None where it has none (yet)."""
    name = cookies.get(DEVICE_COOKIE) or ""
    return name if DEVICE.fullmatch(name) else None


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Readies the data folder (or says why it cannot be used), tells streams of changes, ends them on a signal."""
    os.umask(0o077)
    kept = records.store()
    for _tables, text in protocol.shipped().values():
        kept.keep_protocol(protocol.text_hash(text), text)
    records.index().rows()
    routes.changes.start()
    _end_streams_on(signal.SIGTERM)
    _end_streams_on(signal.SIGINT)
    gc.freeze()  # what is loaded now stays: later collections skip it
    yield


def _end_streams_on(number: signal.Signals) -> None:
    """Open event streams would hold up the server's shutdown: they end on the signal, then it goes its way."""
    before = signal.getsignal(number)

    def end(received: int, frame: FrameType | None) -> None:
        routes.changes.stop()
        if callable(before):
            before(received, frame)

    signal.signal(number, end)


ROUTES = [*routes.ROUTES, Mount("/board", BoardFiles(directory=BOARD))]
HANDLERS = routes.HANDLERS
MIDDLEWARE = [Middleware(NamesDevice)]

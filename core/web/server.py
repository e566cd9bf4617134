"""How the one server process starts, stops and dresses its pages; the routes are core/web/routes.py."""

import asyncio
import gc
import json
import mimetypes
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType
from typing import Any

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from core import protocols
from core.paths import BOARD
from core.records import index, sessions
from core.web import report_route, routes, sheet_route, version
from core.web.dress import Dresses

mimetypes.add_type("font/woff2", ".woff2")  # not every machine's table has it


class BoardFiles(StaticFiles):
    """The board's own files; a browser asks whether they are new, so that an update is whole."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; the one that names the program is filled in."""
        content = version.board_file(path)
        if content is None:
            return await super().get_response(path, scope)
        return Response(content, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, to be checked again at each use."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def worker(_: Request) -> Response:
    """GET /sw.js: the service worker, told which files to keep, of which program."""
    files = sorted(
        path
        for path in BOARD.rglob("*")
        if path.suffix in (".js", ".css", ".html", ".svg", ".woff2") and path.name != "sw.js"
    )
    names = json.dumps([f"/board/{path.relative_to(BOARD).as_posix()}" for path in files])
    script = f"const VERSION = {version.program()!r}; const FILES = {names};\n" + (
        BOARD / "tablet" / "sw.js"
    ).read_text(encoding="utf-8")
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Readies the data folder (or says why it cannot be used), tells streams of changes, ends them on a signal."""
    os.umask(0o077)
    store = sessions.store()
    for _tables, text in protocols.shipped().values():
        store.keep_protocol(protocols.text_hash(text), text)
    # A first start, or one after an update, reads every record once: lists wait for it, the bedside does not.
    reading = asyncio.create_task(asyncio.to_thread(index.index().rows))
    routes.changes.start()
    _end_streams_on(signal.SIGTERM)
    _end_streams_on(signal.SIGINT)
    gc.freeze()  # what is loaded now stays: later collections skip it
    yield
    await reading


def _end_streams_on(number: signal.Signals) -> None:
    """Open event streams would hold up the server's shutdown: they end on the signal, then it goes its way."""
    before = signal.getsignal(number)

    def end(received: int, frame: FrameType | None) -> None:
        routes.changes.stop()
        if callable(before):
            before(received, frame)

    signal.signal(number, end)


ROUTES = [
    *routes.ROUTES,
    Route("/sw.js", worker),
    Mount("/board", BoardFiles(directory=BOARD)),
    Route("/report/{session}.pdf", report_route.pdf),
    Route("/report/{session}", report_route.page),
    Route("/sheet/{protocol}.pdf", sheet_route.pdf),
    Route("/sheet/{protocol}", sheet_route.page),
]
HANDLERS = routes.HANDLERS
MIDDLEWARE = [Middleware(Dresses)]

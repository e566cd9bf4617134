"""What every page gets before its first paint: the font, the colours, the chosen theme, and a name for this browser."""

import json
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import site
from core.paths import BOARD
from core.web import version

DEVICE_COOKIE = "interspace_device"
DEVICE = re.compile(r"[A-Za-z0-9]{8,32}")
A_YEAR_S = 365 * 24 * 3600
HEAD = b"<head>"


def device_of(cookies: Any) -> str | None:
    """The browser's name from its cookies; None where it has none (yet)."""
    name = cookies.get(DEVICE_COOKIE) or ""
    return name if isinstance(name, str) and DEVICE.fullmatch(name) else None


class Dresses:
    """Puts font, colours and theme into the head of every page, so that nothing flashes white in a dark room, and names
    the browser in a cookie: it tells tablets apart, and says nothing of who holds one.

    Every answer says of which program it is: one that does not came from something before it, as a sign-in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        style = "".join((BOARD / "style" / name).read_text(encoding="utf-8") for name in ("font.css", "tokens.css"))
        script = "".join((BOARD / "tablet" / name).read_text(encoding="utf-8") for name in ("dress.js", "lost.js"))
        where = json.dumps(zone.key if (zone := site.zone()) else "")  # boards keep it, as they may start without us
        script += f"localStorage.setItem('is:zone', {where});"
        self.head = f"{HEAD.decode()}<style>{style} html{{background:var(--paper)}}</style><script>{script}</script>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Only pages are touched; everything else passes through."""
        if scope["type"] == "http":
            send = _guarded(send)
        if scope["type"] != "http" or scope["method"] != "GET" or b"text/html" not in _header(scope, b"accept"):
            await self.app(scope, receive, send)
            return
        # A link from another site may come without the cookie of before: the page itself knows whether there is one.
        stranger = _header(scope, b"sec-fetch-site") == b"cross-site"
        cookie = device_of(_cookies(scope)) or ("" if stranger else secrets.token_hex(8))
        start: Message = {}
        body = b""

        async def dressed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    await self._finish(start, body, cookie, send)
            else:
                await send(message)

        # Without conditional headers the page comes whole each time: it is small, and what is added may have changed.
        plain = [(name, value) for name, value in scope["headers"] if not name.startswith(b"if-")]
        plain = [(name, b"identity" if name == b"accept-encoding" else value) for name, value in plain]
        await self.app({**scope, "headers": plain}, receive, dressed)

    async def _finish(self, start: Message, body: bytes, cookie: str, send: Send) -> None:
        headers = [
            (name, value) for name, value in start["headers"] if name.lower() not in (b"content-length", b"etag")
        ]
        if any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers):
            body = body.replace(HEAD, self.head.encode(), 1)
            headers.append((b"cache-control", b"no-cache"))
            if cookie:
                set_cookie = f"{DEVICE_COOKIE}={cookie}; Path=/; Max-Age={A_YEAR_S}; SameSite=Lax"  # renewed
                headers.append((b"set-cookie", set_cookie.encode()))
        headers.append((b"content-length", str(len(body)).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})


# No other site may frame a page or learn its address, and a browser takes each answer for what it says it is. What
# somebody typed may hold a picture's address (Markdown): none is fetched from elsewhere.
GUARDS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"content-security-policy", b"frame-ancestors 'self'; img-src 'self' data: blob:"),
]


def _guarded(send: Send) -> Send:
    program = (version.HEADER.lower().encode(), version.program().encode())

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *GUARDS, program]}
        await send(message)

    return guarded


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


def _cookies(scope: Scope) -> dict[str, str]:
    try:
        return {
            name: morsel.value for name, morsel in SimpleCookie(_header(scope, b"cookie").decode("latin-1")).items()
        }
    except CookieError:
        return {}

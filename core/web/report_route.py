"""GET /report/SESSION: the report as a page of its own, to print or to save as PDF. Starlette and Jinja."""

import asyncio
import base64
from functools import cache
from typing import Any

import qrcode
from qrcode.image.svg import SvgPathImage
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.engine import words
from core.engine.session import Session
from core.facts.report import plain, report
from core.facts.story import StoryEntry
from core.paths import BOARD, REPORT
from core.records import sessions
from core.store import StoreError
from core.web.routes import refused


async def page(request: Request) -> Response:
    """The report of a session; a page with the store's sentence where it cannot be read."""
    status, fresh = 200, {"Cache-Control": "no-store"}
    try:
        session = await asyncio.to_thread(sessions.read, sessions.store(), request.path_params["session"])
        content = await asyncio.to_thread(html, session)
    except StoreError as error:
        status, content = (
            (await refused(request, error)).status_code,
            _template("none.html").render(sentence=str(error)),
        )
    return HTMLResponse(content, status, fresh)


def html(session: Session) -> str:
    """The page."""
    report_ = report(session)
    picture = qrcode.make(session.id, image_factory=SvgPathImage, box_size=10, border=1).to_string()
    page_: str = _template("report.html").render(
        report=report_,
        plain=plain(report_),
        qr=base64.b64encode(picture).decode(),
        time=words.time,
        notes=notes,
        aid=words.AID,
        quoted=quoted,
    )
    return page_


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # who prints pays for it

    # Text of records is escaped; a word that the page lacks is an error, and no empty place.
    pages = Environment(
        loader=FileSystemLoader([REPORT, BOARD / "style"]), autoescape=True, trim_blocks=True, undefined=StrictUndefined
    )
    return pages.get_template(name)


def quoted(text: str) -> str:
    """A text as a string of CSS, whatever stands in it: every sign but letters and digits as its number."""
    return "".join(sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign):x} " for sign in text)


def notes(entry: StoryEntry) -> list[str]:
    """What is to be known of an entry's own story."""
    remarks = [f"(entered {words.time(entry.entered_at)})"] if entry.entered_at is not None else []
    remarks += ["(undone)"] if entry.undone else []
    remarks += ["(amended)"] if entry.amended else []
    twice = "from two tablets" if entry.two_devices else "recorded twice"
    return remarks + ([f"({twice}: counts once)"] if entry.counts_once else [])

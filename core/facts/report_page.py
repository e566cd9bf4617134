"""The report of a session as one HTML page, for a browser or (with `as_pdf`) for the PDF file. Jinja."""

import base64
from functools import cache
from typing import Any

import qrcode
from qrcode.image.svg import SvgPathImage

from core import site
from core.engine import words
from core.engine.session import Session
from core.facts.report import plain, report
from core.facts.story import StoryEntry
from core.paths import BOARD, REPORT

QUIET_MODULES = 4  # around the picture: ISO/IEC 18004


def html(session: Session, as_pdf: bool = False) -> str:
    """The page. `as_pdf`: as a file that is the same whenever it is made, so with the moment of its last entry."""
    report_ = report(session)
    picture = qrcode.make(session.id, image_factory=SvgPathImage, box_size=10, border=QUIET_MODULES).to_string()
    last = max((entry.event.tapped for entry in session.entries), default=session.opened_at)
    page_: str = template("report.html").render(
        report=report_,
        plain=plain(report_),
        qr=base64.b64encode(picture).decode(),
        time=words.time,
        notes=notes,
        aid=words.AID,
        quoted=quoted,
        as_pdf=as_pdf,
        last=f"{words.day(last)} {words.time(last)}",
        last_utc=words.utc(site.within_calendar(last)),
        entries=len(session.entries),
    )
    return page_


@cache
def template(name: str) -> Any:
    """A page of pages/report/."""
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

"""The report of a session as a PDF file to archive: tagged (PDF/UA-1), its text selectable, every font embedded.

WeasyPrint draws it, without a browser and without a network. The same record gives the same bytes.
"""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from core.engine.session import Session
from core.facts import report_page
from core.paths import REPORT

VARIANT = "pdf/ua-1"
HERE = "http://interspace.invalid/"  # an address that no network has (RFC 2606): files are named below it
FONTS = ("report-sans-regular", "report-sans-bold", "dejavu-sans", "droid-sans-fallback")
FILES = {f"/report/fonts/{font}.ttf": REPORT / "fonts" / f"{font}.ttf" for font in FONTS}
LACKING = (
    "A PDF file needs the libraries Pango, HarfBuzz and Fontconfig on the server (.ci/setup installs them); "
    "the page to print works without them."
)


class PdfUnavailable(Exception):
    """The server lacks what draws a PDF file; the sentence says what."""


def report_pdf(session: Session) -> bytes:
    """The file. Raises PdfUnavailable."""
    return written(report_page.html(session, as_pdf=True), session.id)


def written(html: str, identifier: str) -> bytes:
    """A page of ours as a file of that identifier. Raises PdfUnavailable."""
    weasyprint, fetcher = _engine()
    page = weasyprint.HTML(string=legible(html), base_url=HERE, url_fetcher=fetcher, media_type="print")
    content: bytes = page.write_pdf(pdf_variant=VARIANT, pdf_identifier=identifier.encode())
    return content


def file_name(session: Session) -> str:
    """What a browser calls the file: report-20261120-abcdef.pdf."""
    return f"report-{session.id}.pdf"


def legible(text: str) -> str:
    """A text in which a sign that no font of ours has stands as its number, "[U+1F600]", and not as an empty box."""
    signs = _signs()
    return "".join(sign if ord(sign) in signs or sign.isspace() else f"[U+{ord(sign):04X}]" for sign in text)


@cache
def _signs() -> frozenset[int]:
    """Every sign that the fonts have."""
    from fontTools.ttLib import TTFont

    return frozenset(code for path in FILES.values() for code in TTFont(path, lazy=True).getBestCmap())


@cache
def _engine() -> tuple[Any, Any]:
    """WeasyPrint, and what hands it our own files alone; loaded by who asks for a PDF. Raises PdfUnavailable."""
    try:
        import weasyprint
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError):
        raise PdfUnavailable(LACKING) from None

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """The fonts and what stands in the page itself; nothing of a disk or a network."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """One file. Raises ValueError for any that is not ours."""
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = FILES.get(urlsplit(url).path) if url.startswith(HERE) else None
            if path is None:
                raise ValueError(f"expected a file of the report, found {url[:60]!r}")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})

    return weasyprint, OwnFiles()

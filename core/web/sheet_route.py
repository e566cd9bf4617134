"""GET /sheet/PROTOCOL: the blank paper sheet as a page to print; GET /sheet/PROTOCOL.pdf?paper=Letter: as a file."""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core import protocols
from core.facts import report_page, report_pdf
from core.protocols.tables import Protocol
from core.transfer import blank_page

FRESH = {"Cache-Control": "no-store"}


async def page(request: Request) -> Response:
    """The sheet of a protocol in use; a page with a sentence where there is no such protocol."""
    p = _asked(request)
    if p is None:
        return _none(404, _unknown(request))
    return HTMLResponse(await asyncio.to_thread(blank_page.html, p), headers=FRESH)


async def pdf(request: Request) -> Response:
    """The sheet as a PDF file to save; a page with the sentence where it cannot be made."""
    p, paper = _asked(request), request.query_params.get("paper", blank_page.PAPERS[0])
    if p is None:
        return _none(404, _unknown(request))
    if paper not in blank_page.PAPERS:
        return _none(422, f"Paper: expected {' or '.join(blank_page.PAPERS)}, found {paper[:60]!r}.")
    try:
        content = await asyncio.to_thread(blank_page.pdf, p, paper)
    except report_pdf.PdfUnavailable as error:
        return _none(503, str(error))
    headers = FRESH | {"Content-Disposition": f'attachment; filename="{blank_page.file_name(p)}"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _asked(request: Request) -> Protocol | None:
    tables, _ = protocols.shipped().get(request.path_params["protocol"], (None, ""))
    return tables


def _unknown(request: Request) -> str:
    return (
        f"Protocol: expected one of {', '.join(protocols.shipped())}, found {request.path_params['protocol'][:60]!r}."
    )


def _none(status: int, sentence: str) -> Response:
    page = report_page.template("none.html").render(sentence=sentence, title="No sheet")
    return HTMLResponse(page, status, FRESH)

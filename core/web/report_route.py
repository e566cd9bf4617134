"""GET /report/SESSION: the report as a page of its own; GET /report/SESSION.pdf: as a file. Starlette."""

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from core.facts import report_page, report_pdf
from core.records import sessions
from core.store import StoreError
from core.web.routes import refused

FRESH = {"Cache-Control": "no-store"}


async def page(request: Request) -> Response:
    """The report of a session; a page with the store's sentence where it cannot be read."""
    try:
        session = await asyncio.to_thread(sessions.read, sessions.store(), request.path_params["session"])
        content = await asyncio.to_thread(report_page.html, session)
    except StoreError as error:
        return _none((await refused(request, error)).status_code, str(error))
    return HTMLResponse(content, 200, FRESH)


async def pdf(request: Request) -> Response:
    """The report as a PDF file to save; a page with the sentence where it cannot be made."""
    try:
        session = await asyncio.to_thread(sessions.read, sessions.store(), request.path_params["session"])
        content = await asyncio.to_thread(report_pdf.report_pdf, session)
    except StoreError as error:
        return _none((await refused(request, error)).status_code, str(error))
    except report_pdf.PdfUnavailable as error:
        return _none(503, str(error))
    headers = FRESH | {"Content-Disposition": f'attachment; filename="{report_pdf.file_name(session)}"'}
    return Response(content, media_type="application/pdf", headers=headers)


def _none(status: int, sentence: str) -> Response:
    return HTMLResponse(report_page.template("none.html").render(sentence=sentence, title="No report"), status, FRESH)

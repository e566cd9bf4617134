"""The blank paper sheet as one HTML page, for a browser or for the PDF file. Jinja, WeasyPrint."""

from core.engine.words import AID
from core.facts import report_page, report_pdf
from core.protocols.tables import Protocol
from core.transfer.blank_sheet import sheet

PAPERS = ("A4", "Letter")


def html(p: Protocol, paper: str | None = None) -> str:
    """The page; for the file with the size of its `paper`, for a browser without: its printer knows."""
    page: str = report_page.template("sheet.html").render(
        sheet=sheet(p), id=p.id, papers=PAPERS, paper=paper, aid=AID, quoted=report_page.quoted
    )
    return page


def pdf(p: Protocol, paper: str = PAPERS[0]) -> bytes:
    """The file, the same for the same protocol. Raises PdfUnavailable."""
    return report_pdf.written(html(p, paper), f"{p.id} {p.version} {paper}")


def file_name(p: Protocol) -> str:
    """What a browser calls the file: lumbar-nusinersen-1.3.0-sheet.pdf."""
    return f"{p.id}-{p.version}-sheet.pdf"

"""The report of a record as a FHIR DocumentReference with the PDF file in it."""

import base64
import hashlib
from uuid import UUID

from core.engine import words
from core.engine.session import Session
from core.facts import report_pdf
from core.transfer.fhir import HTEST
from core.transfer.fhir_codes import LOINC
from core.transfer.fhir_parts import Json, full, names_of

CORRECTIONS = ("amend", "undo")


def document(session: Session, namespace: UUID) -> Json:
    """The document as the record stands now. Raises report_pdf.PdfUnavailable."""
    names, p = names_of(session, namespace), session.protocol
    content, changed = report_pdf.report_pdf(session), words.utc(_changed(session))
    title = f"{p.title}, {words.utc(session.opened_at)[:10]}"
    attachment = {
        "contentType": "application/pdf",
        "language": "en",
        "data": base64.b64encode(content).decode(),
        "size": len(content),
        "hash": base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode(),  # as R4 asks
        "title": title,
        "creation": changed,
    }
    subject = names.reference("patient", session.patient) if session.patient else {"display": "unknown"}
    return full(
        resourceType="DocumentReference",
        id=names.id(session.id, "report"),
        meta={"security": [HTEST]} if session.drill else {},
        masterIdentifier=names.identifier("Report of an Interspace record", session.id),
        status="entered-in-error" if session.mistaken else "current",
        docStatus=_state(session),
        type={"coding": [{"system": LOINC, "code": "28570-0", "display": "Procedure note"}], "text": "Procedure note"},
        subject=subject,
        date=changed,
        description=title,
        content=[{"attachment": attachment}],
        context={
            "period": {"start": words.utc(session.opened_at)},
            "related": [names.reference(session.id, "main")],
        },
    )


def _state(session: Session) -> str:
    """Preliminary while the procedure runs, final at its end, amended once it was corrected after it."""
    if session.mistaken:
        return "entered-in-error"
    if not session.closed:
        return "preliminary"
    ends = [line.event.tapped for line in session.entries if line.event.kind == "mark" and line.counts]
    after = [
        line for line in session.entries if line.event.kind in CORRECTIONS and line.event.tapped > max(ends, default=0)
    ]
    return "amended" if any(not line.undone for line in after) else "final"


def _changed(session: Session) -> int:
    """When the record was last added to (UTC ms)."""
    return max((line.event.tapped for line in session.entries), default=session.opened_at)

"""The report as a PDF file: read back as a reader of the archive would, in several scripts, on any machine."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.facts import report_pdf
from core.records import sessions
from core.web.routes import HANDLERS
from core.web.server import ROUTES
from tests.helpers.app import ROOT
from tests.helpers.kept import INJECTED, cervical, keep, with_everything

NOTES = {
    "German": "Blutiger Liquor, später klar: Größe 18G, über 3 mL",
    "French": "Œdème déjà présent, ça s'arrête à 3 mL",
    "Chinese": "针尖在蛛网膜下腔，患者无不适。",
    "Japanese": "患者は痛みなし",
    "Korean": "통증 없음",
    "Russian": "Без жалоб",
    "Greek": "χωρίς πόνο",
    "signs": "µ ≥ ≤ ± → × ½ ° ✓",
}


def made(session: str) -> PdfReader:
    return PdfReader(io.BytesIO(report_pdf.report_pdf(sessions.read(sessions.store(), session))))


def with_note(text: str, **head: Any) -> str:
    return keep([*INJECTED, {"t": "00:12:00", "note": text}], **head)


def text_of(reader: PdfReader) -> str:
    """Its text, in which a line that was wrapped is whole again."""
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


def fonts(reader: PdfReader) -> dict[str, Any]:
    """Every font that a page names → its description."""
    named = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    parts = [(font, font["/DescendantFonts"][0].get_object()) for font in named]
    return {font["/BaseFont"]: part["/FontDescriptor"].get_object() for font, part in parts}


@pytest.mark.parametrize("note", NOTES.values(), ids=list(NOTES))
def test_a_note_in_any_language_of_the_team_is_read_back_from_fonts_that_are_all_in_the_file(data: Path, note: str):
    reader = made(with_note(note))
    assert "".join(note.split()) in text_of(reader)
    for name, description in fonts(reader).items():
        embedded = [description[key] for key in ("/FontFile2", "/FontFile3") if key in description]
        assert embedded, f"{name} is not in the file"
        assert len(TTFont(io.BytesIO(embedded[0].get_object().get_data())).getGlyphOrder()) > 1
        family = name.partition("+")[2]
        assert family.startswith(("Report-Sans", "DejaVu-Sans", "Droid-Sans-Fallback")), f"{name} is the machine's own"


def boxes(reader: PdfReader) -> int:
    """How many glyphs of its pages are the empty box: number 0, or one that the font in the file does not have."""
    count = 0
    for page in reader.pages:
        sizes = {}
        for name, font in page["/Resources"]["/Font"].items():
            description = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            file = next(description[key] for key in ("/FontFile2", "/FontFile3") if key in description)
            sizes[name] = TTFont(io.BytesIO(file.get_object().get_data()))["maxp"].numGlyphs
        size = 0
        for operands, operator in page.get_contents().operations:
            if operator == b"Tf":
                size = sizes[operands[0]]
            for piece in operands[0] if operator == b"TJ" else operands if operator == b"Tj" else []:
                if isinstance(piece, str | bytes):
                    code = piece if isinstance(piece, bytes) else piece.original_bytes
                    glyphs = [int.from_bytes(code[n : n + 2]) for n in range(0, len(code), 2)]
                    count += sum(not 0 < glyph < size for glyph in glyphs)
    return count


def test_no_sign_stands_as_an_empty_box(data: Path, monkeypatch: pytest.MonkeyPatch):
    unknown = "\U0001f9a9"
    session = with_note(" ".join([*NOTES.values(), unknown]))
    assert boxes(made(session)) == 0
    monkeypatch.setattr(report_pdf, "legible", lambda text: text)
    assert boxes(made(session)) == 1, "the test would not see a box"


def test_a_sign_that_no_font_of_ours_has_stands_as_its_number(data: Path):
    assert "[U+1F9A9]here" in text_of(made(with_note("\U0001f9a9 here")))


def test_the_file_says_what_it_is_in_which_language_and_how_it_is_read_aloud(data: Path):
    reader = made(with_everything())
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title == "P-006, dose 2, 2026-01-31: report"
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_every_sheet_says_whose_it_is_and_how_many_there_are(data: Path):
    happened = [*INJECTED, *({"t": f"00:{12 + n // 60:02}:{n % 60:02}", "note": f"Note {n}"} for n in range(200))]
    reader = made(keep(happened, patient="P-017"))
    sheets = len(reader.pages)
    assert sheets > 1
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert "Patient P-017, record " in text
        assert f"{number} / {sheets}" in text


def test_the_same_record_gives_the_same_file(data: Path, monkeypatch: pytest.MonkeyPatch):
    from core import clock

    session = sessions.read(sessions.store(), with_everything())
    first = report_pdf.report_pdf(session)
    later = clock.now_ms() + 90_000_000
    monkeypatch.setattr(clock, "now_ms", lambda: later)
    assert report_pdf.report_pdf(session) == first


def test_nothing_is_fetched_but_the_files_of_the_report(data: Path):
    _, fetcher = report_pdf._engine()
    for url in ("http://example.org/x.png", "file:///etc/passwd", "http://interspace.invalid/../../etc/passwd"):
        with pytest.raises(ValueError, match="expected a file of the report"):
            fetcher(url)
    assert fetcher("http://interspace.invalid/report/fonts/dejavu-sans.ttf").read()[:4] == b"\0\1\0\0"


def test_words_from_a_record_are_text_in_the_file_and_no_markup(data: Path):
    evil = "<img src='file:///etc/passwd'><b>x</b>"
    assert "".join(evil.split()) in text_of(made(with_note(evil)))


@pytest.fixture
def client(data: Path) -> TestClient:
    return TestClient(Starlette(routes=ROUTES, exception_handlers=HANDLERS))


def test_the_page_offers_the_file_and_the_route_gives_it(client: TestClient):
    for session in (with_everything(), cervical()):
        assert f'href="/report/{session}.pdf"' in client.get(f"/report/{session}").text
        answer = client.get(f"/report/{session}.pdf")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.headers["content-disposition"] == f'attachment; filename="report-{session}.pdf"'
        assert answer.content.startswith(b"%PDF-")


def test_a_file_of_no_record_is_a_sentence(client: TestClient):
    answer = client.get("/report/20261120-aaaaaaaaaa.pdf")
    assert answer.status_code == 404
    assert "20261120-aaaaaaaaaa" in answer.text


def test_a_server_without_the_libraries_says_so_in_one_sentence(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    session = with_everything()
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # what Python does where its libraries are missing
    report_pdf._engine.cache_clear()
    answer = client.get(f"/report/{session}.pdf")
    assert answer.status_code == 503
    assert report_pdf.LACKING in answer.text.replace("&#39;", "'")
    assert client.get(f"/report/{session}").status_code == 200


def command(*words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "core", *words], cwd=ROOT, capture_output=True, check=False)


def test_the_command_line_writes_the_file_and_refuses_what_it_cannot(data: Path, tmp_path: Path):
    session, out = with_everything(), tmp_path / "report.pdf"
    done = command("report", session, "--pdf", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert out.read_bytes().startswith(b"%PDF-")
    assert b"Operator AK" in command("report", session).stdout
    missing = command("report", session, "--pdf", str(tmp_path / "none" / "x.pdf"))
    assert missing.returncode == 2
    assert missing.stderr.decode().strip() == f"{tmp_path / 'none' / 'x.pdf'}: No such file or directory"
    assert command("report", "20261120-aaaaaaaaaa").returncode == 2

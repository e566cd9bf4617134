"""The blank paper sheet: everything that a protocol asks for has its place, in every protocol, on A4 and Letter."""

import io
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from pypdf import PdfReader
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import protocols
from core.protocols.tables import Protocol
from core.transfer import blank_page
from core.transfer.blank_sheet import sheet
from core.web.routes import HANDLERS
from core.web.server import ROUTES
from tests.helpers.app import ROOT
from tests.helpers.tables import CERVICAL, LUMBAR
from tests.protocols.test_third_protocol import LANDMARKS

PROTOCOLS = [LUMBAR, CERVICAL, protocols.parse(LANDMARKS)]
IDS = [p.id for p in PROTOCOLS]


def words(text: str) -> str:
    return "".join(text.split())


def text_of(p: Protocol) -> str:
    """The page's text without its markup."""
    body = blank_page.html(p).partition("<body>")[2]
    return words(unescape(re.sub(r"<[^>]+>", "", body)))


@pytest.mark.parametrize("p", PROTOCOLS, ids=IDS)
def test_everything_that_can_be_recorded_has_its_place(p: Protocol):
    text = text_of(p)
    called = {mark for call in p.follow_up for mark in (call.made, call.tried)}
    labels = [table.label for table in (*p.phase.values(), *p.check.values())]
    labels += [mark.label for key, mark in p.mark.items() if p.follow_up or key not in called]
    labels += [table.label for table in p.complication.values() if not table.follow_up_only]
    labels += [p.complication[key].label for key in p.ask]
    labels += [drug.label for drug in p.medication]
    by_call = {key for call in p.follow_up for key in (call.value, call.left_out)}
    for key, value in p.value.items():
        if key not in by_call:
            labels += [value.label, *(option.label for option in p.options(key))]
            labels += [value.unit] if value.type == "number" and value.unit else []
    empty = [phase.label for key, phase in p.phase.items() if not _asks(p, key)]
    lacking = [label for label in labels if words(label) not in text and label not in empty]
    assert lacking == []


def _asks(p: Protocol, phase: str) -> bool:
    return any(section.label == p.phase[phase].label for section in sheet(p).sections)


@pytest.mark.parametrize("p", PROTOCOLS, ids=IDS)
def test_a_mark_stands_once_or_in_rows_one_below_the_other(p: Protocol):
    rows = [row.label for section in sheet(p).sections for row in section.marks]
    runs = [label for n, label in enumerate(rows) if n == 0 or rows[n - 1] != label]
    assert len(runs) == len(set(runs))


def test_the_insertions_are_as_many_as_may_fail_each_with_interspace_approach_and_outcome():
    insertions = next(section.insertions for section in sheet(LUMBAR).sections if section.insertions)
    failures = next(counter for counter in LUMBAR.counter if counter.limit and counter.groups)
    assert insertions.rows == failures.limit * failures.groups == 9
    assert [field.label for field in insertions.begin.fields] == ["Interspace", "Approach", "Reason"]
    assert [end.label for end in insertions.ends] == ["CSF outflow", "Withdrawn, no CSF"]
    assert [option for end in insertions.ends for field in end.fields for option in field.options] == [
        "No CSF",
        "Bone contact",
        "Bloody",
        "Paraesthesia",
    ]


def test_what_is_summed_up_has_room_for_a_second_time():
    after = next(section for section in sheet(LUMBAR).sections if section.label == "Post-procedure")
    room: dict[str, int] = {}
    for row in after.marks:
        room[row.label] = room.get(row.label, 0) + row.times
    for label in ("Start compression", "End compression", "Start supine", "End supine"):
        assert room[label] >= 2, label


def test_a_word_that_the_site_changes_in_its_protocol_changes_on_the_sheet():
    text = protocols.shipped()[LUMBAR.id][1]
    changed = text.replace('label = "Team time-out"', 'label = "Pause & <check>"')
    assert words("Pause & <check>") in text_of(protocols.parse(changed))
    assert "Team time-out" not in blank_page.html(protocols.parse(changed))


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
@pytest.mark.parametrize("p", PROTOCOLS, ids=IDS)
def test_the_file_has_the_size_of_the_paper_and_every_page_says_which_protocol(
    p: Protocol, paper: str, size: tuple[int, int]
):
    reader = PdfReader(io.BytesIO(blank_page.pdf(p, paper)))
    for number, page in enumerate(reader.pages, 1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == size
        text = page.extract_text()
        assert f"Protocol {p.id} {p.version}." in text
        assert f"{number} / {len(reader.pages)}" in text
        assert "Patient code" in text
        assert "Dose number" in text


def test_the_same_protocol_gives_the_same_file():
    assert blank_page.pdf(LUMBAR) == blank_page.pdf(LUMBAR)


@pytest.fixture
def client(data: Path) -> TestClient:
    return TestClient(Starlette(routes=ROUTES, exception_handlers=HANDLERS))


def test_the_page_offers_both_papers_and_the_route_gives_them(client: TestClient):
    page = client.get(f"/sheet/{LUMBAR.id}")
    assert page.status_code == 200
    for paper in ("A4", "Letter"):
        assert f'href="/sheet/{LUMBAR.id}.pdf?paper={paper}"' in page.text
        answer = client.get(f"/sheet/{LUMBAR.id}.pdf?paper={paper}")
        assert answer.content == blank_page.pdf(LUMBAR, paper)
        assert answer.headers["content-disposition"].endswith(f'"lumbar-nusinersen-{LUMBAR.version}-sheet.pdf"')


@pytest.mark.parametrize(
    ("address", "status", "found"),
    [
        ("/sheet/sacral", 404, "found 'sacral'"),
        ("/sheet/sacral.pdf", 404, "found 'sacral'"),
        ("/sheet/lumbar-nusinersen.pdf?paper=A3", 422, "expected A4 or Letter, found 'A3'"),
    ],
)
def test_what_there_is_not_is_a_sentence(client: TestClient, address: str, status: int, found: str):
    answer = client.get(address)
    assert answer.status_code == status
    text = unescape(answer.text)
    assert ("expected" in text, found.removeprefix("found ") in text) == (True, True)


def command(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "core", *arguments], cwd=ROOT, capture_output=True, check=False)


def test_the_command_line_prints_the_page_and_writes_the_file(data: Path, tmp_path: Path):
    out, own = tmp_path / "sheet.pdf", tmp_path / "own.toml"
    own.write_text(LANDMARKS, encoding="utf-8")
    assert command("paper", LUMBAR.id).stdout.decode().strip().endswith("</html>")
    done = command("paper", str(own), "--pdf", str(out), "--paper", "Letter")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert round(PdfReader(out).pages[0].mediabox.width) == 612
    unknown = command("paper", "sacral")
    assert (unknown.returncode, unknown.stdout) == (2, b"")
    assert unknown.stderr.decode().startswith("PROTOCOL: expected a file or one of ")
    nowhere = command("paper", LUMBAR.id, "--pdf", str(tmp_path / "none" / "x.pdf"))
    assert (nowhere.returncode, nowhere.stderr.decode().strip()[-25:]) == (2, "No such file or directory")

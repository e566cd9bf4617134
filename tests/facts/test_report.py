"""The report: what a hospital would file, on one page, and the short text for its own record."""

import base64
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.engine.words import AID
from core.facts import report_page
from core.facts.report import plain, report
from core.facts.story import story
from core.records import correct, sessions
from core.web.routes import HANDLERS
from core.web.server import ROUTES
from tests.helpers.kept import INJECTED, add, cervical, entry, keep, with_everything
from tests.helpers.tables import CERVICAL, LUMBAR, mark


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site whose clocks show UTC."""
    from core import site

    monkeypatch.setenv("INTERSPACE_TIME_ZONE", "UTC")
    site.zone.cache_clear()


def report_of(session: str):
    return report(sessions.read(sessions.store(), session))


def test_the_report_says_what_who_when_figures_and_under_which_protocol(data: Path):
    page = report_of(with_everything())
    assert dict(page.head) == {
        "Patient": "P-006",
        "Dose": "2",
        "Date": "2026-01-31",
        "Outcome": "Success",
        "Operator": "AK → BL",
        "Recorder": "RR",
    }
    assert dict(page.figures)["Operation time"] == "17:10"
    assert dict(page.figures)["Insertions"] == "4 (L2–L3: 3, L4–L5: 1)"
    assert (page.title, page.protocol) == (LUMBAR.title, f"{LUMBAR.id} {LUMBAR.version}")
    assert page.insertions[-1] == ["4", "09:12:40", "L4–L5", "Near-spinous process", "BL", "CSF outflow 09:15:00"]
    assert page.drugs == [
        "Lidocaine 2 % 3 mL, 09:05:00 (infiltration of the skin and below)",
        "Nusinersen 4.5 mL, 09:17:40 (intrathecal)",
    ]
    assert page.adverse == ["09:17:50 Headache: mild, on sitting up"]
    assert dict(page.checks)[LUMBAR.check["consent"].label] == "09:00:10"
    assert dict(page.checks)[LUMBAR.check["allergies"].label] == ""


def test_prompts_stand_in_the_timeline_with_their_reasons(data: Path):
    prompts = {item.label: item for item in report_of(with_everything()).timeline if item.kind == "prompt"}
    change = prompts["Change interspace"]
    assert change.content.startswith(
        "3 unsuccessful insertions at L2–L3. Change interspace: L1–L2, L3–L4, L4–L5, L5–S1."
    )
    assert (change.reason, "Passed 09:11:30" in change.content) == ("Canal is best seen here", True)


def test_what_was_corrected_is_told_with_what_stood_there_before(data: Path):
    corrections = report_of(with_everything()).corrections
    assert (
        "Injection complete 09:17:40: amended by RR 2026-01-31 09:50:00 (Injected 5 mL → 4.5 mL; read off the syringe)"
        in corrections
    )
    assert "Patient wishes to stop 09:16:40: undone by RR 2026-01-31 09:16:50 (touched by mistake)" in corrections


def test_a_record_marked_as_a_whole_says_so_first(data: Path):
    assert report_of(cervical()).alerts == ["Ultrasound alone.", "Not closed: injected, the needle is in."]
    drill = keep([mark(0, "voided")], "2026-04-01T09:00:00Z", drill=True)
    assert report_of(drill).alerts == [
        "DRILL: an invented patient, no procedure.",
        "Opened by mistake: no procedure of this patient.",
    ]


def test_the_short_text_fits_into_another_record_and_says_what_it_comes_from(data: Path):
    text = plain(report_of(with_everything()))
    lines = text.splitlines()
    assert lines[1] == "Patient P-006, dose 2, 2026-01-31. Operator AK → BL; recorder RR."
    assert "Adverse event 09:17:50 Headache: mild, on sitting up." in lines
    assert lines[-1] == f"Record 20260131-everything, protocol {LUMBAR.id} {LUMBAR.version}, times UTC. {AID}"
    assert len(text) < 2500


def test_without_adverse_events_the_text_says_that_none_is_recorded(data: Path):
    assert "Adverse events: none recorded." in plain(report_of(keep(INJECTED)))


def test_every_entry_is_in_the_story_once_and_corrections_stand_under_theirs(data: Path):
    session = sessions.read(sessions.store(), with_everything())
    entries = story(session)
    corrections = [line.event.id for line in session.entries if line.event.kind in ("undo", "amend", "review")]
    answers = [line.event.id for line in session.entries if line.event.kind == "answer"]
    shown = [one.event for one in entries if one.kind != "prompt"]
    assert sorted(shown) == sorted({line.event.id for line in session.entries} - {*corrections, *answers})
    assert sum(len(one.changes) for one in entries) == len(corrections)
    late = next(one for one in entries if one.label == "End compression")
    assert (late.at, late.entered_at) == (session.opened_at + 2_290_000, session.opened_at + 2_400_000)
    twice = [item for item in entries if item.label == "CSF outflow"]
    assert [item.counts_once for item in twice] == [False, True]
    assert "came from two tablets" in twice[1].to_review[0]
    assert next(item.reviewed for item in entries if item.label == "Weight") != []


def test_an_undo_that_was_undone_is_told_as_taken_back(data: Path):
    session = keep(INJECTED)
    outflow = entry(session, "mark", "csf_outflow")
    add(
        session,
        {"kind": "undo", "at": 700, "data": {"of": outflow}},
        {"kind": "undo", "at": 710, "data": {"of": "more-undo-700"}},
    )
    (item,) = [item for item in story(sessions.read(sessions.store(), session)) if item.event == outflow]
    assert not item.undone
    assert [(change.what, change.taken_back) for change in item.changes] == [("Undone", True), ("Taken back", False)]


def test_corrections_that_go_in_circles_or_to_nothing_stop_no_story(data: Path):
    session = keep(INJECTED)
    add(
        session,
        {"kind": "undo", "at": 700, "data": {"of": "more-amend-701"}},
        {"kind": "amend", "at": 701, "data": {"of": "more-undo-700", "set": {"at": 1}}},
        {"kind": "detail", "at": 702, "data": {"of": "gone", "set": {"text": "x"}}},
    )
    kinds = [item.kind for item in story(sessions.read(sessions.store(), session))]
    assert [kinds.count(kind) for kind in ("undo", "amend", "detail")] == [1, 1, 1]


@pytest.fixture
def client(data: Path) -> TestClient:
    return TestClient(Starlette(routes=ROUTES, exception_handlers=HANDLERS))


def test_the_page_holds_the_qr_of_the_records_id_and_says_what_it_is_not(client: TestClient):
    session = with_everything()
    page = client.get(f"/report/{session}")
    assert page.status_code == 200
    assert f"QR of the record&#39;s id, {session}" in page.text or f"QR of the record's id, {session}" in page.text
    assert AID in page.text
    picture = base64.b64decode(page.text.partition("data:image/svg+xml;base64,")[2].partition('"')[0])
    assert b"<path" in picture
    assert page.headers["cache-control"] == "no-store"


def test_words_from_a_record_are_never_markup(client: TestClient):
    evil = "<script>alert(1)</script>"
    happened = [{"t": "00:00:01", "note": evil}, {"t": "00:00:02", "complication": "other", "text": evil}]
    session = keep(happened, operator=evil, recorder='"><img src=x>', values={"spine_surgery": evil})
    page = client.get(f"/report/{session}").text
    assert evil not in page
    assert "<img src=x>" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


@pytest.mark.parametrize("unknown", ["20261120-aaaaaaaaaa", "..%2F..%2Fetc%2Fpasswd", "x"])
def test_a_report_of_no_record_is_a_sentence(client: TestClient, unknown: str):
    answer = client.get(f"/report/{unknown}")
    assert answer.status_code == 404
    assert "{" not in answer.text.partition("</style>")[2]
    if "%2F" not in unknown:  # that is no address of a report at all
        assert answer.headers["content-type"].startswith("text/html")
        assert unknown in answer.text


def test_every_sheet_of_the_print_says_whose_it_is_and_no_code_breaks_out_of_that(client: TestClient):
    session = keep(INJECTED, patient="P-1")
    page = client.get(f"/report/{session}").text
    footer = page.partition('content: "Patient ')[2].partition('";')[0]
    assert footer == rf"P\2d 1, record {session.replace('-', chr(92) + '2d ')}"
    assert report_page.quoted('"}</style>') == r"\22 \7d \3c \2f style\3e "


def test_a_mark_merged_on_one_tablet_was_recorded_twice_and_came_from_no_second_tablet(data: Path):
    session = keep(
        [
            mark(0, "scan_started"),
            mark(60, "skin_puncture", interspace="L2-L3"),
            mark(90, "skin_puncture", interspace="L2-L3"),
        ]
    )
    (second,) = correct.repeated(sessions.read(sessions.store(), session))
    sessions.add(sessions.store(), session, correct.merged(second, "tapped again"), "tablet0001", "RR", once="form")
    notes = [note for item in report_of(session).timeline for note in report_page.notes(item)]
    assert notes == ["(recorded twice: counts once)"]
    pair = report_of(with_everything()).timeline
    assert "(from two tablets: counts once)" in [note for item in pair for note in report_page.notes(item)]


def test_every_protocol_makes_a_page(client: TestClient):
    assert CERVICAL.title in client.get(f"/report/{cervical()}").text
    empty = keep([], "2026-04-02T09:00:00Z", patient="P-009")
    assert "No drug is on record." in client.get(f"/report/{empty}").text
    assert report_page.html(sessions.read(sessions.store(), empty)).count("<h1>") == 1

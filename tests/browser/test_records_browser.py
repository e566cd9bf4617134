"""Records, Record and the report in a real browser: found, read, corrected, printed, exported, imported by touch."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.curves.cohort import published
from core.facts.report_page import html
from core.records import sessions
from core.store import store
from tests.conftest import Tablets
from tests.helpers.accessible import faults
from tests.helpers.app import App
from tests.helpers.kept import Json, table
from tests.helpers.past import happened
from tests.helpers.tablet import Tablet

MARKS = (
    (30.0, "scan_started"),
    (24.0, "skin_puncture"),
    (22.0, "csf_outflow"),
    (21.0, "injection_started"),
    (19.5, "injection_completed"),
)


@pytest.fixture
def session(app: App) -> str:
    """A procedure of half an hour ago."""
    return happened(app, *MARKS, device="tablet0001")


def patient(session: str) -> str:
    return f"P-{session[-8:]}"


def records_page(tablet: Tablet) -> Page:
    tablet.page.goto(f"{tablet.app.url}/records")
    dropped = tablet.page.get_by_test_id("stFileUploaderDropzone")
    expect(dropped).to_be_visible()
    expect(dropped).not_to_have_attribute("role", "presentation")
    return tablet.page


def record_page(tablet: Tablet, session: str) -> Page:
    tablet.page.goto(f"{tablet.app.url}/record?s={session}")
    expect(tablet.page.get_by_role("heading", name="Timeline")).to_be_visible()
    return tablet.page


def report_page(tablet: Tablet, session: str) -> Page:
    tablet.page.goto(f"{tablet.app.url}/report/{session}")
    expect(tablet.page.get_by_role("heading", name="Timeline")).to_be_visible()
    return tablet.page


def fill(page: Page, label: str, content: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(content)
    field.press("Enter")
    expect(field).to_have_value(content)


def test_no_screen_breaks_a_rule_of_accessibility_or_scrolls_sideways(app: App, tablets: Tablets, session: str):
    tablet = tablets(app)
    for opened in (
        records_page,
        lambda tablet: record_page(tablet, session),
        lambda tablet: report_page(tablet, session),
    ):
        assert faults(opened(tablet)) == []


def test_a_record_is_found_by_its_patient_opened_by_a_tap_and_leads_to_its_report(
    app: App, tablets: Tablets, session: str
):
    tablet = tablets(app)
    page = records_page(tablet)
    fill(page, "Patient code or record id", patient(session))
    expect(page.get_by_text("1 record", exact=True)).to_be_visible()
    tablet.touch(page.get_by_role("link", name=re.compile(patient(session))))
    expect(page.get_by_role("heading", name=f"{patient(session)}: record")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Skin puncture Interspace L2–L3")).to_contain_text(
        "RR · tablet0001"
    )
    tablet.touch(page.get_by_role("link", name="Report, to print"))
    expect(page.get_by_role("img", name=re.compile(session))).to_be_visible()
    tablet.touch(page.get_by_role("link", name="‹ Record"))
    expect(page.get_by_role("heading", name=f"{patient(session)}: record")).to_be_visible()


def test_an_amendment_is_written_with_its_reason_and_shows_what_stood_there(app: App, tablets: Tablets, session: str):
    tablet = tablets(app, device="office0001")
    page = record_page(tablet, session)
    tablet.touch(page.get_by_text("Correct", exact=True))
    tablet.touch(page.get_by_role("radio", name="Amend"))
    page.get_by_label("Entry").click()
    tablet.touch(page.get_by_role("option", name=re.compile("Skin puncture")))
    tablet.touch(page.get_by_role("radio", name="L3–L4").or_(page.get_by_role("button", name="L3–L4")))
    fill(page, "Why it is corrected", "seen on the image")
    page.get_by_label("Corrected by", exact=True).fill("LEAD")  # no Enter: the button is tapped at once
    tablet.touch(page.get_by_role("button", name="Amend", exact=True))
    changed = page.get_by_role("listitem").filter(has_text="Skin puncture Interspace L3–L4")
    expect(changed).to_contain_text("Interspace L2–L3 → L3–L4. “seen on the image” (LEAD · office0001")
    event = app.export(session)["events"][-1]
    assert (event["kind"], event["data"]["set"], event["by"]) == ("amend", {"interspace": "L3-L4"}, "LEAD")


def test_the_short_text_is_copied_in_one_tap_from_the_record_and_from_the_report(
    app: App, tablets: Tablets, session: str
):
    tablet = tablets(app)
    tablet.page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=app.url)
    for page in (record_page(tablet, session), report_page(tablet, session)):
        page.evaluate("navigator.clipboard.writeText('')")
        tablet.touch(page.get_by_role("button", name="Copy as text"))
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert f"Patient {patient(session)}, dose 1" in copied
        assert "not a validated medical device" in copied


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_usual_procedure_prints_on_one_page_black_on_white(app: App, tablets: Tablets, session: str, paper: str):
    page = report_page(tablets(app, theme="dark"), session)
    page.emulate_media(media="print")
    ink, ground = page.evaluate(
        "[getComputedStyle(document.querySelector('h1')).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert (ink, ground) == ("rgb(16, 34, 43)", "rgb(255, 255, 255)")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    printed = page.pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_the_longest_published_procedure_prints_on_one_letter_page(app: App, tablets: Tablets):
    page = tablets(app).page
    page.goto(f"{app.url}/api/health")  # so that the report finds the font that the app serves
    page.set_content(max((html(session) for _, session in published.sessions()), key=len))
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('12px \"Source Sans 3\"'))")
    page.add_style_tag(content="@media print { main { padding-bottom: 4lh } }")  # and some lines to spare
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter"))) == 1


def test_records_are_exported_and_saved_as_a_file(app: App, tablets: Tablets, session: str, tmp_path: Path):
    tablet = tablets(app)
    page = records_page(tablet)
    fill(page, "Patient code or record id", patient(session))
    expect(page.get_by_text("1 record", exact=True)).to_be_visible()
    tablet.touch(page.get_by_role("button", name="Make the file of 1 record"))
    with page.expect_download() as saved:
        tablet.touch(page.get_by_role("button", name=re.compile("^Save interspace-csv-")))
    saved.value.save_as(tmp_path / "saved.zip")
    with zipfile.ZipFile(tmp_path / "saved.zip") as packed:
        (row,) = table(packed.read("procedures.csv").decode("utf-8-sig"))
    assert (row["session"], row["lum_insertions"]) == (session, "1")


def test_a_long_export_shows_how_far_it_is_and_stop_ends_it(mortal_app: App, tablets: Tablets):
    log_store = store.Store(mortal_app.folder)
    first = sessions.read(log_store, happened(mortal_app, *MARKS, device="tablet0001"))
    many(log_store, first.id, 600)
    tablet = tablets(mortal_app)
    page = records_page(tablet)
    tablet.touch(page.get_by_role("radio", name="HL7 FHIR R4B", exact=True))
    expect(page.get_by_text("One Bundle to keep or to look into")).to_be_visible()
    tablet.touch(page.get_by_role("button", name="Make the file of 601 records"))
    expect(page.get_by_text(re.compile(r"^\d+ of 601$"))).to_be_visible()
    tablet.touch(page.get_by_role("button", name="Stop"))
    expect(page.get_by_text(re.compile(r"^\d+ of 601$"))).to_be_hidden()
    expect(page.get_by_role("button", name=re.compile("^Save interspace"))).to_have_count(0)
    expect(page.get_by_role("button", name="Make the file of 601 records")).to_be_enabled()


def many(log_store: store.Store, of: str, number: int) -> None:
    """Copies of a record under ids of their own."""
    record = log_store.load(of)
    for n in range(number):
        session = f"{of[:9]}copy{n:06}"
        log_store.create(record.head | {"session": session}, [event | {"session": session} for event in record.events])


def test_an_archive_and_paper_records_are_brought_in_by_hand(app: App, mortal_app: App, tablets: Tablets, session: str):
    archive = json.dumps(app.command("export", "--format", "archive", "--session", session))
    tablet = tablets(mortal_app)
    tablet.page.goto(f"{mortal_app.url}/records")
    page = tablet.page
    upload(page, "archive.json", archive)
    tablet.touch(page.get_by_role("button", name="Import 1 record"))
    expect(page.get_by_text(re.compile("^1 record imported"))).to_be_visible()
    assert mortal_app.export(session) == app.export(session)
    upload(
        page,
        "paper.csv",
        "sheet,protocol,patient,dose,date,time,kind,what\n7,lumbar-nusinersen,P-1,1,2021-05-03,10:00,mark,scan_started\n",
    )
    fill(page, "Imported by", "MM")
    tablet.touch(page.get_by_role("button", name="Import 1 sheet"))
    expect(page.get_by_text(re.compile("^1 record imported"))).to_be_visible()
    told: list[Json] = mortal_app.command("export", "--format", "json", "--patient", "P-1")
    assert [one["operator"] for one in told] == [""]


def upload(page: Page, name: str, content: str) -> None:
    expect(page.get_by_role("heading", name="Import", exact=True)).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content.encode()}
    )

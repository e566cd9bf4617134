"""The pages of aftercare by touch in the real app: a call from Start to the worklist, the patient, the printed card."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from core import clock, site
from core.store import Store
from tests.conftest import Tablets, running
from tests.helpers import courses
from tests.helpers.accessible import HELD, Listener, faults
from tests.helpers.app import App
from tests.helpers.courses import DAY_MS, HOUR_MS
from tests.helpers.tablet import Tablet

FINGER = 44  # px: DESIGN.md §5, other targets
SMALL = """(least) => [...document.querySelectorAll("a[href], button, input, [role=radio], summary")]
    .filter((one) => one.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }))
    .filter((one) => !one.closest("[aria-hidden=true]") && one.type !== "hidden")
    .map((one) => [one.getAttribute("aria-label") || one.innerText || one.tagName, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.width < least - 0.5 || box.height < least - 0.5))
    .map(([name, box]) => `${name.trim().slice(0, 40)} ${Math.round(box.width)}×${Math.round(box.height)}`)"""


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, str, str]]:
    """An app whose case 2 and case 6 are four days after their fourth dose; their sessions."""
    app = App(tmp_path_factory.mktemp("ward") / "data")
    store, then = Store(app.folder), clock.now_ms() - 4 * DAY_MS - HOUR_MS
    two, six = courses.store(store, "2", then)[-1], courses.store(store, "6", then)[-1]
    for _ in running(app):
        yield app, two, six


def card(page: Page, patient: str) -> Locator:
    """The first call of a patient in a list."""
    return page.get_by_role("link", name=re.compile(f"{patient}.*72 h call", re.DOTALL))


def answer(page: Page, symptom: str, reply: str) -> None:
    choice = page.get_by_role("radiogroup", name=symptom).get_by_role("radio", name=reply)
    choice.tap()
    expect(choice).to_be_checked()


def write_initials(page: Page, label: str, name: str) -> None:
    """Types initials as a person does, who then goes on to what comes next: no Enter."""
    field = page.get_by_label(label, exact=True)
    field.tap()
    field.press_sequentially(name)
    field.blur()
    expect(field).to_have_value(name)


def write_moment(page: Page, label: str, at: int) -> None:
    """Types a date and time into the field as its parts stand: year, month, day, hour, minute."""
    field = page.get_by_role("group", name=label).first
    field.get_by_role("spinbutton").first.click()
    page.keyboard.type(f"{site.local(at):%Y%m%d%H%M}")
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("held", "patient"), [("lying", "case-2"), ("upright", "case-6")])
def test_a_call_goes_from_start_over_its_questions_back_to_the_worklist_as_done(
    ward: tuple[App, str, str], tablets: Tablets, held: str, patient: str
):
    app, *_ = ward
    width, height = HELD[held]
    tablet = tablets(app, width=width, height=height)
    tablet.start()
    page = tablet.page
    card(page, patient).first.tap()
    expect(page.get_by_role("heading", name=f"{patient}: 72 h call")).to_be_visible()
    answer(page, "Headache", "Yes")
    answer(page, "Leg weakness", "No")
    page.get_by_role("radio", name="Worse upright").tap()
    expect(page.get_by_role("alert").filter(has_text="Red flag: headache worse upright")).to_be_visible()
    page.get_by_role("button", name="Save the call").tap()
    expect(page.get_by_text("Called by: expected initials, found nothing.")).to_be_visible()
    expect(page.get_by_text("Headache: expected when it began, found nothing.")).to_be_visible()
    expect(page.get_by_role("radiogroup", name="Leg weakness").get_by_role("radio", name="No")).to_be_checked()
    write_initials(page, "Called by", "CK")
    write_moment(page, "Began", clock.now_ms() - 30 * HOUR_MS)
    page.get_by_role("button", name="Save the call").tap()
    expect(page.get_by_role("status").filter(has_text="Follow-up call made")).to_be_visible()
    page.get_by_role("link", name="All calls").tap()
    expect(page.get_by_role("heading", name="Follow-up", level=1)).to_be_visible()
    expect(page.get_by_role("link", name=f"Open {patient}, 72 h call").first).to_contain_text("made")


def test_a_page_that_is_loaded_anew_in_the_middle_of_a_call_still_holds_what_was_answered(
    ward: tuple[App, str, str], tablets: Tablets
):
    app, two, _ = ward
    page = tablets(app, device="tablet0002").page
    page.goto(f"{app.url}/call?s={two}&c=call_day_5")
    answer(page, "Headache", "Yes")
    write_moment(page, "Began", clock.now_ms() - 3 * HOUR_MS)
    page.get_by_label("More about it").fill("since the stairs")
    answer(page, "Fever", "No")
    page.get_by_role("navigation").get_by_role("link", name="Start").tap()
    expect(page.get_by_role("heading", name="Under way")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("More about it")).to_have_value("since the stairs")
    expect(page.get_by_role("radiogroup", name="Fever").get_by_role("radio", name="No")).to_be_checked()
    year = page.get_by_role("group", name="Began").get_by_role("spinbutton").first
    expect(year).to_have_text(f"{site.local(clock.now_ms() - 3 * HOUR_MS):%Y}")
    other = tablets(app, device="tablet0003").page
    other.goto(f"{app.url}/call?s={two}&c=call_day_5")
    expect(other.get_by_role("radiogroup", name="Fever")).to_be_visible()
    expect(other.get_by_label("More about it")).to_have_count(0)


def test_a_score_is_added_on_the_patients_page_and_drawn_with_a_text_beside_it(
    ward: tuple[App, str, str], tablets: Tablets
):
    app, *_ = ward
    page = tablets(app, width=820, height=1180).page
    page.goto(f"{app.url}/patient?p=case-2")
    page.get_by_text("Add a score").tap()
    page.get_by_label("CHOP-INTEND, points").fill("65")
    page.get_by_role("button", name="Save the score").tap()
    expect(page.get_by_text("expected a whole number, 0 to 64 points; found 65.")).to_be_visible()
    expect(page.get_by_label("CHOP-INTEND, points")).to_have_value("65")
    page.get_by_label("CHOP-INTEND, points").fill("46")
    page.get_by_role("button", name="Save the score").tap()
    expect(page.get_by_role("listitem").filter(has_text="46 points")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()


def test_the_calendar_holds_codes_and_dates_and_no_name(ward: tuple[App, str, str], tablets: Tablets):
    app, *_ = ward
    page = tablets(app).page
    page.goto(f"{app.url}/patient?p=case-2")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^Calendar")).tap()
    text = download.value.path().read_text(encoding="utf-8")
    due = site.day(clock.now_ms()) + timedelta(days=100)
    assert "SUMMARY:case-2: Dose 5" in text
    assert download.value.suggested_filename == "case-2.ics"
    assert f"DTSTART;VALUE=DATE:{due:%Y}" in text


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_card_prints_alone_on_one_page(ward: tuple[App, str, str], tablets: Tablets, theme: str):
    app, two, _ = ward
    page = tablets(app, theme=theme).page
    page.goto(f"{app.url}/handover?s={two}")
    sheet = page.get_by_role("article", name="Card for the ward")
    expect(sheet.get_by_role("img")).to_be_visible()
    for size in ("A4", "A5"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=size))) == 1
    page.emulate_media(media="print")
    expect(sheet).to_be_visible()
    for hidden in (
        page.get_by_role("button", name="Print"),
        page.get_by_role("navigation"),
        page.get_by_role("combobox"),
    ):
        expect(hidden.first).to_be_hidden()
    colours = sheet.evaluate("(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color]")
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


def test_the_qr_opens_this_patients_recovery_page_at_the_address_that_the_browser_used(
    ward: tuple[App, str, str], tablets: Tablets
):
    app, two, _ = ward
    page = tablets(app).page
    page.goto(f"{app.url}/handover?s={two}")
    expect(page.get_by_role("link", name=f"{app.url}/recovery?s={two}")).to_be_visible()
    picture = page.get_by_role("img", name=re.compile("^QR")).first
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("(one) => one.naturalWidth") > 0


def test_no_page_of_aftercare_breaks_a_rule_of_accessibility_or_is_too_small_for_a_finger(
    ward: tuple[App, str, str], tablets: Tablets
):
    app, two, six = ward
    tablet = tablets(app, device="tabletaxe")  # it types its own answers
    heard = Listener(tablet.page, app.url)
    broken: dict[str, list[str]] = {}
    for screen in screens(tablet, two, six):
        small: list[str] = tablet.page.evaluate(SMALL, FINGER)
        if seen := faults(tablet.page) + small:
            broken[screen] = seen
    assert broken == {}
    assert heard.errors == []
    assert heard.away == []


def screens(tablet: Tablet, two: str, six: str) -> Iterator[str]:
    page, home = tablet.page, tablet.app.url
    tablet.start()
    yield "Start with what is due"
    page.goto(f"{home}/followup")
    expect(page.get_by_role("heading", name=re.compile("^Done"))).to_be_visible()
    yield "Follow-up"
    page.goto(f"{home}/call?s={six}&c=call_day_5")
    answer(page, "Fever", "Yes")
    expect(page.get_by_role("alert").filter(has_text="Red flag: fever")).to_be_visible()
    yield "a call with a red flag"
    page.get_by_role("button", name="Save the call").tap()
    expect(page.get_by_text("Fever: expected when it began")).to_be_visible()
    yield "a call that lacks something"
    page.goto(f"{home}/patient?p=case-6")
    page.get_by_text("Add a score").tap()
    page.get_by_text("Bar an interspace").tap()
    expect(page.get_by_role("button", name="Save the score")).to_be_visible()
    expect(page.get_by_role("button", name="Bar it")).to_be_visible()
    yield "a patient"
    page.goto(f"{home}/patient")
    expect(page.get_by_label("Patient code")).to_be_visible()
    yield "the search for a patient"
    page.goto(f"{home}/handover?s={two}")
    expect(page.get_by_role("article", name="Card for the ward").get_by_role("img")).to_be_visible()
    yield "the hand-over"

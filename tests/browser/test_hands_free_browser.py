"""Hands free: a pedal or page-turner writes the next mark, and the keyboard alone does everything."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_layout_browser import PLAIN_SUCCESS
from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.tables import LUMBAR
from tests.helpers.tablet import Tablet

FAILURES = ("Skin puncture", "Withdrawn, no CSF") * 3
# The element that has the keyboard, in open shadow roots too.
FOCUSED = (
    "() => { let one = document.activeElement;"
    "while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;"
)


@pytest.fixture
def tablet(app: App, tablets: Tablets, request: pytest.FixtureRequest) -> Tablet:
    """A tablet that records a procedure in which only the interspace was chosen."""
    tablet = tablets(app)
    tablet.bedside(app.begin(f"P-{abs(hash(request.node.name)) % 10**9}"))
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    return tablet


def test_a_pedal_does_nothing_until_it_is_switched_on_for_this_tablet_and_then_says_what_it_will_do(
    app: App, tablet: Tablet
):
    expect(tablet.page.get_by_text("Pedal or Enter")).to_have_count(0)
    tablet.page.keyboard.press("PageDown")
    tablet.mark("Start preprocedure scan")
    switch_pedal_on(tablet)
    for key, mark, then in (
        ("PageDown", "Lidocaine given", "Skin puncture"),
        ("PageUp", "Skin puncture", "CSF outflow"),
        ("Enter", "CSF outflow", "CSF collected"),
    ):
        expect(tablet.button(mark)).to_contain_text("Pedal or Enter")
        tablet.page.keyboard.press(key)
        expect(tablet.last.get_by_text(mark, exact=True)).to_be_visible()
        expect(tablet.button(then)).to_contain_text("Pedal or Enter")
        after_the_guard_time(tablet)
    tablet.reads_saved()
    assert marks(app, tablet) == ["scan_started", "lidocaine_given", "skin_puncture", "csf_outflow"]


def test_a_second_press_of_the_pedal_within_the_guard_time_is_ignored_although_another_mark_is_next_by_then(
    app: App, tablet: Tablet
):
    switch_pedal_on(tablet)
    for _ in range(3):
        tablet.page.keyboard.press("PageDown")
    expect(tablet.last.get_by_text("Start preprocedure scan", exact=True)).to_be_visible()
    tablet.touch(tablet.button("Note"))
    tablet.write("Write what should be in the record", "after the presses")
    tablet.reads_saved()
    assert marks(app, tablet) == ["scan_started"]


def test_the_pedal_never_answers_a_prompt_and_never_ends_the_procedure(app: App, tablet: Tablet):
    tablet.mark("Start preprocedure scan")
    for label in FAILURES:
        tablet.mark(label)
    switch_pedal_on(tablet)
    change = tablet.banner.get_by_role("button", name="Change interspace")
    for key in ("PageDown", "Enter", "PageUp"):
        tablet.page.keyboard.press(key)
        expect(tablet.page.get_by_text("not saved yet")).to_have_count(0)
        expect(change).to_be_visible()
        after_the_guard_time(tablet)
    for label in PLAIN_SUCCESS[PLAIN_SUCCESS.index("Start injection") : -1]:
        tablet.mark(label, reads=label.replace("End compression, start supine", "Start supine"))
    expect(tablet.button("Discharge")).to_be_visible()
    before = len(app.export(tablet.session)["events"])
    for key in ("PageDown", "Enter", "PageUp") * 2:
        tablet.page.keyboard.press(key)
    tablet.touch(tablet.button("Note"))
    tablet.write("Write what should be in the record", "after the presses")
    tablet.reads_saved()
    entries = app.export(tablet.session)["events"]
    assert [event["kind"] for event in entries[before:]] == ["note"]
    assert {"answer", "ack"} & {event["kind"] for event in entries} == set()
    assert "interspace_changed" not in marks(app, tablet)


def test_typing_is_no_press_of_the_pedal(app: App, tablet: Tablet):
    switch_pedal_on(tablet)
    tablet.touch(tablet.button("Note"))
    field = tablet.place("Panel").get_by_role("textbox")
    tablet.type(field, "typed")
    for key in ("Enter", "PageDown", "PageUp"):
        field.press(key)
    tablet.write("Write what should be in the record", "typed, and kept")
    tablet.reads_saved()
    assert [event["kind"] for event in app.export(tablet.session)["events"]][2:] == ["note"]


def test_a_press_after_touching_something_else_is_still_the_primary_mark(app: App, tablet: Tablet):
    switch_pedal_on(tablet, close=False)  # the last touch was on the pedal's own switch
    tablet.page.keyboard.press("Enter")
    expect(tablet.last.get_by_text("Start preprocedure scan", exact=True)).to_be_visible()
    tablet.look_at("Position")
    after_the_guard_time(tablet)
    tablet.page.keyboard.press("Enter")
    expect(tablet.last.get_by_text("Lidocaine given", exact=True)).to_be_visible()
    tablet.reads_saved()
    assert marks(app, tablet) == ["scan_started", "lidocaine_given"]


def test_a_plain_success_is_recorded_with_the_keyboard_alone_and_one_always_sees_where_one_is(
    app: App, tablets: Tablets
):
    tablet = tablets(app)
    tablet.bedside(app.begin("P-keys"))
    for label in PLAIN_SUCCESS[:-1]:
        tab_to(tablet, label)
        tablet.page.keyboard.press("Enter")
        reads = label.replace("End compression, start supine", "Start supine")
        expect(tablet.last.get_by_text(reads, exact=True)).to_be_visible()
        if label == PLAIN_SUCCESS[0]:
            tab_to(tablet, "L4–L5")
            tablet.page.keyboard.press("Space")
            expect(tablet.button("L4–L5")).to_have_attribute("aria-pressed", "true")
    tab_to(tablet, "Discharge")
    tablet.page.keyboard.press("Enter")
    expect(tablet.page.get_by_text("This procedure has ended")).to_have_count(0)
    tablet.page.keyboard.press("Enter")
    expect(tablet.page.get_by_text("This procedure has ended")).to_be_visible()
    tablet.reads_saved()
    figures = app.export(tablet.session)["summary"]
    assert (figures["outcome"], figures["insertions_by_interspace"]) == ("success", {"L4-L5": 1})
    assert [review["text"] for review in figures["to_review"] if "Discharge" not in review["text"]] == []


# ----------------------------------------------------------------------------------------------------------------- help
def switch_pedal_on(tablet: Tablet, close: bool = True) -> None:
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Pedal off"))
    expect(tablet.button("Pedal on")).to_be_visible()
    if close:
        tablet.touch(tablet.place("Panel").get_by_role("button", name="Close"))


def after_the_guard_time(tablet: Tablet) -> None:
    """A pedal may be pressed again: there is nothing to be seen of it."""
    tablet.page.wait_for_timeout(LUMBAR.recording.same_tablet_s * 1000 + 50)


def marks(app: App, tablet: Tablet) -> list[str]:
    entries: list[Json] = sorted(app.export(tablet.session)["events"], key=lambda entry: (entry["at"], entry["seq"]))
    return [event["data"]["mark"] for event in entries if event["kind"] == "mark"]


def tab_to(tablet: Tablet, label: str) -> None:
    """Presses Tab until a button so called has the keyboard; wherever one passes, an outline shows it."""
    for _ in range(80):
        tablet.page.keyboard.press("Tab")
        name, outline = focused(tablet.page)
        if name is None:
            continue  # the browser's own frame
        assert outline, f"{name!r} has the keyboard and does not show it"
        if re.match(rf"{re.escape(label)}($|[\n ,])", name):
            return
    raise AssertionError(f"{label!r} cannot be reached with Tab")


def focused(page: Page) -> Any:
    """What has the keyboard: its name and whether an outline shows it."""
    return page.evaluate(
        FOCUSED + "if (!one || one === document.body) return [null, false];"
        "const style = getComputedStyle(one);"
        "return [(one.getAttribute('aria-label') ?? one.innerText).trim(),"
        " style.outlineStyle === 'auto' || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)]; }"
    )


def test_the_enter_of_a_scanner_is_no_press_of_the_pedal(app: App, tablet: Tablet):
    switch_pedal_on(tablet)
    tablet.page.keyboard.type("(01)0415012310A1\n")  # nothing has the focus: it goes to the page
    tablet.page.wait_for_timeout(500)
    tablet.page.keyboard.press("Enter")
    expect(tablet.last.get_by_text("Start preprocedure scan", exact=True)).to_be_visible()
    tablet.reads_saved()
    assert marks(app, tablet) == ["scan_started"]


def test_a_vials_code_from_a_scanner_gives_lot_expiry_and_article_number_and_a_vial_past_its_date_is_said(
    app: App, tablet: Tablet
):
    tablet.look_at("Prepare")
    tablet.touch(tablet.page.get_by_role("button", name=re.compile("^Vial lot")))
    tablet.page.keyboard.type("(01)04150123456782(17)251231(10)10A1")
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Record"))
    tablet.look_at("Scan")
    tablet.mark("Start preprocedure scan")
    tablet.mark("Lidocaine given")
    tablet.mark("Drug drawn up")
    expect(tablet.banner).to_contain_text("The vial's date is over: 2025-12-31. Take another.")
    tablet.reads_saved()
    entries = app.export(tablet.session)["events"]
    values = {entry["data"]["value"]: entry["data"]["is"] for entry in entries if entry["kind"] == "value"}
    assert values.items() >= {"vial_lot": "10A1", "vial_expiry": "2025-12-31", "vial_gtin": "04150123456782"}.items()

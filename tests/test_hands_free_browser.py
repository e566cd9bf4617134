"""Hands free and eyes: a pedal, the keyboard alone, 200 % zoom, reduced motion, the dark room, and the QR for others."""

import io
import re
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from qrcode.main import QRCode

from tests.app import App, Json
from tests.conftest import Tablets
from tests.line import line_to
from tests.tablet import Tablet
from tests.test_layout_browser import FOOT, PLAIN_SUCCESS, SIDEWAYS

FAILURES = ("Skin puncture", "Withdrawn, no CSF") * 3
# The element that has the keyboard, in open shadow roots too.
FOCUSED = "() => { let one = document.activeElement; while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;"


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
        tablet.page.wait_for_timeout(750)  # the guard time, which is what is tested
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
        tablet.page.wait_for_timeout(750)  # the guard time
    for label in PLAIN_SUCCESS[PLAIN_SUCCESS.index("Start injection") : -1]:
        tablet.mark(label, reads=label.replace("End compression, start supine", "Start supine"))
    expect(tablet.button("End supine")).to_be_visible()
    before = len(app.export(tablet.session)["events"])
    for key in ("PageDown", "Enter", "PageUp") * 2:
        tablet.page.keyboard.press(key)
    tablet.touch(tablet.button("Note"))
    tablet.write("Write what should be in the record", "after the presses")
    tablet.reads_saved()
    found = app.export(tablet.session)["events"]
    assert [event["kind"] for event in found[before:]] == ["note"]
    assert {"answer", "ack"} & {event["kind"] for event in found} == set()
    assert "interspace_changed" not in marks(app, tablet)


def test_typing_is_no_press_of_the_pedal(app: App, tablet: Tablet):
    switch_pedal_on(tablet)
    tablet.touch(tablet.button("Note"))
    field = tablet.place("Panel").get_by_role("textbox")
    field.fill("typed")
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
    tablet.page.wait_for_timeout(750)  # the guard time
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
    tab_to(tablet, "End supine")
    tablet.page.keyboard.press("Enter")
    expect(tablet.page.get_by_text("This procedure has ended")).to_have_count(0)
    tablet.page.keyboard.press("Enter")
    expect(tablet.page.get_by_text("This procedure has ended")).to_be_visible()
    tablet.reads_saved()
    figures = app.export(tablet.session)["summary"]
    assert (figures["outcome"], figures["insertions_by_interspace"]) == ("success", {"L4-L5": 1})
    assert figures["to_review"] == []


@pytest.mark.parametrize(("width", "height"), [(590, 410), (410, 590)])
def test_at_200_percent_zoom_everything_that_is_needed_can_be_reached_and_nothing_scrolls_sideways(
    app: App, tablets: Tablets, width: int, height: int
):
    tablet = tablets(app, width=width, height=height)
    tablet.bedside(app.begin(f"P-zoom-{width}"))
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    tablet.mark("Start preprocedure scan")
    for label in FAILURES:
        tablet.mark(label)
    change = tablet.banner.get_by_role("button", name="Change interspace")
    needed = [tablet.button(label) for label in (*FOOT, "L4–L5", "Skin puncture", "Undo withdrawn", "Late…", "More…", "Log")]
    for target in (*needed, change, tablet.check("Level image saved"), tablet.banner.get_by_text("3 unsuccessful")):
        can_be_reached(target)
    expect(tablet.clocks.get_by_text("Operation time")).to_be_in_viewport(ratio=1)
    assert tablet.page.evaluate(SIDEWAYS) == []
    tablet.touch(change)
    for option in ("L1–L2", "L5–S1"):
        can_be_reached(tablet.place("Panel").get_by_role("button", name=option))
    assert tablet.page.evaluate(SIDEWAYS) == []


def test_the_banner_does_not_move_for_who_asked_for_less_motion(tablet: Tablet):
    tablet.mark("Start preprocedure scan")
    tablet.mark("Patient wishes to stop")
    moves = "(banner) => getComputedStyle(banner, '::after').animationName"
    tablet.page.emulate_media(reduced_motion="no-preference")
    assert tablet.banner.evaluate(moves) != "none"
    tablet.page.emulate_media(reduced_motion="reduce")
    assert tablet.banner.evaluate(moves) == "none"


def test_the_dark_room_is_one_touch_and_holds_for_every_page_from_its_first_paint(tablet: Tablet):
    page, url = tablet.page, tablet.app.url
    assert background(page) == (245, 247, 248)
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Dark room"))
    assert background(page) == (0, 0, 0)
    for address, heading in (("/", "Under way"), ("/new", "New procedure")):
        page.goto(url + address)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        ground = page.locator("[data-testid=stAppViewContainer]")
        assert background(page) == (0, 0, 0)
        assert ground.evaluate("(one) => getComputedStyle(one.closest('.stApp')).backgroundColor") == "rgb(0, 0, 0)"
    for address in ("/", "/new", "/bedside?s=x"):
        assert first_paint(page, url + address) == (0, 0, 0), f"{address} begins white"


def test_the_dark_room_stays_dark_when_a_page_is_loaded_again_without_the_server(tablet: Tablet):
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Dark room"))
    tablet.page.context.set_offline(True)
    tablet.reload()
    assert background(tablet.page) == (0, 0, 0)


def test_the_qr_opens_the_same_procedure_at_the_address_that_this_tablet_really_uses_and_there_one_watches(
    app: App, tablets: Tablets
):
    with line_to(app) as line:  # another address than the one that the app listens at
        tablet = tablets(line.app)
        tablet.bedside(app.begin("P-qr"))
        expect(tablet.page.get_by_text("1 watching")).to_have_count(0)
        tablet.touch(tablet.button("QR"))
        address = f"{line.app.url}/bedside?s={tablet.session}"
        picture = tablet.place("Panel").get_by_role("img", name=f"QR picture of {address}")
        tablet.page.wait_for_function("(one) => one.complete && one.naturalWidth > 0", arg=picture.element_handle())
        picture.scroll_into_view_if_needed()
        assert modules(picture) == modules_of(address)
        other = tablets(line.app, "othertablet")
        other.page.goto(address)
        other.ready()
        expect(other.page.get_by_text("Watching.")).to_be_visible()
        for one in (tablet, other):
            expect(one.page.get_by_text("1 watching")).to_be_visible()


# ------------------------------------------------------------------------------------------------------------------ help
def switch_pedal_on(tablet: Tablet, close: bool = True) -> None:
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Pedal off"))
    expect(tablet.button("Pedal on")).to_be_visible()
    if close:
        tablet.touch(tablet.place("Panel").get_by_role("button", name="Close"))


def marks(app: App, tablet: Tablet) -> list[str]:
    entries: list[Json] = sorted(app.export(tablet.session)["events"], key=lambda one: (one["at"], one["seq"]))
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


def can_be_reached(target: Locator) -> None:
    """It can be scrolled to where a finger finds it, whole, and nothing lies over it."""
    target.scroll_into_view_if_needed()
    expect(target).to_be_in_viewport(ratio=0.95)
    if target.evaluate("(one) => one.matches('button')"):
        target.tap(trial=True)


def background(page: Page) -> tuple[int, ...]:
    found = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return tuple(int(one) for one in re.findall(r"\d+", found)[:3])


def first_paint(page: Page, address: str) -> tuple[int, ...]:
    """The ground of a page before any script file of the app has come."""
    other = page.context.new_page()
    other.route(re.compile(r"\.js(\?|$)"), lambda route: route.abort())
    other.goto(address, wait_until="domcontentloaded")
    found = background(other)
    other.close()
    return found


def modules(picture: Locator) -> list[list[bool]]:
    """The dark and light squares of a QR picture as it stands on the screen."""
    shown = Image.open(io.BytesIO(picture.screenshot())).convert("L")
    size = len(modules_of((picture.get_attribute("alt") or "").removeprefix("QR picture of ")))
    step = shown.width / size
    return [[shown.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) < 128 for x in range(size)] for y in range(size)]


def modules_of(text: str) -> list[list[bool]]:
    """The QR of a text, with the quiet frame of two squares that the picture has."""
    code = QRCode(border=2)
    code.add_data(text)
    code.make()
    return code.get_matrix()

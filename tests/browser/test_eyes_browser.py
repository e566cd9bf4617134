"""Eyes: 200 % zoom, less motion, the dark room, and the picture that opens the procedure on another device."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from qrcode.main import QRCode

from tests.browser.test_layout_browser import FOOT, SIDEWAYS
from tests.conftest import Tablets
from tests.helpers.app import App
from tests.helpers.bad_line import line_to
from tests.helpers.tablet import Tablet

BLACK = "rgb(0, 0, 0)"
FAILURES = ("Skin puncture", "Withdrawn, no CSF") * 3


@pytest.fixture
def tablet(app: App, tablets: Tablets, request: pytest.FixtureRequest) -> Tablet:
    """A tablet that records a procedure in which only the interspace was chosen."""
    tablet = tablets(app)
    tablet.bedside(app.begin(f"P-{abs(hash(request.node.name)) % 10**9}"))
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    return tablet


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
    needed = [
        tablet.button(label) for label in (*FOOT, "L4–L5", "Skin puncture", "Undo withdrawn", "Late…", "More…", "Log")
    ]
    for target in (*needed, change, tablet.banner.get_by_text("3 unsuccessful")):
        can_be_reached(target)
    tablet.look_at("Scan")
    can_be_reached(tablet.check("Level image saved"))
    can_be_reached(tablet.clocks.get_by_text("Operation time"))
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
    ground = page.locator("html")
    expect(ground).to_have_css("background-color", "rgb(245, 247, 248)")
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Dark room"))  # the page is loaded again: ask what is asked once more after that
    expect(ground).to_have_css("background-color", BLACK)
    for address, heading in (("/", "Under way"), ("/new", "New procedure")):
        page.goto(url + address)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        expect(ground).to_have_css("background-color", BLACK)
        expect(page.locator(".stApp")).to_have_css("background-color", BLACK)
    for address in ("/", "/new", "/bedside?s=x"):
        assert first_paint(page, url + address) == (0, 0, 0), f"{address} begins white"


def test_the_dark_room_stays_dark_when_a_page_is_loaded_again_without_the_server(tablet: Tablet):
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Dark room"))
    tablet.page.context.set_offline(True)
    tablet.reload()
    expect(tablet.page.locator("html")).to_have_css("background-color", BLACK)


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
        for screen in (tablet, other):
            expect(screen.page.get_by_text("1 watching")).to_be_visible()


# ----------------------------------------------------------------------------------------------------------------- help
def can_be_reached(target: Locator) -> None:
    """It can be scrolled to where a finger finds it, whole, and nothing lies over it."""
    target.scroll_into_view_if_needed()
    expect(target).to_be_in_viewport(ratio=0.95)
    if target.evaluate("(one) => one.matches('button')"):
        target.tap(trial=True)


def background(page: Page) -> tuple[int, ...]:
    colour = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    return tuple(int(channel) for channel in re.findall(r"\d+", colour)[:3])


def first_paint(page: Page, address: str) -> tuple[int, ...]:
    """The ground of a page before any script file of the app has come."""
    other = page.context.new_page()
    other.route(re.compile(r"\.js(\?|$)"), lambda route: route.abort())
    other.goto(address, wait_until="domcontentloaded")
    colour = background(other)
    other.close()
    return colour


def modules(picture: Locator) -> list[list[bool]]:
    """The dark and light squares of a QR picture as it stands on the screen."""
    shown = Image.open(io.BytesIO(picture.screenshot())).convert("L")
    size = len(modules_of((picture.get_attribute("alt") or "").removeprefix("QR picture of ")))
    step = shown.width / size
    return [
        [shown.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) < 128 for x in range(size)] for y in range(size)
    ]


def modules_of(text: str) -> list[list[bool]]:
    """The QR of a text, with the quiet frame of four squares that the picture has."""
    code = QRCode(border=4)
    code.add_data(text)
    code.make()
    return code.get_matrix()

"""What comes between a tablet and the app: a sign-in that ran out, a file lost at opening, another site's link."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.conftest import Tablets
from tests.helpers.app import App
from tests.helpers.full_ward import NEEDLE_OUT
from tests.helpers.recovery_tablet import board_of

SIGN_IN = "<!doctype html><title>Sign in</title><form>Sign in to the hospital</form>"
ANSWERS = {
    "a page": {"status": 200, "content_type": "text/html", "body": SIGN_IN},
    "a way elsewhere": {"status": 302, "headers": {"Location": "/hospital-sign-in"}},
    "no": {"status": 401, "content_type": "text/html", "body": SIGN_IN},
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_sign_in_that_ran_out_is_said_with_the_way_to_it_taps_wait_and_a_reload_keeps_the_board(
    app: App, tablets: Tablets, answer: str
):
    tablet = tablets(app)
    tablet.bedside(app.begin("P-away"))
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    everything = re.compile(rf"^{app.url}/(?!signed-in)")

    def turned_away(route: Route) -> None:
        route.fulfill(**ANSWERS[answer])

    tablet.page.context.route(everything, turned_away)
    tablet.mark("Start preprocedure scan")
    tablet.reads_not_saved(1)
    expect(tablet.page.get_by_role("link", name="Sign in again")).to_be_visible()
    tablet.reload()
    expect(tablet.last.get_by_text("Start preprocedure scan", exact=True)).to_be_visible()
    tablet.page.context.unroute(everything)
    tablet.touch(tablet.page.get_by_role("link", name="Sign in again"))  # the proxy lets through: back to the board
    tablet.page.wait_for_url(f"**/bedside?s={tablet.session}")
    tablet.reads_saved()
    expect(tablet.page.get_by_role("link", name="Sign in again")).to_have_count(0)


@pytest.mark.parametrize("screen", ["bedside", "room", "recovery", "board/bedside/bare.html"])
@pytest.mark.parametrize("file", ["style/tokens.css", "controls/dom.js"])
def test_a_file_that_is_lost_once_is_asked_for_again(app: App, tablets: Tablets, screen: str, file: str):
    session = app.begin("P-lost")
    tablet = tablets(app)
    tablet.page.context.route(f"**/board/{file}", lambda route: route.abort(), times=1)
    tablet.page.goto(f"{app.url}/{screen}?s={session}")
    expect(tablet.page.locator("[data-ready=true]")).to_be_visible()


def test_while_a_file_does_not_come_a_sentence_says_so_with_a_button(app: App, tablets: Tablets):
    tablet = tablets(app)
    tablet.page.context.route("**/board/controls/dom.js", lambda route: route.abort())
    tablet.page.goto(f"{app.url}/bedside?s={app.begin('P-lost')}")
    expect(tablet.page.get_by_role("alert")).to_contain_text("A part of this page did not come")
    expect(tablet.page.get_by_role("alert").get_by_role("button", name="Load again")).to_be_visible()


def test_a_link_from_another_site_leaves_the_tablet_its_name_and_its_recording(app: App, tablets: Tablets):
    tablet = tablets(app)
    session = app.begin("P-mail")
    tablet.page.context.route(
        "http://webmail.test/",
        lambda route: route.fulfill(
            content_type="text/html", body=f'<a href="{app.url}/bedside?s={session}">Open Bedside</a>'
        ),
    )
    tablet.start()  # the server renews its cookie
    (cookie,) = (jar for jar in tablet.page.context.cookies(app.url) if jar["name"] == "interspace_device")
    assert cookie["value"] == "tablet0001"
    assert cookie["sameSite"] == "Lax"
    tablet.page.goto("http://webmail.test/")
    tablet.touch(tablet.page.get_by_role("link", name="Open Bedside"))
    tablet.ready()
    tablet.mark("Start preprocedure scan")
    tablet.reads_saved()
    assert {event["device"] for event in app.export(session)["events"]} == {"tablet0001"}


def test_a_screen_lock_whose_release_is_told_late_is_asked_for_again_and_steppers_do_not_zoom(
    app: App, tablets: Tablets
):
    tablet = tablets(app)
    tablet.page.add_init_script("""
      window.locks = [];
      WakeLock.prototype.request = async () => {
        const lock = Object.assign(new EventTarget(), { released: false, release: async () => {} });
        locks.push(lock);
        return lock;
      };
    """)
    tablet.bedside(app.begin("P-awake"))
    tablet.page.wait_for_function("locks.length === 1")
    tablet.page.evaluate("""() => {
      locks[0].released = true;
      document.dispatchEvent(new Event("visibilitychange"));
      locks[0].dispatchEvent(new Event("release"));
    }""")
    tablet.page.wait_for_function("locks.length === 2")
    expect(tablet.page.get_by_text("this tablet may sleep")).to_have_count(0)
    board, _ = board_of(app, tablets, "P-quick", *NEEDLE_OUT)
    buttons = board.page.get_by_role("article").get_by_role("button")
    expect(buttons.first).to_be_visible()
    assert set(buttons.evaluate_all("all => all.map((button) => getComputedStyle(button).touchAction)")) <= {
        "manipulation",
        "none",
    }

"""A bare page in the browser that loads the board's own modules: for asking them without an app."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.helpers.app import ROOT

BOARD = ROOT / "pages" / "board"


def bare_page(browser: Browser, body: str, ready: str) -> Iterator[Page]:
    """The page of this HTML, once its script has set `window.<ready>`; closed in the end."""
    page = browser.new_page()
    page.route(
        "http://board.test/**/*.js", lambda route: route.fulfill(path=BOARD / urlsplit(route.request.url).path[1:])
    )
    page.route("http://board.test/", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("http://board.test/")
    page.wait_for_function(f"window.{ready} !== undefined")
    yield page
    page.close()

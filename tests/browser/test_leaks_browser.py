"""No request leaves the host, whatever a page holds."""

import socket

import pytest

from tests.conftest import Tablets
from tests.helpers.app import App


def test_no_picture_is_fetched_from_elsewhere_and_the_app_shows_its_own(app: App, tablets: Tablets):
    page = tablets(app).page
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        page.goto(f"{app.url}/records")
        with page.expect_console_message(lambda message: "img-src" in message.text):
            page.evaluate("address => (new Image().src = address)", f"http://127.0.0.1:{elsewhere.getsockname()[1]}")
        with pytest.raises(BlockingIOError):  # nobody asked
            elsewhere.accept()
    assert page.locator(".st-key-top img").evaluate("picture => picture.decode().then(() => true)")

"""What somebody typed fetches nothing: no request leaves the host."""

import socket
from urllib.parse import quote

import pytest

from tests.app import App
from tests.conftest import Tablets


def test_a_picture_in_typed_words_is_not_fetched_from_elsewhere_and_the_app_shows_its_own(app: App, tablets: Tablets):
    page = tablets(app).page
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        picture = f"![](http://127.0.0.1:{elsewhere.getsockname()[1]})"
        with page.expect_console_message(lambda message: "img-src" in message.text):
            page.goto(f"{app.url}/record?s={quote(picture)}")
        with pytest.raises(BlockingIOError):  # nobody asked
            elsewhere.accept()
    assert page.locator(".st-key-top img").evaluate("picture => picture.decode().then(() => true)")

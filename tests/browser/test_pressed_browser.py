"""A finger that is down while the board is drawn anew: its tap counts and its hold is held to the end."""

import re

import pytest
from playwright.sync_api import CDPSession, Locator, Request, expect

from core import clock
from core.records import sessions
from core.store import Store
from tests.conftest import Tablets
from tests.helpers.app import App
from tests.helpers.full_ward import NEEDLE_OUT, SUPINE, later
from tests.helpers.past import happened_in
from tests.helpers.recovery_tablet import board_of, told
from tests.helpers.tablet import Tablet, middle
from tests.helpers.taps import tap

HOLD_MS = 900
OTHER = "othertablet"


class Finger:
    """A raw touch that stays until it is lifted."""

    def __init__(self, tablet: Tablet) -> None:
        self._touches: CDPSession = tablet.page.context.new_cdp_session(tablet.page)

    def lands(self, target: Locator) -> None:
        x, y = middle(target)
        self._touches.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})

    def lifts(self) -> None:
        self._touches.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_tap_counts_when_a_watcher_leaves_under_it(app: App, tablets: Tablets):
    tablet, watcher = tablets(app), tablets(app, OTHER)
    tablet.bedside(app.begin("P-watched"))
    watcher.bedside(tablet.session)
    expect(tablet.page.get_by_text("1 watching")).to_be_visible()
    finger = Finger(tablet)
    finger.lands(tablet.button("More…"))
    watcher.page.close()
    expect(tablet.page.get_by_text("1 watching")).to_have_count(0)
    finger.lifts()
    expect(tablet.place("Panel").get_by_role("heading", name="More", exact=True)).to_be_visible()

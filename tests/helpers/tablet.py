"""A tablet with the app open: everything is found by what the recorder reads, and done by touch."""

import re
from math import dist
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from core import clock
from tests.helpers.app import PATIENCE_S, App
from tests.helpers.tables import LUMBAR

expect.set_options(timeout=PATIENCE_S * 1000)
Moment = tuple[int, int]  # UTC ms just before and just after a touch
FINGER_PX = 60  # two taps of one finger land no further apart


class Tablet:
    """One browser page of one device."""

    def __init__(self, app: App, page: Page) -> None:
        self.app, self.page = app, page
        self._marked: tuple[int, str, tuple[float, float]] = (0, "", (0, 0))  # when, what and where

    # --------------------------------------------------------------------------------------------------------- pages
    def start(self) -> None:
        self.page.goto(self.app.url)
        expect(self.page.get_by_role("heading", name="Under way")).to_be_visible()

    def bedside(self, session: str) -> None:
        """The board of a session, opened by its address."""
        self.page.goto(f"{self.app.url}/bedside?s={session}")
        self.ready()

    def ready(self) -> None:
        """The board is drawn and knows the session."""
        expect(self.last).to_be_visible()

    def reload(self) -> None:
        self.page.reload()
        self.ready()

    def new_procedure(self, patient: str, operator: str, recorder: str, protocol: str = LUMBAR.short) -> str:
        """Start → New procedure → its protocol → Bedside, by touch and keyboard; the session."""
        self.start()
        self.touch(self.page.get_by_role("button", name="New procedure"))
        self.choose_protocol(protocol)
        for field, text in (("Patient code", patient), ("Operator", operator), ("Recorder", recorder)):
            box = self.page.get_by_role("textbox", name=re.compile(f"^{field}"))
            self.touch(box)
            self.page.keyboard.type(text)
            expect(box).to_have_value(text)
        self.touch(self.page.get_by_role("button", name=re.compile("Bedside$")))
        self.ready()
        return self.session

    def choose_protocol(self, label: str) -> None:
        """One of the large choices at the top of New procedure."""
        choice = self.page.get_by_role("radio", name=label)
        self.touch(choice)
        expect(choice).to_be_checked()

    @property
    def session(self) -> str:
        return parse_qs(urlsplit(self.page.url).query)["s"][0]

    # ------------------------------------------------------------------------------------------------ what one reads
    @property
    def last(self) -> Locator:
        return self.page.get_by_role("complementary", name="Last entry")

    @property
    def banner(self) -> Locator:
        return self.page.get_by_role("region", name="Prompts and alarms")

    @property
    def clocks(self) -> Locator:
        return self.page.get_by_role("region", name="Clocks")

    def button(self, label: str) -> Locator:
        """A button by its label; a hint may follow it."""
        return self.page.get_by_role("button", name=_begins(label))

    def check(self, label: str) -> Locator:
        return self.page.get_by_role("checkbox", name=label)

    def place(self, name: str) -> Locator:
        """A part of the board: a phase, or "Panel"."""
        return self.page.get_by_role("region", name=name, exact=True)

    def reads_saved(self) -> None:
        """Every entry made on this tablet was acknowledged."""
        expect(self.page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()

    def reads_not_saved(self, entries: int) -> None:
        """So many entries made on this tablet wait for the server."""
        expect(self.page.get_by_role("status").filter(has_text=f"{entries} not saved yet")).to_be_visible()

    # --------------------------------------------------------------------------------------------------------- touch
    def touch(self, target: Locator) -> Moment:
        """A tap; a button that ends the procedure is held as long as it asks."""
        if target.get_attribute("data-hold") is not None:
            return self.hold(target)
        before = clock.now_ms()
        target.tap()
        return before, clock.now_ms()

    def hold(self, target: Locator) -> Moment:
        """A finger that stays until the button is gone."""
        x, y = middle(target)
        finger = self.page.context.new_cdp_session(self.page)
        before = clock.now_ms()
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        landed = clock.now_ms()
        expect(target).to_be_hidden()
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        return before, landed

    def breathe(self) -> None:
        """As long as two taps at one place are one."""
        self.page.wait_for_timeout(LUMBAR.recording.same_tablet_s * 1000 + 50)

    def touch_twice(self, target: Locator) -> None:
        """Two touches at one place, as fast as they come."""
        x, y = middle(target)
        self.page.touchscreen.tap(x, y)
        self.page.touchscreen.tap(x, y)

    def mark(self, label: str, reads: str = "") -> Moment:
        """Touches a mark; where the one before was the same or at the same place, no quicker than two taps can be.
        Waits until the last entry names it.
        """
        target = self.button(label)
        when, what, where = self._marked
        place = middle(target)
        if what == label or dist(place, where) < 2 * FINGER_PX:
            since = clock.now_ms() - when
            self.page.wait_for_timeout(max(0, LUMBAR.recording.same_tablet_s * 1000 + 50 - since))
        moment = self.touch(target)
        expect(self.last.get_by_text(reads or label, exact=True)).to_be_visible()
        self._marked = (moment[1], label, place)
        return moment

    def tick(self, label: str) -> Moment:
        """Ticks a check; the last one of a phase leaves with its phase."""
        moment = self.touch(self.check(label))
        expect(self.page.get_by_role("checkbox", name=label, checked=False)).to_have_count(0)
        return moment

    def pick(self, label: str) -> Moment:
        """Chooses an interspace or approach."""
        moment = self.touch(self.button(label))
        expect(self.button(label)).to_have_attribute("aria-pressed", "true")
        return moment

    def look_at(self, phase: str) -> None:
        """Opens a phase in the rail, folded away on a phone."""
        rail = self.page.get_by_role("navigation", name="Phases")
        entry = rail.get_by_role("button", name=re.compile(f"^{phase}"))
        fold = rail.locator("[aria-expanded=false]")
        if fold.is_visible():
            self.touch(fold)
        self.touch(entry)

    def type(self, field: Locator, text: str) -> None:
        """Touches a field and types, key by key: a field that takes no key stays empty."""
        field.tap()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)
        expect(field).to_have_value(text)

    def write(self, name: str, text: str) -> Moment:
        """Types into the open panel and touches Record."""
        self.type(self.place("Panel").get_by_role("textbox", name=name), text)
        return self.touch(self.place("Panel").get_by_role("button", name="Record", exact=True))


def middle(target: Locator) -> tuple[float, float]:
    target.scroll_into_view_if_needed()
    box: Any = target.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _begins(label: str) -> re.Pattern[str]:
    return re.compile(rf"^{re.escape(label)}($|[ ,])")

"""The room view on the real app: it follows the recorder's taps, is read from afar, speaks if asked, records nothing.

Speech is observed where it leaves the page for the device: at `speechSynthesis.speak`.
"""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Tablets
from tests.helpers.accessible import faults
from tests.helpers.app import App
from tests.helpers.tables import LUMBAR
from tests.helpers.tablet import Tablet

RECORDER, WALL = "recorder01", "wallscreen"
SIZES = [(1180, 820), (820, 1180), (1920, 1080), (390, 844)]
LEAST_VH = 12  # "readable from 3 m": the clocks' digits, hundredths of the screen's height
TOUCH = 48  # px
CHANGE = "3 unsuccessful insertions at L2–L3. Change interspace: L1–L2, L3–L4, L4–L5, L5–S1."
HEARD = """
const speak = speechSynthesis.speak.bind(speechSynthesis);
window.heard = [];
speechSynthesis.speak = (words) => { window.heard.push(words.text); speak(words); };
"""
TYPE = "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize) * 100 / innerHeight)"
# What is cut off: a text larger than its box, a box outside the screen, or a page that could be pushed sideways.
CUT = """
() => {
  const root = document.querySelector(".room-place").shadowRoot;
  const over = (one) => one.scrollWidth > one.clientWidth + 1 ? [`${one.className} "${one.textContent}"`] : [];
  const outside = (one) => {
    const box = one.getBoundingClientRect();
    const inside = box.left >= -1 && box.right <= innerWidth + 1 && box.top >= -1 && box.bottom <= innerHeight + 1;
    return inside ? [] : [`outside: ${one.className} "${one.textContent}"`];
  };
  const places = [...root.querySelectorAll("header, section, .clock, .fact, h1, strong, small, button, [role=alert]")];
  return [...places.flatMap(over), ...places.flatMap(outside), ...over(root.querySelector(".room")),
          ...over(document.scrollingElement)];
}
"""


class Room:
    """The room view as somebody across the room reads it."""

    def __init__(self, tablet: Tablet) -> None:
        self.tablet, self.page = tablet, tablet.page
        self.page.add_init_script(HEARD)

    def open(self, session: str) -> None:
        self.page.goto(f"{self.tablet.app.url}/room?s={session}")
        self.ready()

    def ready(self) -> None:
        expect(self.clocks).to_be_visible()

    def reads(self, *words: str | re.Pattern[str]) -> None:
        for word in words:
            expect(self.page.locator(".room")).to_contain_text(word)

    @property
    def clocks(self) -> Any:
        return self.tablet.clocks

    @property
    def prompt(self) -> Any:
        return self.page.get_by_role("alert")

    @property
    def speak(self) -> Any:
        return self.page.get_by_role("button", name=re.compile("^Speak"))

    def heard(self) -> list[str]:
        utterances: list[str] = self.page.evaluate("window.heard")
        return utterances

    def hears(self, *texts: str) -> None:
        """Exactly these so far, in this order."""
        self.page.wait_for_function("count => window.heard.length >= count", arg=len(texts))
        assert self.heard() == [text.replace("–", " ") for text in texts]


@pytest.fixture
def recorder(app: App, tablets: Tablets, request: pytest.FixtureRequest) -> Tablet:
    """A tablet that records at L2–L3, the scan started."""
    return recording(app, tablets, f"P-{abs(hash(request.node.name)) % 10**9}")


def recording(app: App, tablets: Tablets, patient: str) -> Tablet:
    tablet = tablets(app, RECORDER)
    tablet.bedside(app.begin(patient, RECORDER))
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    tablet.pick("Parasagittal oblique")
    tablet.mark("Start preprocedure scan")
    return tablet


def fail(tablet: Tablet, times: int) -> None:
    for _ in range(times):
        tablet.mark("Skin puncture")
        tablet.mark("Withdrawn, no CSF")


def seconds(page: Page, clock: int) -> int:
    minutes, rest = page.locator(".clock strong").nth(clock).inner_text().split(":")
    return int(minutes) * 60 + int(rest)


def test_the_recorders_taps_show_in_the_room_phase_count_tries_prompt_and_running_clocks(
    app: App, tablets: Tablets, recorder: Tablet
):
    room = Room(tablets(app, WALL))
    room.open(recorder.session)
    expect(room.page.get_by_role("heading", level=1)).to_have_text(LUMBAR.phase["scan"].label)
    room.reads("Interspace", "L2–L3", "0 of 3", "Parasagittal oblique", re.compile(r"Operation time\s*00:\d\d"))
    expect(room.prompt).to_be_empty()

    recorder.mark("Skin puncture")
    expect(room.page.get_by_role("heading", level=1)).to_have_text(LUMBAR.phase["insertion"].label)
    room.reads("Insertions1", "1 of 3", re.compile(r"\d\d:\d\d:\d\d\s*·\s*Skin puncture"))
    operation, puncture = (room.page.locator(".clock strong").nth(clock).inner_text() for clock in (0, 1))
    recorder.mark("Withdrawn, no CSF")
    fail(recorder, 1)
    recorder.mark("Skin puncture")
    expect(room.page.get_by_role("img", name="Insertions at L2–L3: 3 of 3, 2 unsuccessful")).to_be_visible()
    assert room.page.locator(".pips i").evaluate_all("all => all.map((one) => one.className)") == ["x", "x", "h"]
    recorder.mark("Withdrawn, no CSF")
    room.reads("Insertions3", "3 of 3")
    expect(room.prompt).to_have_text(CHANGE)
    expect(room.page.get_by_role("region", name="Prompts and alarms")).to_have_class("band medium")
    for clock, before in ((0, operation), (1, puncture)):  # they run
        expect(room.page.locator(".clock strong").nth(clock)).not_to_have_text(before)

    recorder.mark("Patient wishes to stop")
    expect(room.prompt).to_have_text("Stop here and use CT guidance. (+1 more)")
    expect(room.page.get_by_role("region", name="Prompts and alarms")).to_have_class("band high")


def test_the_room_offers_nothing_to_touch_but_speech_and_leaves_the_record_as_it_was(
    app: App, tablets: Tablets, recorder: Tablet
):
    fail(recorder, 3)
    recorder.reads_saved()
    before = app.export(recorder.session)["events"]
    room = Room(tablets(app, WALL))
    room.open(recorder.session)
    expect(room.prompt).to_have_text(CHANGE)
    controls = room.page.locator(".room").locator("button, a, input, select, textarea, [role=button], [tabindex]")
    assert controls.all_inner_texts() == ["Speak: off"]
    for x in range(40, 1180, 120):
        for y in range(100, 820, 90):
            room.page.touchscreen.tap(x, y)
    for key in ("Enter", "Space", "PageDown", "PageUp"):
        room.page.keyboard.press(key)
    expect(room.prompt).to_have_text(CHANGE)
    assert app.export(recorder.session)["events"] == before


def test_digits_are_huge_and_nothing_is_cut_off(app: App, tablets: Tablets):
    recorder = recording(app, tablets, "P-room-sizes")
    room = Room(tablets(app, WALL))
    room.open(recorder.session)
    for step in (lambda: None, lambda: fail(recorder, 3), lambda: recorder.mark("Patient wishes to stop")):
        step()
        recorder.reads_saved()
        for width, height in SIZES:
            room.page.set_viewport_size({"width": width, "height": height})
            room.page.wait_for_timeout(400)  # one tick
            assert room.page.evaluate(CUT) == []
            sizes = room.page.locator(".clock strong").evaluate_all(TYPE)
            assert len(sizes) == 2
            assert min(sizes) >= LEAST_VH
            box: Any = room.speak.bounding_box()
            assert min(box["width"], box["height"]) >= TOUCH


def test_speech_says_a_new_prompt_and_a_new_phase_once_and_after_a_reload_nothing_of_before(
    app: App, tablets: Tablets, recorder: Tablet
):
    room = Room(tablets(app, WALL))
    room.open(recorder.session)
    recorder.mark("Skin puncture")
    room.reads("1 of 3")
    assert room.heard() == []  # off until asked for

    room.tablet.touch(room.speak)
    expect(room.speak).to_have_attribute("aria-pressed", "true")
    room.hears("Insertion")  # the touch that allows it says where we are
    recorder.mark("Withdrawn, no CSF")
    fail(recorder, 2)
    room.hears("Insertion", CHANGE)
    recorder.touch(recorder.button("Undo withdrawn, no CSF"))
    expect(room.prompt).to_be_empty()
    recorder.mark("CSF outflow")
    room.hears("Insertion", CHANGE, "CSF and injection")
    recorder.mark("Patient wishes to stop")
    room.hears("Insertion", CHANGE, "CSF and injection", "Stop here and use CT guidance.")

    room.page.reload()
    room.ready()
    expect(room.prompt).to_have_text("Stop here and use CT guidance.")
    expect(room.speak).to_have_attribute("aria-pressed", "true")  # kept on this tablet
    recorder.mark("Switch to CT guidance")
    recorder.mark("Needle out")
    recorder.mark("Start compression")
    room.hears("Post-procedure")
    room.tablet.touch(room.speak)
    room.tablet.touch(room.speak)
    expect(room.speak).to_have_text("Speak: off")


def test_without_a_server_the_room_says_since_when_and_its_clocks_go_on_and_it_catches_up_by_itself(
    mortal_app: App, tablets: Tablets
):
    recorder = recording(mortal_app, tablets, "P-gone")
    room = Room(tablets(mortal_app, WALL))
    room.page.clock.install()
    room.open(recorder.session)
    recorder.reads_saved()
    expect(room.page.get_by_role("status").filter(has_text="Live")).to_be_visible()
    mortal_app.kill()
    gone = room.page.get_by_text(re.compile(r"^No connection: showing \d\d:\d\d:\d\d$"))
    expect(gone).to_be_visible()
    words, before = gone.inner_text(), seconds(room.page, 0)
    room.page.wait_for_function(
        "past => document.querySelector('.room-place').shadowRoot.querySelector('.clock strong').textContent > past",
        arg=f"00:{before + 1:02}",
    )
    assert gone.inner_text() == words
    room.page.clock.run_for(5000)  # by now Streamlit's own "Connection error" would cover and disable everything
    expect(room.page.get_by_text("Connection error")).to_be_hidden()
    room.tablet.touch(room.speak)
    expect(room.speak).to_have_attribute("aria-pressed", "true")
    mortal_app.start()
    recorder.mark("Skin puncture")
    room.reads("Insertions1", "1 of 3", "Live")
    expect(gone).to_have_count(0)


def test_the_room_has_no_accessibility_violation_and_its_focus_is_seen(app: App, tablets: Tablets, recorder: Tablet):
    room = Room(tablets(app, WALL))
    room.open(recorder.session)
    assert faults(room.page) == []
    fail(recorder, 3)
    expect(room.prompt).to_have_text(CHANGE)
    assert faults(room.page) == []
    recorder.mark("Patient wishes to stop")
    expect(room.prompt).to_contain_text("Stop here")
    assert faults(room.page) == []
    for _ in range(8):
        room.page.keyboard.press("Tab")
        if room.speak.evaluate("one => one.matches(':focus-visible')"):
            break
    assert room.speak.evaluate("one => getComputedStyle(one).outlineStyle + getComputedStyle(one).outlineWidth") == (
        "solid4px"
    )


def test_a_bare_page_shows_the_same_room_and_an_unknown_session_is_said(app: App, tablets: Tablets, recorder: Tablet):
    bare = tablets(app, WALL)
    bare.page.goto(f"{app.url}/board/room/bare.html?s={recorder.session}")
    expect(bare.clocks).to_contain_text("Operation time")
    assert faults(bare.page) == []
    bare.page.goto(f"{app.url}/room?s=20200101T000000-nobody")
    expect(bare.page.get_by_role("link", name="Back to Start")).to_be_visible()

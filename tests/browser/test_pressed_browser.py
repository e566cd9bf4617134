"""A finger that is down while the board is drawn anew: its tap counts and its hold is held to the end."""

import pytest
from playwright.sync_api import CDPSession, Locator, expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.full_ward import NEEDLE_OUT, SUPINE, later
from tests.helpers.past import happened
from tests.helpers.recovery_tablet import board_of, contents, early
from tests.helpers.tablet import Tablet, middle
from tests.helpers.taps import tap

HOLD_MS = 900
OTHER = "othertablet"


class Finger:
    """A raw touch that stays until it is lifted, and is never quite still."""

    def __init__(self, tablet: Tablet) -> None:
        self._touches: CDPSession = tablet.page.context.new_cdp_session(tablet.page)
        self._at: tuple[float, float] = (0, 0)

    def lands(self, target: Locator) -> None:
        self._at = middle(target)
        self._send("touchStart", self._at)

    def trembles(self) -> None:
        x, y = self._at
        self._at = (x + 1, y)
        self._send("touchMove", self._at)

    def lifts(self) -> None:
        self._send("touchEnd")

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self._touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


class Mouse:
    """A mouse button that is held down: what is taken out under it gets no click."""

    def __init__(self, tablet: Tablet) -> None:
        self._mouse = tablet.page.mouse

    def lands(self, target: Locator) -> None:
        self._mouse.move(*middle(target))
        self._mouse.down()

    def trembles(self) -> None:
        pass

    def lifts(self) -> None:
        self._mouse.up()


Press = type[Finger] | type[Mouse]
by_finger_and_mouse = pytest.mark.parametrize("press", [Finger, Mouse])


@pytest.fixture
def watched(app: App, tablets: Tablets) -> tuple[Tablet, Tablet]:
    """A tablet that records, and one that watches it."""
    tablet, watcher = tablets(app), tablets(app, OTHER)
    tablet.bedside(app.begin("P-watched"))
    watcher.bedside(tablet.session)
    expect(tablet.page.get_by_text("1 watching")).to_be_visible()
    return tablet, watcher


@by_finger_and_mouse
def test_a_tap_counts_when_a_watcher_leaves_under_it(watched: tuple[Tablet, Tablet], press: Press) -> None:
    tablet, watcher = watched
    finger = press(tablet)
    finger.lands(tablet.button("More…"))
    watcher.page.close()
    expect(tablet.page.get_by_text("1 watching")).to_have_count(0)
    finger.trembles()
    finger.lifts()
    expect(tablet.place("Panel").get_by_role("heading", name="More", exact=True)).to_be_visible()


def test_the_keyboard_stays_where_it_is_when_a_watcher_leaves(watched: tuple[Tablet, Tablet]) -> None:
    tablet, watcher = watched
    tablet.button("More…").focus()
    watcher.page.close()
    expect(tablet.page.get_by_text("1 watching")).to_have_count(0)
    expect(tablet.button("More…")).to_be_focused()


@by_finger_and_mouse
def test_seen_counts_when_the_action_before_it_goes_under_the_finger(app: App, tablets: Tablets, press: Press) -> None:
    tablet = tablets(app)
    tablet.bedside(happened(app, *SUPINE, device="tablet0001"))
    action, seen = (tablet.banner.get_by_role("button", name=name) for name in ("End supine", "Seen"))
    expect(action).to_be_visible()
    finger = press(tablet)
    finger.lands(seen)
    elsewhere(tablet, kind="mark", data={"mark": "compression_started"})  # what it waits for is no longer to be done
    expect(action).to_have_count(0)
    finger.trembles()
    finger.lifts()
    expect(seen).to_have_count(0)
    tablet.reads_saved()
    assert contents(app.export(tablet.session), "ack") != []


def test_a_hold_of_0_9_s_is_held_to_the_end_when_a_question_before_it_is_answered_elsewhere(
    app: App, tablets: Tablets
) -> None:
    past = (*later(NEEDLE_OUT, 294), (13, "compression_started"), (8, "compression_ended"), (8, "supine_started"))
    board, session = board_of(app, tablets, "P-held", *past)
    board.open("P-held")
    question = board.sheet.get_by_text("Compression ended before 20 min. Why?")
    finger = Finger(board)
    finger.lands(board.within(early("End supine")))
    proof = f"{session}e8"
    elsewhere(
        board, session, kind="answer", data={"prompt": "compression_short", "of": proof, "reason": "Would not lie"}
    )
    expect(question).to_have_count(0)
    finger.trembles()
    board.page.wait_for_timeout(HOLD_MS)
    finger.lifts()
    board.reads_saved()
    assert contents(app.export(session), "mark")[-1] == {"mark": "supine_ended"}


def elsewhere(tablet: Tablet, session: str = "", **entry: Json | str) -> None:
    """An entry that another tablet makes."""
    session = session or tablet.session
    event = tap(session, f"{session}-elsewhere", device=OTHER, **entry)
    answer = tablet.page.request.post(f"{tablet.app.url}/api/sessions/{session}/taps", data={"events": [event]})
    assert answer.ok, answer.text()

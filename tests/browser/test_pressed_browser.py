"""A finger that is down while the board is drawn anew: its tap counts and its hold is held to the end."""

from playwright.sync_api import CDPSession, Locator, expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.full_ward import NEEDLE_OUT, SUPINE, later
from tests.helpers.past import happened
from tests.helpers.recovery_tablet import board_of, early, told
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


def test_seen_counts_when_the_action_before_it_goes_under_the_finger(app: App, tablets: Tablets):
    tablet = tablets(app)
    tablet.bedside(happened(app, *SUPINE, device="tablet0001"))
    action, seen = (tablet.banner.get_by_role("button", name=name) for name in ("End supine", "Seen"))
    expect(action).to_be_visible()
    finger = Finger(tablet)
    finger.lands(seen)
    elsewhere(tablet, kind="mark", data={"mark": "compression_started"})  # what it waits for is no longer to be done
    expect(action).to_have_count(0)
    finger.lifts()
    expect(seen).to_have_count(0)
    tablet.reads_saved()
    assert told(app.export(tablet.session), "ack") != []


def test_a_hold_of_0_9_s_is_held_to_the_end_when_a_question_before_it_is_answered_elsewhere(app: App, tablets: Tablets):
    past = (*later(NEEDLE_OUT, 294), (13, "compression_started"), (8, "compression_ended"), (8, "supine_started"))
    board, session = board_of(app, tablets, "P-held", *past)
    board.open("P-held")
    question = board.sheet.get_by_text("Compression ended before 20 min. Why?")
    expect(question).to_be_visible()
    finger = Finger(board)
    finger.lands(board.within(early("End supine")))
    prompt = {"prompt": "compression_short", "of": f"{session}-8", "reason": "Child would not lie still"}
    elsewhere(board, session, kind="answer", data=prompt)
    expect(question).to_have_count(0)
    board.page.wait_for_timeout(HOLD_MS)
    finger.lifts()
    board.reads_saved()
    assert told(app.export(session), "mark")[-1] == {"mark": "supine_ended"}


def elsewhere(tablet: Tablet, session: str = "", **entry: Json | str) -> None:
    """An entry that another tablet makes."""
    session = session or tablet.session
    event = tap(session, f"{session}-elsewhere", device=OTHER, **entry)
    answer = tablet.page.request.post(f"{tablet.app.url}/api/sessions/{session}/taps", data={"events": [event]})
    assert answer.ok, answer.text()

"""The recovery board's alarms, the order of its cards, and what axe reads; with an app of its own, so that nobody else
stands on the board.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.test_alarms_browser import EDGES
from tests.conftest import Tablets, running
from tests.helpers.accessible import HELD, Listener, faults
from tests.helpers.app import App
from tests.helpers.full_ward import NEEDLE_OUT, SUPINE, full_ward, later
from tests.helpers.past import Past, happened_in
from tests.helpers.recovery_tablet import BOTH, Board


@pytest.fixture
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A running app whose ward is empty."""
    yield from running(App(tmp_path_factory.mktemp("ward") / "data"))


def compressing(minutes: float) -> tuple[Past, ...]:
    return (*later(NEEDLE_OUT, 313 - minutes), (minutes, "compression_started"))


def stands(app: App, patient: str, *past: Past) -> str:
    return happened_in(app.folder, *past, device="bedsidetablet", patient=patient)


def board_at(app: App, tablets: Tablets, device: str = "wardtablet", theme: str = "light") -> Board:
    board = Board(tablets(app, device, theme=theme), "WN")
    board.page.clock.install()
    board.page.add_init_script(EDGES)
    board.show()
    return board


def test_an_empty_board_says_what_will_appear_there_and_a_record_that_cannot_be_read_is_named(
    ward: App, tablets: Tablets
):
    board = board_at(ward, tablets)
    expect(board.page.get_by_text("A patient appears here as soon as the needle is out")).to_be_visible()
    session = stands(ward, "P-torn", *NEEDLE_OUT)
    (ward.folder / "sessions" / f"{session[:4]}-{session[4:6]}" / f"{session}.json").write_text("{")
    board.reload()
    expect(board.page.get_by_text(session).first).to_be_visible()


def test_a_compression_whose_time_has_come_is_lit_and_sounds_until_it_is_seen_and_stays_lit_until_it_is_ended(
    ward: App, tablets: Tablets
):
    session = stands(ward, "P-due", *compressing(25.1))
    stands(ward, "P-waits", *compressing(3))
    board, other = board_at(ward, tablets), board_at(ward, tablets, "otherward")
    for screen in (board, other):
        expect(screen.banner).to_contain_text("P-due: Compression: 20 min reached, 5 min ago")
        expect(screen.card("P-due")).to_have_class(re.compile("medium lit"))
        expect(screen.card("P-waits")).not_to_have_class(re.compile("medium"))
        expect(screen.button("Sound is off: tap")).to_be_visible()
    board.touch(board.button("Sound is off: tap"))
    board.page.wait_for_function("edges.tones > 0")
    expect(board.button("Silence")).to_be_visible()
    board.touch(board.act("P-due", "Seen"))
    for screen in (board, other):
        expect(screen.act("P-due", "Seen")).to_have_count(0)
        expect(screen.card("P-due")).to_have_class(re.compile(r"^p medium\s*$"))
    expect(board.button("Silence")).to_have_count(0)
    board.reads_saved()
    assert [event["kind"] for event in ward.export(session)["events"]][-2:] == ["takeover", "ack"]
    other.touch(other.act("P-due", BOTH))
    for screen in (board, other):
        expect(screen.banner).to_be_empty()


def test_several_alarms_of_one_priority_sound_as_one_burst(ward: App, tablets: Tablets):
    for n in range(5):
        stands(ward, f"P-{n}", *compressing(22 + n))
    board = board_at(ward, tablets)
    board.touch(board.button("Sound is off: tap"))
    expect(board.banner).to_contain_text("(+4 more)")
    board.page.wait_for_function("edges.tones > 1")  # one as the sound was switched on
    board.page.clock.run_for(2000)  # each of five would have sounded by now
    assert board.page.evaluate("edges.tones") == 1 + 3  # the pulses of one burst


def test_whoever_needs_an_action_first_stands_first_and_cards_stay_under_a_finger_until_it_has_gone(
    ward: App, tablets: Tablets
):
    stands(ward, "P-late", *compressing(23))
    stands(ward, "P-next", *compressing(12))
    stands(ward, "P-rests", *later(SUPINE, 200))
    stands(ward, "P-done", *SUPINE, (20, "supine_ended"))
    stands(ward, "P-home", *SUPINE, (20, "supine_ended"), (5, "discharged"))
    stands(ward, "P-over", *SUPINE)
    board, other = board_at(ward, tablets), board_at(ward, tablets, "otherward")
    before = ["P-late", "P-over", "P-done", "P-next", "P-rests", "P-home"]
    assert board.order() == before
    expect(board.banner).to_contain_text("P-late")
    board.touch(board.act("P-late", BOTH))
    expect(board.card("P-late")).to_contain_text("Supine")
    assert board.order() == before
    board.settles()
    after = ["P-over", "P-done", "P-next", "P-rests", "P-late", "P-home"]
    assert board.order() == after
    board.open("P-rests")
    other.end_early("P-next", BOTH)
    expect(board.card("P-next")).to_contain_text("Supine")
    board.settles()
    assert board.order() == after
    board.close()
    board.settles()
    assert board.order() == ["P-next", "P-over", "P-done", "P-rests", "P-late", "P-home"]
    expect(board.banner).to_contain_text("P-next")


def test_a_question_that_comes_from_another_tablet_makes_no_room_under_a_finger(ward: App, tablets: Tablets):
    stands(ward, "P-asked", *compressing(12))
    stands(ward, "P-below", *later(SUPINE, 200))
    board, other = board_at(ward, tablets), board_at(ward, tablets, "otherward")
    finger = board.page.context.new_cdp_session(board.page)
    box = board.card("P-below").bounding_box()
    assert box
    point = {"x": box["x"] + 60, "y": box["y"] + 60}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    other.end_early("P-asked", BOTH)
    expect(board.card("P-asked")).to_contain_text("Supine")
    assert board.card("P-below").bounding_box() == box
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    board.close()
    expect(board.card("P-asked")).to_contain_text("Compression ended before 20 min. Why?")


def test_a_double_tap_on_an_action_enters_it_once_and_nothing_else(ward: App, tablets: Tablets):
    session = stands(ward, "P-double", *NEEDLE_OUT)
    board = board_at(ward, tablets)
    board.touch_twice(board.act("P-double", "Start compression"))
    expect(board.card("P-double")).to_contain_text("Compression")
    board.settles()
    board.reads_saved()
    entered = [event for event in ward.export(session)["events"] if event["device"] == "wardtablet"]
    assert [event["kind"] for event in entered] == ["takeover", "mark"]
    expect(board.sheet).to_have_count(0)


def test_seven_patients_are_seen_at_once_however_the_tablet_is_held(ward: App, tablets: Tablets):
    full_ward(ward.folder, 12)
    board = board_at(ward, tablets)
    for width, height in HELD.values():
        board.page.set_viewport_size({"width": width, "height": height})
        boxes = [card.bounding_box() for card in board.page.get_by_role("article").all()]
        assert sum(box is not None and box["y"] + box["height"] <= height for box in boxes) >= 7
        for button in board.page.locator(".p .acts .btn").all():
            assert button.evaluate("one => one.offsetHeight") >= 72


def test_thirty_patients_stand_on_the_board_and_nothing_breaks_a_rule_of_accessibility(ward: App, tablets: Tablets):
    full_ward(ward.folder)
    stands(ward, "P-asked", *later(NEEDLE_OUT, 300), (8, "compression_started"), (2, "compression_ended"))
    stands(ward, "P-home", *SUPINE, (20, "supine_ended"), (5, "discharged"))
    board = Board(tablets(ward))
    heard = Listener(board.page, ward.url)
    board.show()
    expect(board.page.get_by_text("31 patients")).to_be_visible()
    broken = {screen: seen for screen in screens(board) if (seen := faults(board.page))}
    assert broken == {}
    assert heard.errors == []
    assert heard.away == []


def screens(board: Board) -> Iterator[str]:
    yield "the board"
    board.open("P-asked")
    yield "a sheet"
    board.touch(board.within("Headache"))
    yield "an observation to describe"
    board.touch(board.within("Log"))
    yield "the log"
    board.touch(board.within("Close"))
    board.breathe()  # the sheet's own Close has come to the same place
    board.close()
    board.touch(board.button("Who?"))
    yield "who records"

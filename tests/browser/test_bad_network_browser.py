"""A bad network and a full tablet: each tap is drawn at once and recorded once, or said not to be safe."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error, Route, expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.bad_line import DROPPED, FLAPPING, GOOD, HALF_OPEN, SLOW, Line, line_to
from tests.helpers.tables import LUMBAR
from tests.helpers.tablet import Tablet

TAPS = (
    "Skin puncture",
    "Withdrawn, no CSF",
    "Skin puncture",
    "Withdrawn, no CSF",
    "Skin puncture",
    "CSF outflow",
    "CSF collected",
)
NOT_SAFE = "This tablet's storage is full: taps are kept only while this page stays open."
# Writes down what the board reads when the click that a touch makes has been handled: no packet can have come between.
WATCH = """
() => {
  window.answered = [];
  window.addEventListener("click", (click) => {
    const board = click.composedPath().find((one) => one instanceof ShadowRoot);
    const read = (what) => board.querySelector(what).textContent;
    const [last, count] = [read("[aria-label='Last entry'] b"), read("[aria-label=Clocks] .count strong")];
    window.answered.push([last, count, read(".head [role=status]")]);
  });
}
"""
FILL = """
() => {
  for (let size = 1 << 22, n = 0; size >= 1; ) {
    try { localStorage.setItem(`filler-${n}`, "x".repeat(size)); n += 1; } catch { size >>= 1; }
  }
}
"""
KEPT = "() => Object.keys(localStorage).filter((key) => key.startsWith('is:out:')).length"


@pytest.fixture
def line(app: App) -> Iterator[Line]:
    with line_to(app) as line:
        yield line


@pytest.mark.parametrize("fault", [DROPPED, SLOW, HALF_OPEN, FLAPPING])
def test_on_a_bad_line_every_tap_is_drawn_before_anything_is_sent_and_recorded_once(
    line: Line, tablets: Tablets, fault: str
):
    tablet = scanned(tablets, line.app, fault)
    line.turn(fault)
    touches = tap_all(tablet)
    if fault in (DROPPED, HALF_OPEN):
        tablet.reads_not_saved(len(TAPS))
        line.turn(GOOD)
    tablet.reads_saved()
    recorded_once(line.app.export(tablet.session), touches)


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_taps_whose_request_or_answer_is_lost_are_recorded_once(app: App, tablets: Tablets, lost: str):
    tablet = scanned(tablets, app, lost)
    cut: list[str] = []

    def lose(route: Route) -> None:
        cut.append(route.request.url)
        with suppress(Error):  # the line may be whole again, or the page gone, before the app has answered
            if lost == "answer":
                route.fetch()  # the app has done it
            route.abort()

    tablet.page.route("**/taps", lose)
    touches = tap_all(tablet)
    tablet.reads_not_saved(len(TAPS))
    assert cut
    tablet.page.unroute("**/taps")
    tablet.reads_saved()
    recorded_once(app.export(tablet.session), touches)


def test_a_reload_on_a_half_open_line_shows_the_same_board(line: Line, tablets: Tablets):
    tablet = scanned(tablets, line.app, "half-open-reload")
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    line.turn(HALF_OPEN)
    tablet.mark("Skin puncture")
    tablet.reload()
    expect(tablet.last.get_by_text("Skin puncture", exact=True)).to_be_visible()
    tablet.mark("CSF outflow")
    tablet.reads_not_saved(2)
    line.turn(GOOD)
    tablet.reads_saved()
    assert marks(line.app.export(tablet.session)) == ["scan_started", "skin_puncture", "csf_outflow"]


def test_after_a_half_open_line_a_tablet_hears_of_the_others_again(line: Line, tablets: Tablets):
    tablet = scanned(tablets, line.app, "half-open-others")
    line.turn(HALF_OPEN)
    tablet.mark("Skin puncture")
    expect(tablet.page.get_by_role("status").filter(has_text="1 not saved yet")).to_be_visible()
    tablet.page.wait_for_event("requestfailed", lambda request: request.url.endswith("/taps"))
    line.turn(GOOD)
    tablet.reads_saved()
    tablets(line.app, "othertablet").bedside(tablet.session)
    expect(tablet.page.get_by_text("1 watching")).to_be_visible()


def test_with_a_full_storage_the_board_says_that_taps_are_not_safe_until_they_are_saved(line: Line, tablets: Tablets):
    tablet = tablets(line.app)
    tablet.start()
    tablet.page.evaluate(FILL)
    tablet.bedside(line.app.begin("P-full"))
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    tablet.mark("Start preprocedure scan")
    tablet.reads_saved()
    expect(tablet.page.get_by_text("A reload needs the server")).to_be_visible()
    line.turn(DROPPED)
    touches = []
    tablet.page.evaluate(WATCH)
    for label in TAPS:
        touches.append(tablet.mark(label))
        expect(tablet.banner).to_contain_text(NOT_SAFE)
    answered_at_once(tablet)
    line.turn(GOOD)
    tablet.reads_saved()
    expect(tablet.banner).to_be_empty()
    recorded_once(line.app.export(tablet.session), touches)


def test_where_the_storage_fills_up_copies_of_what_the_server_has_make_way_for_what_it_has_not(
    line: Line, tablets: Tablets
):
    tablet = scanned(tablets, line.app, "fills-up")
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    line.turn(DROPPED)
    tablet.page.evaluate(FILL)
    touches = []
    for n, label in enumerate(TAPS, start=1):
        touches.append(tablet.mark(label))
        not_safe = tablet.banner.get_by_text(NOT_SAFE).count() > 0
        assert tablet.page.evaluate(KEPT) == n or not_safe
    expect(tablet.page.get_by_text("Ready without network")).to_have_count(0)  # the copy of the log made way
    line.turn(GOOD)
    tablet.reads_saved()
    recorded_once(line.app.export(tablet.session), touches)


def test_with_a_full_storage_the_screen_can_still_be_made_dark(app: App, tablets: Tablets):
    tablet = tablets(app)
    tablet.bedside(app.begin("P-full-dark"))
    tablet.page.evaluate(FILL)
    tablet.touch(tablet.button("More…"))
    tablet.touch(tablet.button("Dark room"))
    expect(tablet.button("Light screen")).to_be_visible()


def scanned(tablets: Tablets, app: App, name: str) -> Tablet:
    """A tablet that records a procedure up to the first puncture, everything saved."""
    tablet = tablets(app)
    tablet.bedside(app.begin(f"P-{name}"))
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    tablet.mark("Start preprocedure scan")
    tablet.reads_saved()
    return tablet


def tap_all(tablet: Tablet) -> list[tuple[int, int]]:
    """Touches every mark of TAPS; each was answered in the very turn of its touch."""
    tablet.page.evaluate(WATCH)
    touches = [tablet.mark(label) for label in TAPS]
    answered_at_once(tablet)
    return touches


def answered_at_once(tablet: Tablet) -> None:
    answered: list[list[str]] = tablet.page.evaluate("window.answered")
    assert [label for label, _, _ in answered] == list(TAPS)
    assert [count for _, count, _ in answered] == ["1", "1", "2", "2", "3", "3", "3"]
    assert [status for _, _, status in answered if "not saved yet" not in status] == []


def recorded_once(record: Json, touches: list[tuple[int, int]]) -> None:
    """Each touch is one entry, in order, stamped when the finger landed."""
    labels = {label: mark for mark, table in LUMBAR.mark.items() for label in [table.label]}
    entries: list[Any] = [event for event in record["events"] if event["kind"] == "mark"]
    entries = sorted(entries, key=lambda entry: (entry["at"], entry["seq"]))[1:]
    assert [event["data"]["mark"] for event in entries] == [labels[label] for label in TAPS]
    for event, (before, after) in zip(entries, touches, strict=True):
        assert before - 1000 < event["at"] < after + 1000
    assert record["summary"]["to_review"] == []


def marks(record: Json) -> list[str]:
    entries = sorted(record["events"], key=lambda entry: (entry["at"], entry["seq"]))
    return [event["data"]["mark"] for event in entries if event["kind"] == "mark"]

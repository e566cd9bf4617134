"""A server whose disk is nearly full: the boards and Start say so in words, and taps are saved all the same."""

from playwright.sync_api import expect

from tests.conftest import Tablets
from tests.helpers.app import App
from tests.helpers.recovery_tablet import board_of

COMPRESSING = ((8, "injection_completed"), (6, "needle_removed"), (5, "compression_started"))
WORDS = "Server’s disk is nearly full"


def test_bedside_recovery_room_and_start_say_that_the_servers_disk_is_nearly_full(mortal_app: App, tablets: Tablets):
    board, _ = board_of(mortal_app, tablets, "P-901", *COMPRESSING)
    bedside, room, start = (tablets(mortal_app, f"tablet000{n}") for n in (2, 3, 4))
    bedside.bedside(mortal_app.begin("P-902", "tablet0002"))
    room.page.goto(f"{mortal_app.url}/room?s={bedside.session}")
    bedside.reads_saved()
    expect(room.page.get_by_text("Live", exact=True)).to_be_visible()
    for page in (bedside.page, board.page, room.page):
        expect(page.get_by_text(WORDS)).to_have_count(0)

    (mortal_app.folder / "reserve").unlink()  # as the store does when a write finds the disk full
    for page in (bedside.page, board.page, room.page):
        expect(page.get_by_role("status").filter(has_text=WORDS)).to_be_in_viewport(ratio=1)
    start.start()
    expect(start.page.get_by_text("disk is nearly full: taps are still saved")).to_be_visible()
    bedside.mark("Start preprocedure scan")
    expect(bedside.page.get_by_text("Saved · Server’s disk is nearly full")).to_be_visible()
    assert [event["data"].get("mark") for event in mortal_app.export(bedside.session)["events"]] == [
        None,
        "scan_started",
    ]

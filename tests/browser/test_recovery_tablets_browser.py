"""Several tablets at the recovery board, and the bedside's: what one enters the others show, and nothing is lost."""

import re

from playwright.sync_api import expect

from tests.conftest import Tablets
from tests.helpers.app import App
from tests.helpers.full_ward import COMPRESSING, NEEDLE_OUT, SUPINE
from tests.helpers.past import happened_in
from tests.helpers.recovery_tablet import BEDSIDE, BOTH, Board, board_of, contents
from tests.helpers.tables import LUMBAR_TEXT

# Two marks of two tablets, each made by a finger, are always further apart than this.
SOON = re.sub(r"(?m)^two_devices_s = \S+", "two_devices_s = 0.01", LUMBAR_TEXT)


def test_another_tablet_shows_within_seconds_what_this_one_entered_and_neither_is_a_former_recorder(
    app: App, tablets: Tablets
):
    first, session = board_of(app, tablets, "P-two", *COMPRESSING)
    second = Board(tablets(app, "secondward"), "XY")
    second.show()
    first.touch(first.act("P-two", BOTH))
    expect(second.card("P-two")).to_contain_text("Supine")
    second.open("P-two")
    second.touch(second.within("Headache"))
    expect(first.card("P-two")).to_contain_text("Headache")
    first.open("P-two")
    first.touch(first.within("Lumbar pain"))
    first.reads_saved()
    record = app.export(session)
    assert [event["device"] for event in record["events"] if event["kind"] == "takeover"] == [
        "wardtablet",
        "secondward",
        "wardtablet",
    ]
    assert record["summary"]["to_review"] == []


def test_a_patient_comes_on_to_the_board_while_it_is_shown(app: App, tablets: Tablets):
    board, _ = board_of(app, tablets, "P-there", *NEEDLE_OUT)
    happened_in(app.folder, *NEEDLE_OUT, device=BEDSIDE, patient="P-written")  # by another process: no one tells of it
    bedside = tablets(app, BEDSIDE)
    bedside.bedside(happened_in(app.folder, *NEEDLE_OUT[:-1], device=BEDSIDE, patient="P-comes"))
    expect(board.card("P-comes")).to_have_count(0)
    bedside.mark("Needle out")
    expect(board.card("P-comes")).to_contain_text("The needle is out")
    expect(board.card("P-written")).to_be_visible()


def test_two_discharges_from_two_tablets_without_network_are_both_kept_and_the_second_is_listed(
    app: App, tablets: Tablets
):
    past = (*SUPINE, (20, "supine_ended"))
    first, session = board_of(app, tablets, "P-twice", *past, text=SOON)
    second = Board(tablets(app, "secondward"), "XY")
    second.show()
    second.page.context.set_offline(True)
    first.hold(first.act("P-twice", "Discharge"))
    second.hold(second.act("P-twice", "Discharge"))
    second.page.context.set_offline(False)
    second.reads_saved()
    expect(second.card("P-twice")).to_contain_text("Kept, to review: Discharge")
    first.reads_saved()
    expect(first.card("P-twice")).to_contain_text("to review")
    record = app.export(session)
    assert [content["mark"] for content in contents(record, "mark")].count("discharged") == 2
    assert "out_of_order" in [review["kind"] for review in record["summary"]["to_review"]]

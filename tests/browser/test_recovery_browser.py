"""The recovery board by touch on the real app: from the needle out to the door."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from core.records import sessions
from core.store import Store
from tests.conftest import Tablets
from tests.helpers.app import App
from tests.helpers.full_ward import COMPRESSING, CT, NEEDLE_OUT, SUPINE, later
from tests.helpers.past import happened_in
from tests.helpers.recovery_tablet import BEDSIDE, BOTH, Board, board_of, contents, stamped


@pytest.mark.parametrize(("width", "height"), [(1180, 820), (820, 1180), (390, 844)])
def test_a_patient_goes_from_compression_to_the_door_by_touch_and_the_record_says_who_and_when(
    app: App, tablets: Tablets, width: int, height: int
):
    patient = f"P-flow-{width}"
    board, session = board_of(app, tablets, patient, *COMPRESSING, width=width, height=height)
    card = board.card(patient)
    expect(card).to_contain_text("20 min reached 3 min ago")
    expect(card).to_contain_text(re.compile(r"\+0[34]:\d\d"))
    ended = board.touch(board.act(patient, BOTH))
    expect(card).to_contain_text("Supine")
    expect(card).to_contain_text(re.compile(r"3:59:\d\d\s*until \d\d:\d\d"))

    board.open(patient)
    board.touch(board.within("Headache"))
    board.touch(board.within("Mild"))
    board.touch(board.sheet.get_by_role("checkbox", name="Leg movement and sensation checked"))
    board.touch(board.within("Bed"))
    board.write("Bed", "4")
    board.close()
    expect(card).to_contain_text(re.compile(r"dose 1 · bed 4"))
    expect(card).to_contain_text(re.compile(r"Headache \d\d:\d\d Mild"))

    board.settles()
    board.end_early(patient, "End supine")
    board.touch(board.act(patient, "Patient's wish"))
    board.settles()
    expect(card).to_contain_text("Done")
    board.hold(board.act(patient, "Discharge"))
    board.touch(board.act(patient, "WN"))
    expect(card).to_contain_text("Discharged")
    board.reads_saved()

    record = app.export(session)
    marks = contents(record, "mark")
    assert [entry["mark"] for entry in marks[-4:]] == [
        "compression_ended",
        "supine_started",
        "supine_ended",
        "discharged",
    ]
    stamped(record, "compression_ended", ended)
    stamped(record, "supine_started", ended)
    assert contents(record, "complication") == [{"complication": "headache"}]
    assert [content["set"] for content in contents(record, "detail")] == [{"severity": "mild"}, {"discharged_by": "WN"}]
    assert contents(record, "value") == [{"value": "bed", "is": "4"}]
    assert [content["reason"] for content in contents(record, "answer")] == ["Patient's wish"]
    assert {event["by"] for event in record["events"] if event["device"] == "wardtablet"} == {"WN"}
    assert [prompt["kind"] for prompt in record["summary"]["prompts"]] == ["supine_short"]
    assert {review["kind"] for review in record["summary"]["to_review"]} <= {"missing", "missing_evidence"}


def test_compression_ended_early_is_stamped_as_the_finger_lands_and_asks_for_a_reason_until_it_has_one(
    app: App, tablets: Tablets
):
    past = (*later(NEEDLE_OUT, 305), (8, "compression_started"))
    board, session = board_of(app, tablets, "P-early", *past)
    board.act("P-early", "End compression early, start supine").tap()
    expect(board.card("P-early")).to_contain_text("Compression")  # a tap only says that it is held
    landed = board.end_early("P-early", BOTH)
    why = "Compression ended before 20 min. Why?"
    expect(board.card("P-early")).to_contain_text(why)
    board.reads_saved()
    stamped(app.export(session), "compression_ended", landed)

    board.reload()
    other = Board(tablets(app, "othertablet"), "XY")
    other.show()
    expect(board.card("P-early")).to_contain_text(why)
    other.type(other.card("P-early").get_by_role("textbox"), "Child would not lie still")
    other.touch(other.act("P-early", "Record"))
    expect(board.card("P-early").get_by_text(why)).to_have_count(0)
    record = app.export(session)
    assert contents(record, "answer")[0]["reason"] == "Child would not lie still"
    assert record["summary"]["compression_time_s"] in range(470, 490)
    assert [prompt["kind"] for prompt in record["summary"]["prompts"]] == ["compression_short"]


def test_bleeding_restarts_compression_while_supine_runs_on_and_its_end_goes_back_to_supine(app: App, tablets: Tablets):
    board, session = board_of(app, tablets, "P-bleeds", *later(SUPINE, 200))
    board.open("P-bleeds")
    board.touch(board.within("Bleeding at the site"))
    board.touch(board.within("Start compression"))
    board.close()
    card = board.card("P-bleeds")
    expect(card).to_contain_text("again, 23 min in all · Supine 1 h 30 min of 4 h")
    expect(card).to_contain_text(re.compile(r"00:\d\d\s*since \d\d:\d\d"))
    expect(card.get_by_role("button", name="Seen")).to_have_count(0)  # its 20 min were reached before: nothing rings
    board.touch(board.act("P-bleeds", "End compression"))  # 23 min were made up before
    expect(board.act("P-bleeds", "End supine early")).to_be_visible()
    board.reads_saved()
    record = app.export(session)
    marks = [content["mark"] for content in contents(record, "mark")]
    assert marks[-4:] == ["compression_ended", "supine_started", "compression_started", "compression_ended"]
    assert record["summary"]["to_review"] == []


def test_supine_that_was_interrupted_is_ended_with_its_reason_and_started_again(app: App, tablets: Tablets):
    board, session = board_of(app, tablets, "P-up", *later(SUPINE, 200))
    board.end_early("P-up", "End supine")
    board.touch(board.act("P-up", "Moved for another reason"))
    board.settles()
    board.open("P-up")
    board.touch(board.within("Start supine"))
    board.close()
    expect(board.card("P-up")).to_contain_text("1 h 30 min of 4 h")
    board.reads_saved()
    marks = [content["mark"] for content in contents(app.export(session), "mark")]
    assert marks[-3:] == ["supine_started", "supine_ended", "supine_started"]


def test_what_was_entered_last_is_undone_both_marks_of_one_tap_at_once(app: App, tablets: Tablets):
    board, session = board_of(app, tablets, "P-undo", *COMPRESSING)
    board.touch(board.act("P-undo", BOTH))
    expect(board.card("P-undo")).to_contain_text("Supine")
    board.settles()
    board.open("P-undo")
    board.touch(board.within("Undo end compression, start supine"))
    expect(board.card("P-undo")).to_contain_text("20 min reached")
    board.reads_saved()
    assert len(contents(app.export(session), "undo")) == 2


def test_an_end_that_was_forgotten_is_entered_at_its_own_time(app: App, tablets: Tablets):
    board, session = board_of(app, tablets, "P-late", *COMPRESSING)
    board.open("P-late")
    expect(board.sheet.get_by_role("button", name="End compression only this", exact=True)).to_be_visible()
    board.touch(board.within("Late…"))
    expect(board.sheet).to_contain_text("P-late")
    board.touch(board.within("−2 min"))
    before, _ = board.touch(board.within(BOTH))
    board.reads_saved()
    record = app.export(session)
    end = next(event for event in record["events"] if event["data"].get("mark") == "compression_ended")
    assert before - 121_000 < end["at"] < end["tapped"] - 119_000


def test_an_end_entered_before_its_start_is_kept_and_said_at_once_to_be_reviewed(app: App, tablets: Tablets):
    board, _ = board_of(app, tablets, "P-before", *COMPRESSING)
    board.open("P-before")
    board.touch(board.within("Late…"))
    before = datetime.fromtimestamp(clock.now_ms() / 1000) - timedelta(hours=1)
    board.type(board.sheet.get_by_role("textbox"), f"{before:%H:%M}")
    board.touch(board.sheet.get_by_role("button", name=re.compile("^(At this time|Yesterday)")))
    board.touch(board.within("End compression only this"))
    sentence = re.compile(r"Kept, to review: End compression at \d\d:\d\d:\d\d was not expected")
    expect(board.sheet).to_contain_text(sentence)
    expect(board.card("P-before")).to_contain_text(sentence)
    board.close()
    expect(board.card("P-before")).not_to_contain_text("Kept, to review")
    expect(board.card("P-before")).to_contain_text("1 to review")


# Where the card stands in the frame in which the question appears; later the list may put it where it belongs.
NOTES_PLACE = """
(card) => {
  const root = card.getRootNode();
  window.placed = new Promise((resolve) => {
    const look = () => root.textContent.includes("Who records on this tablet?")
      ? resolve(card.getBoundingClientRect().y)
      : requestAnimationFrame(look);
    look();
  });
}
"""


def test_the_first_entry_by_nobody_is_kept_and_asks_once_who_records_without_moving_a_card(app: App, tablets: Tablets):
    board, session = board_of(app, tablets, "P-nobody", *COMPRESSING, by="")
    asked = board.page.get_by_role("group", name="Who records on this tablet?")
    expect(asked).to_have_count(0)
    board.act("P-nobody", BOTH).scroll_into_view_if_needed()  # a touch would, and that is no move of the card
    before = board.card("P-nobody").evaluate("(card) => card.getBoundingClientRect().y")
    board.card("P-nobody").evaluate(NOTES_PLACE)
    board.touch(board.act("P-nobody", BOTH))
    expect(board.card("P-nobody")).to_contain_text("Supine")
    expect(asked).to_be_visible()
    assert board.page.evaluate("window.placed") == before
    expect(board.button("Who?")).to_have_class(re.compile("amber"))
    board.open("P-nobody")
    board.type(asked.get_by_role("textbox"), "LK")
    board.page.keyboard.press("Enter")
    expect(asked).to_have_count(0)
    expect(board.button("Who: LK")).to_be_visible()
    expect(board.sheet).to_contain_text("P-nobody")
    board.touch(board.within("Headache"))
    board.reads_saved()
    record = app.export(session)
    ours = [(event["kind"], event["by"]) for event in record["events"] if event["device"] == "wardtablet"]
    assert ours == [("takeover", ""), ("mark", ""), ("mark", ""), ("takeover", "LK"), ("complication", "LK")]
    assert record["summary"]["to_review"] == []


def test_a_discharge_by_mistake_is_undone_within_the_hour(app: App, tablets: Tablets):
    board, _ = board_of(app, tablets, "P-back", *SUPINE, (20, "supine_ended"), (5, "discharged"))
    expect(board.card("P-back")).to_contain_text("Discharged")
    board.act("P-back", "Undo discharge").tap()
    expect(board.card("P-back")).to_contain_text("Discharged")  # a tap only says that it is held
    board.touch(board.act("P-back", "Undo discharge"))
    expect(board.card("P-back")).to_contain_text("Done")
    expect(board.act("P-back", "Discharge")).to_be_visible()


def test_a_call_and_what_it_found_are_not_undone_from_the_ward(app: App, tablets: Tablets):
    past = (*SUPINE, (20, "supine_ended"), (5, "discharged"))
    board, session = board_of(app, tablets, "P-called", *past)
    symptom = {"complication": "headache", "severity": "mild"}
    call = [("complication", symptom, None), ("mark", {"mark": "call_made", "which_call": "call_72h"}, None)]
    sessions.add(Store(app.folder), session, call, "officetablet", "CN", once="20261127-afilledform")
    board.reload()
    acting = board.card("P-called").get_by_role("button", name=re.compile("^Undo"))
    expect(acting).to_have_text(re.compile("^Undo discharge"))
    board.touch(acting)
    expect(board.card("P-called")).to_contain_text("Done")
    board.reads_saved()
    record = app.export(session)
    assert [event["data"]["of"] for event in record["events"] if event["kind"] == "undo"] == [f"{session}e{len(past)}"]


def test_a_dose_given_under_ct_is_followed_the_same_way(app: App, tablets: Tablets):
    board, session = board_of(app, tablets, "P-CT", *CT)
    expect(board.card("P-CT")).to_contain_text("Dose given under CT")
    board.touch(board.act("P-CT", "Start compression"))
    expect(board.card("P-CT")).to_contain_text(re.compile(r"19:\d\d\s*until"))
    board.reads_saved()
    assert contents(app.export(session), "mark")[-1] == {"mark": "compression_started"}


def test_a_red_flag_says_at_once_what_to_do(app: App, tablets: Tablets):
    board, _ = board_of(app, tablets, "P-flag", *later(SUPINE, 200))
    board.open("P-flag")
    board.touch(board.within("Leg weakness"))
    expect(board.sheet).to_contain_text("Red flag: leg weakness. Tell the doctor on duty now")


def test_a_link_to_one_patient_opens_that_patients_sheet_once(app: App, tablets: Tablets):
    session = happened_in(app.folder, *later(SUPINE, 200), device=BEDSIDE, patient="P-link")
    board = Board(tablets(app, "phone00001", width=390, height=844), "WN")
    board.page.goto(f"{app.url}/recovery?s={session}")
    board.ready()
    expect(board.sheet).to_contain_text("P-link")
    board.close()
    board.settles()
    expect(board.sheet).to_have_count(0)

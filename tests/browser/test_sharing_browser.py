"""Several tablets on one procedure, coming back to it, and correcting it, by touch on the real app."""

import re

import pytest
from playwright.sync_api import expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.tables import LUMBAR
from tests.helpers.tablet import Tablet, middle

FIRST, SECOND = "firsttablet", "secondtablet"


@pytest.fixture
def needle_in(app: App, tablets: Tablets, request: pytest.FixtureRequest) -> Tablet:
    """A tablet that records a procedure with the needle in at L2–L3, everything saved."""
    tablet = tablets(app, FIRST)
    tablet.bedside(app.begin(f"P-{abs(hash(request.node.name)) % 10**9}", FIRST))
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    tablet.mark("Start preprocedure scan")
    tablet.mark("Skin puncture")
    tablet.reads_saved()
    return tablet


def test_a_second_tablet_watches_the_first_takes_over_with_one_tap_and_the_first_then_watches(
    app: App, tablets: Tablets, needle_in: Tablet
):
    first, second = needle_in, tablets(app, SECOND)
    second.bedside(first.session)
    expect(second.page.get_by_text("Watching.")).to_be_visible()
    expect(second.button("Withdrawn, no CSF")).to_have_count(0)
    first.mark("Withdrawn, no CSF")
    expect(second.last.get_by_text("Withdrawn, no CSF", exact=True)).to_be_visible()

    second.touch(second.button("Record on this tablet"))
    second.mark("Lidocaine given")
    expect(first.last.get_by_text("Lidocaine given", exact=True)).to_be_visible()
    expect(first.page.get_by_text("Watching.")).to_be_visible()
    expect(first.button("Skin puncture")).to_have_count(0)
    second.reads_saved()
    record = app.export(first.session)
    assert [event["device"] for event in record["events"] if event["kind"] in ("mark", "takeover")] == [
        FIRST,
        FIRST,
        FIRST,
        SECOND,
        SECOND,
    ]
    assert record["summary"]["to_review"] == []


def test_taps_that_come_back_from_a_tablet_which_had_handed_over_are_kept_and_listed(
    app: App, tablets: Tablets, needle_in: Tablet
):
    first, second = needle_in, tablets(app, SECOND)
    second.bedside(first.session)
    first.page.context.set_offline(True)
    second.touch(second.button("Record on this tablet"))
    expect(second.button("CSF outflow")).to_be_visible()
    second.reads_saved()
    first.mark("Withdrawn, no CSF")
    first.page.context.set_offline(False)
    expect(first.page.get_by_text("Watching.")).to_be_visible()
    first.reads_saved()
    figures = app.export(first.session)["summary"]
    assert [review["kind"] for review in figures["to_review"]] == ["former_recorder"]
    expect(second.button("1 to review")).to_be_visible()


def test_undo_names_what_it_undoes_and_the_screen_goes_back_and_restore_brings_it_again(app: App, needle_in: Tablet):
    tablet = needle_in
    tablet.touch(tablet.button("Undo skin puncture"))
    expect(tablet.last.get_by_text("Start preprocedure scan", exact=True)).to_be_visible()
    expect(tablet.button("Skin puncture")).to_be_visible()
    expect(tablet.button("CSF outflow")).to_have_count(0)
    tablet.reads_saved()
    assert app.export(tablet.session)["summary"]["insertions"] == 0

    tablet.touch(tablet.button("Log"))
    undone = tablet.place("Panel").get_by_role("listitem").filter(has_text="Skin puncture")
    expect(undone).to_contain_text("undone")
    tablet.touch(undone.get_by_role("button", name="Restore"))
    expect(tablet.last.get_by_text("Skin puncture", exact=True)).to_be_visible()
    tablet.reads_saved()
    assert app.export(tablet.session)["summary"]["insertions"] == 1


def test_a_late_entry_is_recorded_two_minutes_before_the_touch_and_says_so(app: App, needle_in: Tablet):
    tablet = needle_in
    tablet.touch(tablet.button("Undo skin puncture"))
    tablet.breathe()
    tablet.touch(tablet.button("Undo start preprocedure scan"))
    expect(tablet.button("Start preprocedure scan")).to_be_visible()
    tablet.touch(tablet.button("Late…"))
    before, _ = tablet.touch(tablet.place("Panel").get_by_role("button", name="−2 min"))
    expect(tablet.button("Start preprocedure scan")).to_contain_text(re.compile(r"at \d\d:\d\d:\d\d"))
    _, after = tablet.mark("Start preprocedure scan")
    tablet.reads_saved()
    entry = app.export(tablet.session)["events"][-1]
    assert entry["data"] == {"mark": "scan_started"}
    assert before - 121_000 < entry["at"] < after - 119_000
    assert before - 1000 < entry["tapped"] < after + 1000
    tablet.touch(tablet.button("Log"))
    expect(tablet.place("Panel").get_by_role("listitem").filter(has_text="late, entered")).to_have_count(1)


def test_the_last_mark_can_be_moved_two_minutes_back(app: App, needle_in: Tablet):
    tablet = needle_in
    tablet.touch(tablet.button("Late…"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="For: Skin puncture"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="−2 min"))
    expect(tablet.place("Panel")).to_have_count(0)
    tablet.reads_saved()
    *_, puncture, amendment = app.export(tablet.session)["events"]
    assert amendment["kind"] == "amend"
    assert amendment["data"]["set"] == {"at": puncture["at"] - 120_000}
    assert amendment["data"]["reason"]


def test_a_note_and_a_complication_with_words_are_in_the_record_as_they_were_typed(app: App, needle_in: Tablet):
    tablet, words = needle_in, "left leg <b>only</b> & brief"
    tablet.touch(tablet.button("Note"))
    tablet.write("Write what should be in the record", words)
    expect(tablet.place("Panel")).to_have_count(0)
    tablet.touch(tablet.button("Complication"))
    tablet.type(tablet.place("Panel").get_by_role("textbox"), "for a minute")
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Leg numbness or paraesthesia"))
    expect(tablet.place("Panel")).to_have_count(0)
    tablet.reads_saved()
    note, complication = app.export(tablet.session)["events"][-2:]
    assert (note["kind"], note["data"]) == ("note", {"text": words})
    assert complication["data"] == {"complication": "leg_numbness", "text": "for a minute"}
    tablet.touch(tablet.button("Log"))
    expect(tablet.place("Panel").get_by_text(words)).to_be_visible()


def test_a_patient_who_wishes_to_stop_raises_ct_guidance_until_it_is_passed_with_a_reason(app: App, needle_in: Tablet):
    tablet = needle_in
    tablet.mark("Patient wishes to stop")
    expect(tablet.banner).to_contain_text("Stop here and use CT guidance.")
    tablet.reads_saved()
    tablet.reload()
    expect(tablet.banner).to_contain_text("Stop here and use CT guidance.")
    tablet.touch(tablet.banner.get_by_role("button", name="Go on without CT…"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Patient agrees to one more try"))
    expect(tablet.banner).to_be_empty()
    tablet.reads_saved()
    record = app.export(tablet.session)
    assert record["events"][-1]["data"]["reason"] == "Patient agrees to one more try"
    assert [prompt["kind"] for prompt in record["summary"]["prompts"]] == ["ct_guidance"]
    assert record["summary"]["outcome"] == "stopped"
    tablet.reload()
    expect(tablet.banner).to_be_empty()


def test_acting_on_the_ct_prompt_switches_to_ct_and_asks_for_the_dose_under_ct(app: App, needle_in: Tablet):
    tablet = needle_in
    tablet.mark("Patient wishes to stop")
    tablet.touch(tablet.banner.get_by_role("button", name="Switch to CT guidance"))
    expect(tablet.banner).to_be_empty()
    expect(tablet.button("Dose given under CT")).to_be_visible()
    tablet.reads_saved()
    assert app.export(tablet.session)["summary"]["outcome"] == "ct_guidance"


def test_start_shows_the_procedure_and_resume_a_reload_and_a_page_switch_come_back_to_the_same_place(
    app: App, needle_in: Tablet
):
    tablet, session = needle_in, needle_in.session
    patient = app.export(session)["patient"]
    tablet.touch(tablet.page.get_by_role("link", name="Back to Start"))
    tablet.touch(tablet.page.get_by_role("link", name=f"Resume {patient}"))
    for come_back in (tablet.ready, tablet.reload, lambda: tablet.bedside(session)):
        come_back()
        assert tablet.session == session
        expect(tablet.last.get_by_text("Skin puncture", exact=True)).to_be_visible()
        expect(tablet.button("CSF outflow")).to_be_visible()
        expect(tablet.place("Insertion")).to_be_visible()


def test_a_quick_burst_of_ten_different_taps_loses_none(app: App, tablets: Tablets):
    tablet = tablets(app, FIRST)
    tablet.bedside(app.begin("P-burst", FIRST))
    tablet.look_at("Scan")
    spaces = [option.label for option in LUMBAR.options("interspace")]
    approaches = [option.label for option in LUMBAR.options("approach")]
    targets = [tablet.button(label) for label in (*spaces, *approaches, "Drug drawn up", "Start preprocedure scan")]
    assert len(targets) == 10
    for target in targets:
        expect(target).to_be_in_viewport()
    for x, y in [middle(target) for target in targets]:
        tablet.page.touchscreen.tap(x, y)
    expect(tablet.last.get_by_text("Start preprocedure scan", exact=True)).to_be_visible()
    tablet.reads_saved()
    chosen = [option.id for key in ("interspace", "approach") for option in LUMBAR.options(key)]
    entries = [_what(event) for event in app.export(tablet.session)["events"][1:]]
    assert entries == [*chosen, "drug_drawn", "scan_started"]


def test_a_double_tap_on_one_mark_counts_once_and_enters_nothing_else(app: App, tablets: Tablets):
    tablet = tablets(app, FIRST)
    tablet.bedside(app.begin("P-double", FIRST))
    tablet.touch_twice(tablet.button("Drug drawn up"))  # stays where it is
    expect(tablet.last.get_by_text("Drug drawn up", exact=True)).to_be_visible()
    tablet.touch_twice(tablet.button("Start preprocedure scan"))  # another mark takes its place under the finger
    expect(tablet.clocks).to_contain_text(re.compile(r"Operation time\s*00:0"))
    tablet.touch(tablet.button("Note"))
    tablet.write("Write what should be in the record", "after both")
    expect(tablet.place("Panel")).to_have_count(0)
    tablet.reads_saved()
    events = app.export(tablet.session)["events"]
    assert [_what(event) for event in events[1:]] == ["drug_drawn", "scan_started", "after both"]


def _what(event: Json) -> str:
    return str(next(event["data"][key] for key in ("mark", "is", "text") if key in event["data"]))

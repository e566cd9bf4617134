"""Case 6's first dose to the start of compression on one tablet without network, against the same taps with network.

Without network: the server killed, or the browser cut off. What comes back must be the same record, each entry once.
"""

import copy
import re
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.app import App, Json
from tests.conftest import Tablets
from tests.tables import LUMBAR
from tests.tablet import Tablet
from tests.test_bedside_browser import SLACK_MS, Diary, at, times

LATE_MS = 2 * 60_000


@pytest.fixture(scope="module")
def online(app: App, browser: Browser) -> Iterator[Json]:
    """The record of the same taps, made with the network on."""
    context = browser.new_context(has_touch=True, viewport={"width": 1180, "height": 820}, reduced_motion="reduce")
    context.add_cookies([{"name": "interspace_device", "value": "tablet0001", "url": app.url}])
    diary = Diary(Tablet(app, context.new_page()))
    diary.tablet.bedside(app.begin("P-006-online"))
    until_l2_l3_has_failed(diary)
    until_compression(diary)
    diary.tablet.reads_saved()
    yield app.export(diary.tablet.session)
    context.close()


@pytest.mark.parametrize("cut", ["the server is killed", "the tablet has no network"])
def test_case_6_first_dose_without_network_from_before_the_first_puncture_is_the_record_made_with_network(
    mortal_app: App, tablets: Tablets, online: Json, cut: str
):
    tablet = tablets(mortal_app)
    tablet.bedside(mortal_app.begin("P-006"))
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    killed = cut == "the server is killed"
    cut_off = mortal_app.kill if killed else lambda: tablet.page.context.set_offline(True)
    come_back = mortal_app.start if killed else lambda: tablet.page.context.set_offline(False)

    cut_off()
    diary = Diary(tablet)
    until_l2_l3_has_failed(diary)
    before = what_the_board_says(tablet)
    tablet.reload()
    assert what_the_board_says(tablet) == before
    until_compression(diary)
    tablet.reads_not_saved(len(diary.pages))
    come_back()
    tablet.reads_saved()

    record = mortal_app.export(tablet.session)
    stamped_as_tapped(diary, record["events"])
    assert told(record) == told(online)
    figures = record["summary"]
    assert untimed(figures) == untimed(online["summary"])
    assert (figures["insertions"], figures["to_review"]) == (8, [])
    assert [one["kind"] for one in figures["prompts"]] == ["change_interspace"] * 2 + ["injection_fast"]
    for clock in ("operation", "puncture", "injection"):
        table = next(one for one in LUMBAR.clock if one.id == clock)
        end = max(event["at"] for event in record["events"] if event["data"].get("mark") == table.to)  # one was undone
        assert figures[f"{clock}_time_s"] == (end - at(record, table.from_)) // 1000


def test_nine_failures_without_network_ask_for_ct_guidance(app: App, tablets: Tablets):
    tablet = tablets(app)
    tablet.bedside(app.begin("P-nine"))
    tablet.page.context.set_offline(True)
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    tablet.mark("Start preprocedure scan")
    diary = Diary(tablet)
    fail_three_times(diary, "L2–L3")
    diary.change_interspace("L2–L3", "L1–L2, L3–L4, L4–L5, L5–S1", to="L3–L4")
    fail_three_times(diary, "L3–L4")
    diary.change_interspace("L3–L4", "L1–L2, L4–L5, L5–S1", to="L4–L5")
    fail_three_times(diary, "L4–L5")
    expect(tablet.banner).to_contain_text("Stop here and use CT guidance.")
    tablet.page.context.set_offline(False)
    tablet.reads_saved()
    expect(tablet.banner).to_contain_text("Stop here and use CT guidance.")
    figures = app.export(tablet.session)["summary"]
    assert [one["kind"] for one in figures["prompts"]] == ["change_interspace"] * 2 + ["ct_guidance"]


def test_over_plain_http_bedside_says_that_a_reload_needs_the_server_and_that_the_tablet_may_sleep(
    app: App, tablets: Tablets
):
    by_name = copy.copy(app)
    by_name.url = f"http://{own_address()}:{app.url.rpartition(':')[2]}"
    tablet = tablets(by_name)
    tablet.bedside(app.begin("P-http"))
    assert tablet.page.evaluate("isSecureContext") is False
    expect(tablet.page.get_by_text("A reload needs the server")).to_be_visible()
    expect(tablet.page.get_by_text("this tablet may sleep")).to_be_visible()
    tablet.mark("Start preprocedure scan")
    tablet.reads_saved()


def test_taking_over_from_a_tablet_without_network_never_waits_and_what_both_tapped_counts_once(
    app: App, tablets: Tablets
):
    first, second = tablets(app, "firsttablet"), tablets(app, "secondtablet")
    first.bedside(app.begin("P-both", "firsttablet"))
    first.look_at("Scan")
    first.pick("L2–L3")
    first.mark("Start preprocedure scan")
    first.reads_saved()
    second.bedside(first.session)
    first.page.context.set_offline(True)
    second.touch(second.button("Record on this tablet"))
    second.mark("Skin puncture")
    first.mark("Skin puncture")
    second.reads_saved()
    first.reads_not_saved(1)
    first.page.context.set_offline(False)
    first.reads_saved()

    expect(first.page.get_by_text("Watching.")).to_be_visible()
    expect(second.button("2 to review")).to_be_visible()
    second.touch(second.button("2 to review"))
    expect(second.place("Panel")).to_contain_text("comes from a tablet that had handed over recording.")
    expect(second.place("Panel")).to_contain_text("came from two tablets and counts once until reviewed.")
    record = app.export(first.session)
    assert sorted(one["kind"] for one in record["summary"]["to_review"]) == ["double", "former_recorder"]
    assert record["summary"]["insertions_by_interspace"] == {"L2-L3": 1}
    punctures = [event["device"] for event in record["events"] if event["data"].get("mark") == "skin_puncture"]
    assert punctures == ["secondtablet", "firsttablet"]


# ------------------------------------------------------------------------------------------------------------- the case
def until_l2_l3_has_failed(diary: Diary) -> None:
    tablet = diary.tablet
    tablet.touch(tablet.button("Weight"))
    diary.wrote("value", tablet.write("Weight, kg", "21.5"), value="weight_kg", **{"is": 21.5})
    tablet.look_at("Position")
    diary.tick("positioning")
    tablet.look_at("Scan")
    diary.pick("L2–L3", "interspace", "L2-L3")
    diary.pick("Parasagittal oblique", "approach", "parasagittal oblique")
    diary.mark("Start preprocedure scan")
    diary.mark("Lidocaine given")
    diary.record_amount("Lidocaine 2 %", "lidocaine_ml", usual="3", more=1, amount=3.5)
    tablet.touch(tablet.button("Late…"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="−2 min"))
    diary.wrote("mark", tablet.touch(tablet.button("Drug drawn up")), mark="drug_drawn")
    tablet.touch(tablet.button("Note"))
    diary.wrote("note", tablet.write("Write what should be in the record", "scoliosis & <rods>"), text="scoliosis & <rods>")
    diary.puncture("L2–L3")
    expect(tablet.clocks).to_contain_text(re.compile(r"Puncture time\s*00:\d\d"))
    diary.mark("CSF outflow")
    diary.wrote("undo", tablet.touch(tablet.button("Undo CSF outflow")), of="csf_outflow")
    diary.mark("Withdrawn, no CSF")
    fail_three_times(diary, "L2–L3", times=2)


def until_compression(diary: Diary) -> None:
    tablet = diary.tablet
    diary.change_interspace("L2–L3", "L1–L2, L3–L4, L4–L5, L5–S1", to="L3–L4")
    fail_three_times(diary, "L3–L4")
    diary.change_interspace("L3–L4", "L1–L2, L4–L5, L5–S1", to="L4–L5")
    diary.puncture("L4–L5")
    tablet.touch(tablet.button("Complication"))
    numb = tablet.place("Panel").get_by_role("button", name="Leg numbness or paraesthesia")
    diary.wrote("complication", tablet.touch(numb), complication="leg_numbness")
    diary.mark("Withdrawn, no CSF")
    diary.puncture("L4–L5")
    expect(tablet.clocks).to_contain_text(re.compile(r"Insertions · at L4–L5\s*8"))
    diary.mark("CSF outflow")
    diary.mark("CSF collected")
    diary.record_amount("CSF out", "csf_ml", usual="5", more=0, amount=5)
    diary.mark("Start injection")
    expect(tablet.page.get_by_role("img", name=re.compile("too fast to end.*1 min to 3 min allowed"))).to_be_visible()
    diary.mark("Injection complete")
    expect(tablet.banner).to_contain_text("The injection took less than 1 min.")
    acknowledged = tablet.touch(tablet.banner.get_by_role("button", name="Acknowledge"))
    diary.wrote("answer", acknowledged, prompt="injection_fast", of="injection_completed")
    diary.mark("Needle out")
    diary.mark("Start compression")
    expect(tablet.clocks).to_contain_text(re.compile(r"Compression of 20:00\s*00:\d\d"))


def fail_three_times(diary: Diary, place: str, times: int = 3) -> None:
    for _ in range(times):
        diary.puncture(place)
        diary.mark("Withdrawn, no CSF")


# ----------------------------------------------------------------------------------------------------------- comparisons
def what_the_board_says(tablet: Tablet) -> list[str]:
    """The board's parts as a screen reader tells them, moments of running clocks aside."""
    status = tablet.page.get_by_role("status").filter(has_text="not saved yet")
    parts = (tablet.banner, tablet.last, tablet.clocks, tablet.page.get_by_role("navigation"), status)
    said = [re.sub(r"\d+:\d\d\b", "m:ss", part.aria_snapshot()) for part in parts]
    return [*said, tablet.page.get_by_role("heading", level=1).inner_text()]


def told(record: Json) -> list[tuple[str, Json, int]]:
    """Each entry of a record: its kind, its content, and how many whole minutes late; in the order of the taps."""
    entries = sorted(record["events"], key=lambda one: (one["tapped"], one["seq"]))[1:]
    return [(one["kind"], content(one, entries), (one["tapped"] - one["at"]) // 60_000) for one in entries]


def content(event: Json, entries: list[Json]) -> Json:
    """What an entry says; the id of an entry that it refers to is read as that entry's mark."""
    found = dict(event["data"].get("set", event["data"]))
    if "of" in found:
        found["of"] = next(one["data"]["mark"] for one in entries if one["id"] == found["of"])
    return found


def stamped_as_tapped(diary: Diary, events: list[Json]) -> None:
    """Every touch once, in order, stamped when the finger landed; the late one two minutes before it."""
    opened, *entries = sorted(events, key=lambda one: (one["tapped"], one["seq"]))
    assert opened["kind"] == "opened"
    found = [(one["kind"], content(one, entries)) for one in entries]
    assert found == [(kind, data) for kind, data, _ in diary.pages]
    for event, (_, _, (before, after)) in zip(entries, diary.pages, strict=True):
        assert before - SLACK_MS < event["tapped"] < after + SLACK_MS, f"{event} is not from {before} to {after}"
        late = LATE_MS if event["data"].get("mark") == "drug_drawn" else 0
        assert abs(event["tapped"] - event["at"] - late) < SLACK_MS


def untimed(figures: Json) -> Json:
    """A summary without its moments and spans."""
    kinds = {key: [one["kind"] for one in figures[key]] for key in ("prompts", "to_review")}
    return {key: found for key, found in figures.items() if key not in times(figures)} | kinds


def own_address() -> str:
    """An address of this machine that is not its loopback: to a browser, plain http there is not a secure context."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
        except OSError:
            pytest.skip("this machine has no address but its loopback")
        return str(probe.getsockname()[0])

"""Case 6's first dose to the start of compression on one tablet without network, against the same taps with network.

Without network: the server killed, or the browser cut off. What comes back must be the same record, each entry once.
"""

import copy
import socket
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_bedside_browser import Diary, at
from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.case_six import (
    entries_of,
    fail_three_times,
    stamped_as_tapped,
    until_compression,
    until_l2_l3_has_failed,
    untimed,
    what_the_board_says,
)
from tests.helpers.tables import LUMBAR
from tests.helpers.tablet import Tablet


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
    assert entries_of(record) == entries_of(online)
    figures = record["summary"]
    assert untimed(figures) == untimed(online["summary"])
    assert (figures["insertions"], figures["to_review"]) == (8, [])
    assert [prompt["kind"] for prompt in figures["prompts"]] == ["change_interspace"] * 2 + ["injection_fast"]
    for clock in ("operation", "puncture", "injection"):
        table = next(table for table in LUMBAR.clock if table.id == clock)
        end = max(event["at"] for event in record["events"] if event["data"].get("mark") == table.to)  # one was undone
        assert figures[f"{clock}_time_s"] == end // 1000 - at(record, table.from_) // 1000


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
    assert [prompt["kind"] for prompt in figures["prompts"]] == ["change_interspace"] * 2 + ["ct_guidance"]


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
    assert sorted(review["kind"] for review in record["summary"]["to_review"]) == ["double", "former_recorder"]
    assert record["summary"]["insertions_by_interspace"] == {"L2-L3": 1}
    punctures = [event["device"] for event in record["events"] if event["data"].get("mark") == "skin_puncture"]
    assert punctures == ["secondtablet", "firsttablet"]


def own_address() -> str:
    """An address of this machine that is not its loopback: to a browser, plain http there is not a secure context."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be used
        except OSError:
            pytest.skip("this machine has no address but its loopback")
        return str(probe.getsockname()[0])

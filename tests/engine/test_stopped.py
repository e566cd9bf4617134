"""A procedure that is stopped: what its end answers, what Bedside then shows as next, as past, and as asked.

What the board works out is asked of its own modules in a browser page; no screen is drawn.
"""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page

from core.engine.session import open_prompts
from core.facts.story import story
from core.protocols.wording import plain
from tests.helpers.bare import bare_page
from tests.helpers.tables import LUMBAR, mark, session_of

PAGE = """<script type="module">
import { alarms } from "./model/alarms.js";
import { askedByPlan, lacking, modelOf, openMarks, tookPlace } from "./model/model.js";
window.told = (protocol, events) => {
  const m = modelOf(protocol, events);
  const punctures = m.entries.filter((line) => line.data.mark === "skin_puncture");
  return {
    lit: alarms(m, m.openedAt).map((alarm) => alarm.kind),
    near: openMarks(m).near.map((one) => one.id),
    rare: openMarks(m).rare.map((one) => one.id),
    happened: Object.keys(protocol.phase).filter((phase) => tookPlace(m, phase)),
    lacks: lacking(m).map(({ name, panel }) => [name, panel]),
    asked: punctures.some((line) => askedByPlan(m, line, protocol.group)),
  };
};
</script>"""

STOPPED = [
    mark(0, "scan_started"),
    mark(60, "skin_puncture", interspace="L3-L4"),
    mark(120, "withdrawn"),
    mark(180, "patient_stop"),
]
HOME = mark(900, "discharged", discharged_by="CK")


def test_a_discharge_answers_the_call_for_ct_and_the_record_does_not_say_that_it_was_acted_on() -> None:
    assert [prompt.kind for prompt in open_prompts(session_of(STOPPED))] == ["ct_guidance"]
    session = session_of([*STOPPED, HOME])
    assert open_prompts(session) == []
    assert [prompt.kind for prompt in session.walk.prompts] == ["ct_guidance"]
    assert session.walk.outcome == "stopped"
    assert ["Closed with the procedure" in one.content for one in story(session) if one.kind == "prompt"] == [True]


def test_the_switch_to_ct_is_told_as_acted_on_though_a_discharge_follows() -> None:
    session = session_of([*STOPPED, mark(240, "ct_guidance"), HOME])
    assert ["Acted on" in one.content for one in story(session) if one.kind == "prompt"] == [True]


def test_a_discharge_leaves_the_question_why_compression_was_short() -> None:
    compressed = [mark(240, "compression_started"), mark(300, "compression_ended")]
    session = session_of([*STOPPED, *compressed, HOME])
    assert [prompt.kind for prompt in open_prompts(session)] == ["compression_short"]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    yield from bare_page(browser, PAGE, "told")


def board(page: Page, events: list[dict[str, Any]], untold: str = "") -> dict[str, Any]:
    """What Bedside shows of a scenario; `untold`: a value that its marks do not carry after all."""
    log = [msgspec.to_builtins(line.event) for line in session_of(events).entries]
    for entry in log:
        entry["data"].pop(untold, None)
    shown: dict[str, Any] = page.evaluate(
        "([protocol, log]) => window.told(JSON.parse(protocol), JSON.parse(log))",
        [json.dumps(plain(LUMBAR)), json.dumps(log)],
    )
    return shown


def test_after_the_end_no_call_for_ct_is_lit_and_a_question_why_is(page: Page) -> None:
    assert board(page, STOPPED)["lit"] == ["ct_guidance"]
    assert board(page, [*STOPPED, HOME])["lit"] == []
    compressed = [mark(240, "compression_started"), mark(300, "compression_ended")]
    assert board(page, [*STOPPED, *compressed, HOME])["lit"] == ["compression_short"]


def test_a_stop_told_after_the_discharge_and_a_record_opened_by_mistake_light_nothing(page: Page) -> None:
    stop = mark(960, "patient_stop")
    assert board(page, [*STOPPED[:3], HOME, stop])["lit"] == []
    assert board(page, [*STOPPED, mark(240, "voided")])["lit"] == []


def test_after_a_stop_with_no_needle_in_what_follows_is_large_and_going_on_is_possible(page: Page) -> None:
    assert board(page, STOPPED[:3])["near"] == ["skin_puncture", "interspace_changed", "lidocaine_given"]
    shown = board(page, STOPPED)
    assert shown["near"] == ["compression_started", "ct_guidance", "discharged", "skin_puncture"]
    assert shown["rare"] == ["interspace_changed", "lidocaine_given", "drug_drawn"]
    before_the_skin = board(page, [STOPPED[0], STOPPED[3]])
    assert before_the_skin["near"] == ["ct_guidance", "discharged", "skin_puncture"]


def test_under_ct_taking_the_needle_out_is_large_only_while_it_is_in(page: Page) -> None:
    out = ["needle_removed", "withdrawn"]
    switched = board(page, [*STOPPED, mark(240, "ct_guidance")])
    assert (set(out) & set(switched["near"]), set(out) <= set(switched["rare"])) == (set(), True)
    within = [*STOPPED[:2], mark(240, "ct_guidance")]
    assert board(page, within)["near"][:2] == out
    assert "needle_removed" in board(page, [*within, mark(300, "needle_removed")])["rare"]


def test_a_phase_that_did_not_take_place_is_not_ticked(page: Page) -> None:
    stopped = board(page, [*STOPPED, mark(240, "compression_started")])["happened"]
    assert ("insertion" in stopped, "injection" in stopped) == (True, False)
    numb = [mark(0, "scan_started"), mark(60, "lidocaine_given"), mark(120, "ct_guidance")]
    assert board(page, numb)["happened"] == []
    assert "injection" not in board(page, [*numb, HOME])["happened"]
    assert "injection" in board(page, [*numb, mark(300, "dose_given_ct")])["happened"]


def test_the_plan_asks_where_the_needle_is_while_it_is_in_and_nobody_has_said(page: Page) -> None:
    assert board(page, STOPPED[:2], untold=LUMBAR.group)["asked"]
    assert not board(page, STOPPED[:3], untold=LUMBAR.group)["asked"]
    assert not board(page, STOPPED[:2])["asked"]


def test_whatever_a_record_lacks_at_its_end_leads_to_where_it_is_given(page: Page) -> None:
    dosed = [mark(0, "skin_puncture", interspace="L3-L4"), mark(60, "injection_completed"), HOME]
    lacks = dict(board(page, dosed, untold=LUMBAR.group)["lacks"])
    assert lacks["Vial lot"] == {"name": "value", "id": "vial_lot"}
    assert lacks["Leg movement and sensation checked"] == {"name": "check", "id": "legs"}
    assert lacks["End supine"] == {"name": "more"}
    assert lacks["Interspace"]["name"] == "entry"

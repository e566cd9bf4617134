"""Drills at the bedside, by touch on the real app; and the board's debrief, which is the server's on every log."""

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from core.drills import drill
from core.drills.debrief import debrief
from core.engine.events import plain, read_stored
from core.engine.session import Session, fold
from core.protocols.tables import Protocol
from core.protocols.wording import plain as plain_tables
from tests.conftest import Tablets
from tests.drills.test_drill import DRY
from tests.engine.test_laws import random_log
from tests.helpers.app import App
from tests.helpers.bare import bare_page
from tests.helpers.tables import CERVICAL, LUMBAR, play
from tests.helpers.tablet import Tablet

PAGE = """<script type="module">
import { debrief } from "./rules/debrief.js";
import { script } from "./controls/drill.js";
import { modelOf } from "./model/model.js";
window.debriefs = (protocol, drills, logs) =>
  logs.map((log) => modelOf(protocol, log)).map((m) => drills.map((drill) => debrief(drill, m)));
window.told = (protocol, drill, log, moments) => moments.map((now) => script(drill, modelOf(protocol, log), now));
</script>"""
DRY_TAPS = drill.shipped()["dry-taps"]


# ------------------------------------------------------------------------------------------------------------ the twins
@pytest.fixture(scope="module")
def bare(browser: Browser) -> Iterator[Page]:
    yield from bare_page(browser, PAGE, "told")


def on_the_board(page: Page, name: str, *inputs: Any) -> Any:
    return of_protocol(LUMBAR, page, name, *inputs)


def of_protocol(p: Protocol, page: Page, name: str, *inputs: Any) -> Any:
    ask = f"(given) => JSON.stringify(window.{name}(...JSON.parse(given)))"
    return json.loads(page.evaluate(ask, json.dumps([plain_tables(p), *inputs])))


def drills_easy_and_busy() -> list[drill.Drill]:
    """The drills, and one whose every step is set off and answered by what random procedures are full of."""
    marks = [
        {"mark": "skin_puncture"},
        {"mark": "withdrawn"},
        {"mark": "csf_outflow"},
        {"prompt": "change_interspace"},
        {"prompt": "ct_guidance"},
        {"prompt": "injection_fast"},
    ]
    wants = [{"mark": "withdrawn"}, {"complication": "headache"}, {"check": "legs"}, {"value": "weight_kg"}]
    steps = [
        {"after": after | {"nth": n}, "wait_s": wait, "tell": "?", "expect": want, "within_s": 30, "source": "site"}
        for after in marks
        for n in (1, 2)
        for want in wants
        for wait in (0, 20)
    ]
    busy = msgspec.convert(msgspec.to_builtins(DRY_TAPS) | {"step": steps}, drill.Drill)
    return [*drill.shipped().values(), busy]


def test_tablet_and_server_tell_the_same_of_every_drill(bare: Page):
    drills = drills_easy_and_busy()
    logs = [random_log(random.Random(seed), LUMBAR) for seed in range(600)]
    logs.append([plain(line.event) for line in play(DRY).entries])
    theirs = on_the_board(bare, "debriefs", [msgspec.to_builtins(one) for one in drills], logs)
    asked = done = late = 0
    for log, answers in zip(logs, theirs, strict=True):
        session = fold(LUMBAR, "s", read_stored(log))
        for scenario, board in zip(drills, answers, strict=True):
            ours = msgspec.to_builtins(debrief(scenario, session))
            assert board == ours, f"{scenario.id}: {json.dumps(log)}"
            asked, done = asked + len(ours), done + sum(row["done_at"] is not None for row in ours)
            late += sum(bool(row["late_s"]) for row in ours)
    assert min(asked - done, done - late, late) > 100, "the logs answer too little, or too much"


def test_tablet_and_server_tell_the_same_of_a_drill_for_the_neck(bare: Page):
    (neck,) = [scenario for scenario in drill.shipped().values() if scenario.protocol == CERVICAL.id]
    logs = [random_log(random.Random(seed), CERVICAL) for seed in range(300)]
    theirs = of_protocol(CERVICAL, bare, "debriefs", [msgspec.to_builtins(neck)], logs)
    ours = [[msgspec.to_builtins(debrief(neck, fold(CERVICAL, "s", read_stored(log))))] for log in logs]
    assert theirs == ours
    assert {row["step"] for (rows,) in ours for row in rows if row["done_at"] is not None} >= {1, 2, 3, 4, 5}


def test_trouble_is_told_from_its_moment_on_until_it_is_answered_and_not_before(bare: Page):
    log = [plain(line.event) for line in play("\n".join(DRY.strip().splitlines()[:3])).entries]
    moments = [60_000, 63_999, 64_000, 600_000]
    answers = on_the_board(bare, "told", msgspec.to_builtins(DRY_TAPS), log, moments)
    dry = "No CSF. The needle is dry."
    assert [answer["told"] for answer in answers] == [None, None, dry, dry]
    assert [[row["step"] for row in answer["due"]] for answer in answers] == [[], [], [1], [1]]
    answered = [plain(line.event) for line in play("\n".join(DRY.strip().splitlines()[:4])).entries]
    (after,) = on_the_board(bare, "told", msgspec.to_builtins(DRY_TAPS), answered, [600_000])
    assert after == {"told": None, "due": []}


# ---------------------------------------------------------------------------------------------------------- the screens
def start_drill(tablet: Tablet, title: str) -> str:
    """Start → Drill → Bedside, by touch; the session."""
    tablet.start()
    tablet.touch(tablet.page.get_by_role("button", name="Drill", exact=True))
    for field, initials in (("Operator", "AK"), ("Recorder", "RR")):
        tablet.type(tablet.page.get_by_role("textbox", name=re.compile(f"^{field}")), initials)
    tablet.touch(tablet.page.get_by_role("button", name=re.compile(f"^Start drill: {title}")))
    tablet.ready()
    tablet.page.wait_for_timeout(1500)  # until then a tap at the same place is the finger that started the drill
    return tablet.session


def strip(tablet: Tablet) -> Any:
    return tablet.page.get_by_role("region", name="Drill", exact=True)


def frame(tablet: Tablet) -> dict[str, Any]:
    """The strip's box and what borders the board."""
    boxes: dict[str, Any] = strip(tablet).evaluate(
        """(strip) => { const app = strip.getRootNode().querySelector(".app"), style = getComputedStyle(app);
           return { box: strip.getBoundingClientRect().toJSON(), app: app.getBoundingClientRect().toJSON(),
                    border: style.borderImageSource, width: parseFloat(style.borderLeftWidth) }; }"""
    )
    return boxes


def debriefed(tablet: Tablet) -> list[str]:
    """The open debrief, a line for each question."""
    return [" ".join(item.split()) for item in tablet.place("Panel").get_by_role("listitem").all_inner_texts()]


@pytest.mark.parametrize(("width", "height"), [(1180, 820), (820, 1180), (390, 844)])
def test_a_drill_opened_from_start_is_striped_says_drill_and_tells_its_trouble_after_the_scripted_moment(
    app: App, tablets: Tablets, width: int, height: int
):
    tablet = tablets(app, width=width, height=height)
    start_drill(tablet, "Dry taps")
    expect(strip(tablet)).to_contain_text("DRILL")
    before = frame(tablet)
    assert "repeating-linear-gradient" in before["border"]
    assert before["width"] >= 4
    assert before["box"]["bottom"] == before["app"]["top"]
    tablet.mark("Start preprocedure scan")
    tablet.look_at("Scan")
    tablet.pick("L3–L4")
    _, punctured = tablet.mark("Skin puncture")
    trouble = strip(tablet).get_by_role("status").get_by_text("No CSF. The needle is dry.")
    expect(trouble).to_have_count(0)
    trouble.wait_for()
    waited = tablet.page.evaluate("Date.now()") - punctured
    assert 3500 < waited < 6000, f"the trouble showed {waited} ms after the insertion, expected 4 s"
    assert frame(tablet) == before, "the frame moved when the trouble showed"
    tablet.mark("Withdrawn, no CSF")
    expect(trouble).to_have_count(0)
    tablet.mark("Skin puncture")
    strip(tablet).get_by_text("The needle meets bone.").wait_for()
    tablet.touch(strip(tablet).get_by_role("button", name="Debrief"))
    expect(tablet.place("Panel")).to_contain_text("1 of 2 in time · 0 late · 1 not done · 3 not reached")
    first, second = debriefed(tablet)
    assert re.search(
        r"needle is dry\. Asked for: Withdrawn, no CSF within 30 s Done [\d:]+, after \d s: in time", first
    )
    assert second.endswith("Asked for: Withdrawn, no CSF within 30 s Never done")


def test_a_drill_played_to_its_end_with_the_network_cut_opens_its_debrief_asked_done_and_late(
    app: App, tablets: Tablets
):
    tablet = tablets(app)
    tablet.page.clock.install()
    session = start_drill(tablet, "The leg tingles")
    tablet.reads_saved()
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    tablet.page.context.set_offline(True)
    tablet.mark("Start preprocedure scan")
    tablet.look_at("Scan")
    tablet.pick("L4–L5")
    tablet.mark("Skin puncture")
    strip(tablet).get_by_text("my leg tingles").wait_for()
    tablet.touch(tablet.button("Complication"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Leg numbness or paraesthesia"))
    tablet.reload()
    strip(tablet).get_by_text("The leg still tingles").wait_for()
    tablet.mark("Withdrawn, no CSF")
    tablet.mark("Skin puncture")
    strip(tablet).get_by_text("Clear fluid drips").wait_for()
    tablet.page.clock.fast_forward(11_500)  # CSF outflow is asked for within 10 s
    for label in (
        "CSF outflow",
        "CSF collected",
        "Start injection",
        "Injection complete",
        "Needle out",
        "Start compression",
        "End compression, start supine",
        "End supine",
        "Discharge",
    ):
        tablet.mark(label, reads=label.replace("End compression, start supine", "Start supine"))
    expect(tablet.place("Panel").get_by_role("heading", name="Debrief")).to_be_visible()
    expect(strip(tablet)).to_contain_text("The drill has ended.")
    rows = debriefed(tablet)
    for row, words in zip(
        rows[:3],
        [
            r"my leg tingles\. Asked for: Leg numbness or paraesthesia within 30 s Done .* in time$",
            r"still tingles\. No CSF\. Asked for: Withdrawn, no CSF within 30 s Done .* in time$",
            r"Clear fluid drips .* Asked for: CSF outflow within 10 s Done .*, after 1[1-4] s: [1-4] s late$",
        ],
        strict=True,
    ):
        assert re.search(words, row), row
    tablet.page.context.set_offline(False)
    tablet.reads_saved()
    record = app.export(session)
    assert (record["drill"], record["patient"], record["operator"]) == (True, "DRILL-2", "AK")
    ours = debrief(drill.shipped()["paraesthesia"], session_of(record))
    assert [row.late_s == 0 for row in ours[:3]] == [True, True, False]


def test_a_drills_patient_is_no_patient_and_the_drill_in_no_export_but_start_shows_it(app: App, tablets: Tablets):
    tablet = tablets(app)
    session = start_drill(tablet, "The patient wishes to stop")
    tablet.reads_saved()
    tablet.start()
    card = tablet.page.get_by_role("link", name="Resume DRILL-3").first
    expect(card.get_by_text("DRILL", exact=True)).to_be_visible()
    tablet.touch(tablet.page.get_by_role("button", name="New procedure"))
    tablet.page.get_by_label("Patient code").fill("DRILL-3")
    tablet.page.keyboard.press("Tab")
    expect(tablet.page.get_by_text("which is a drill's")).to_be_visible()
    tablet.touch(tablet.page.get_by_role("button", name="Open Bedside"))
    expect(tablet.page.get_by_text("which is a drill's")).to_have_count(2)  # at the field, at the button
    exported = app.command("export", "--format", "json")
    assert session not in [record["session"] for record in exported]
    assert session in [record["session"] for record in app.command("export", "--format", "json", "--drills")]


def session_of(record: dict[str, Any]) -> Session:
    return fold(LUMBAR, record["session"], read_stored(record["events"]))

"""An injection in the neck by touch on the real app: the whole procedure, with network and without, and its flag."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.test_layout_browser import SIDEWAYS
from tests.conftest import Tablets
from tests.helpers.accessible import faults
from tests.helpers.app import App, Json
from tests.helpers.tables import CERVICAL
from tests.helpers.tablet import Tablet

SIZES = [(1180, 820), (820, 1180), (390, 844)]
LEVELS = {option.label for option in CERVICAL.options("level")}
MARKS = [
    "scan_started",
    "level_imaged",
    "lidocaine_given",
    "skin_puncture",
    "advanced",
    "tip_lost",
    "tip_found",
    "tip_imaged",
    "contrast_clear",
    "injectate_started",
    "injectate_completed",
    "needle_removed",
    "observation_started",
]


def prepare(tablet: Tablet) -> None:
    """Everything before the skin: consent, target, level, side, the image of the level."""
    tick(tablet, "preparation", "positioning")
    tablet.mark("Start scan")
    tablet.pick("Medial branch")
    expect_levels(tablet, {"C3", "C4", "C5", "C6", "C7", "C8"})
    tablet.pick("Facet joint")
    expect_levels(tablet, {"C2–C3", "C3–C4", "C4–C5", "C5–C6", "C6–C7", "C7–T1"})
    tablet.pick("C5–C6")
    tablet.pick("Left")
    tablet.mark("Level imaged")
    image(tablet, "11")
    tick(tablet, "scan", "sterile")
    tablet.mark("Lidocaine given")


def tick(tablet: Tablet, *phases: str) -> None:
    for check in CERVICAL.check.values():
        if check.phase in phases:
            tablet.tick(check.label)


def expect_levels(tablet: Tablet, offered: set[str]) -> None:
    for label in LEVELS:
        pill = tablet.page.get_by_role("button", name=label, exact=True)
        expect(pill).to_have_count(1 if label in offered else 0)


def image(tablet: Tablet, number: str) -> None:
    """Types an image's number where the last entry asks for it."""
    tablet.touch(tablet.last.get_by_role("button", name="Image number…"))
    tablet.write("Image number", number)
    expect(tablet.last.get_by_text(f"Image number {number}")).to_be_visible()


def inject(tablet: Tablet) -> None:
    """From the skin to observation; the tip is lost on the way, and the alarm stays until it is found."""
    tablet.mark("Skin puncture")
    expect(tablet.last.get_by_text("Facet joint · C5–C6 · Left")).to_be_visible()
    tablet.mark("Advance, tip in view")
    expect(tablet.banner).to_be_empty()
    tablet.mark("Tip lost")
    expect(tablet.banner).to_contain_text("The needle tip is not in view: do not advance.")
    tablet.touch(tablet.banner.get_by_role("button", name="Seen"))
    expect(tablet.banner).to_contain_text("The needle tip is not in view")
    tablet.touch(tablet.banner.get_by_role("button", name="Tip in view again"))
    expect(tablet.banner).to_be_empty()
    tablet.mark("Final tip imaged")
    image(tablet, "12")
    tick(tablet, "evidence")
    tablet.mark("Contrast: no uptake")
    image(tablet, "13")
    tablet.mark("Start injectate")
    tablet.mark("Injectate complete")
    tablet.mark("Needle out, start observation", reads="Start observation")
    tick(tablet, "after")


def has_nothing_to_review(record: Json) -> None:
    figures = record["summary"]
    assert (record["protocol"], figures["outcome"]) == (CERVICAL.id, "success")
    assert figures["to_review"] == []
    events = sorted(record["events"], key=lambda entry: (entry["at"], entry["seq"]))
    marks = [event for event in events if event["kind"] == "mark"]
    assert [event["data"]["mark"] for event in marks] == MARKS
    puncture = next(event["data"] for event in marks if event["data"]["mark"] == "skin_puncture")
    assert puncture == {"mark": "skin_puncture", "target": "facet joint", "level": "C5-C6", "side": "left"}
    numbers = [event["data"]["set"]["image_number"] for event in events if event["kind"] == "detail"]
    assert numbers == ["11", "12", "13"]


def opened(tablet: Tablet, patient: str) -> str:
    return tablet.new_procedure(patient, "AK", "RR", protocol="Cervical, fluoroscopy")


def test_a_whole_cervical_procedure_by_touch_has_nothing_to_review_and_its_end_says_so(app: App, tablets: Tablets):
    tablet = tablets(app)
    session = opened(tablet, "P-401")
    prepare(tablet)
    inject(tablet)
    tablet.reads_saved()
    has_nothing_to_review(app.export(session))
    tablet.mark("End observation")
    expect(tablet.page.get_by_text("Nothing is missing from this record.")).to_be_visible()


def test_without_network_from_before_the_skin_the_record_is_the_same(app: App, tablets: Tablets):
    tablet = tablets(app)
    session = opened(tablet, "P-402")
    prepare(tablet)
    tablet.reads_saved()
    expect(tablet.page.get_by_text("Ready without network")).to_be_visible()
    tablet.page.context.set_offline(True)
    inject(tablet)
    expect(tablet.page.get_by_text(re.compile(r"\d+ not saved yet"))).to_be_visible()
    tablet.page.context.set_offline(False)
    tablet.reads_saved()
    has_nothing_to_review(app.export(session))


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_what_is_missing_stands_by_name_at_the_end(app: App, tablets: Tablets, width: int, height: int):
    tablet = tablets(app, width=width, height=height)
    opened(tablet, f"P-43{width}")
    tablet.look_at("Scan")
    for choice in ("Nerve root", "C6", "Right"):
        tablet.pick(choice)
    for label in ("Start scan", "Skin puncture", "Final tip imaged"):
        tablet.mark(label)
    image(tablet, "12")
    for label in ("Contrast: no uptake", "Start injectate", "Injectate complete"):
        tablet.mark(label)
    missing = tablet.page.get_by_role("region", name="Missing from this record")
    tablet.mark("Needle out, start observation", reads="Start observation")
    expect(missing).to_have_count(0)
    tablet.mark("End observation")
    names = ("Fluoroscopic image of the vertebral level", "Consent to limited evidence", "Consent to its own risks")
    for name in (*names, "Image number"):
        expect(missing.get_by_text(name, exact=True)).to_be_visible()
    expect(missing.get_by_role("listitem").filter(has_text="Image number")).to_contain_text("Contrast: no uptake")
    expect(missing.get_by_role("listitem").filter(has_text="Arm strength")).to_contain_text("before Discharge")
    expect(missing.get_by_role("listitem")).to_have_count(5)
    keeps_the_rules(tablet)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_ultrasound_alone_stands_in_the_head_of_bedside_and_on_start_and_its_reason_is_asked_for(
    app: App, tablets: Tablets, width: int, height: int
):
    tablet = tablets(app, width=width, height=height)
    opened(tablet, f"P-44{width}")
    head = tablet.page.locator("header.head")
    expect(head.get_by_text("Ultrasound alone")).to_have_count(0)
    tablet.touch(tablet.button("Guidance"))
    tablet.touch(tablet.place("Panel").get_by_role("button", name="Ultrasound alone"))
    expect(head.get_by_text("Ultrasound alone")).to_be_visible()
    expect(tablet.page.get_by_role("button", name=re.compile(r"^(1 to review|Log 1)$"))).to_be_visible()
    tablet.touch(tablet.button("Reason for ultrasound alone"))
    tablet.write("Reason for ultrasound alone", "the C-arm is broken")
    expect(tablet.page.get_by_role("button", name=re.compile(r"^(1 to review|Log 1)$"))).to_have_count(0)
    assert tablet.page.evaluate(SIDEWAYS) == []
    tablet.reads_saved()
    tablet.start()
    card = tablet.page.get_by_role("link", name=f"Resume P-44{width}")
    expect(card).to_contain_text("Ultrasound alone")
    expect(card).to_contain_text("Cervical, fluoroscopy")
    assert tablet.page.evaluate(SIDEWAYS) == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_screen_of_the_neck_breaks_a_rule_of_accessibility_or_scrolls_sideways(
    app: App, tablets: Tablets, width: int, height: int
):
    tablet = tablets(app, width=width, height=height)
    opened(tablet, f"P-45{width}")
    steps: list[Callable[[], object]] = [
        lambda: tablet.look_at("Scan"),
        lambda: tablet.pick("Facet joint"),
        lambda: tablet.mark("Start scan"),
        lambda: tablet.mark("Skin puncture"),
        lambda: tablet.mark("Tip lost"),
        lambda: tablet.touch(tablet.banner.get_by_role("button", name="Tip in view again")),
        lambda: tablet.mark("Final tip imaged"),
        lambda: tablet.mark("Intravascular uptake"),
    ]
    for step in steps:
        step()
        assert tablet.page.evaluate(SIDEWAYS) == []
    keeps_the_rules(tablet)
    tablet.start()
    tablet.touch(tablet.page.get_by_role("button", name="New procedure"))
    tablet.choose_protocol("Cervical, fluoroscopy")
    expect(tablet.page.get_by_text("Guidance")).to_be_visible()
    keeps_the_rules(tablet)


def keeps_the_rules(tablet: Tablet) -> None:
    assert tablet.page.evaluate(SIDEWAYS) == []
    size = tablet.page.viewport_size
    assert size
    assert faults(tablet.page, {"as it is held": (size["width"], size["height"])}) == []

"""A whole plain success by touch on an upright tablet and on a phone; at every step a finger finds what it needs.

What stands where is read off the screen by its words and landmarks. Heights are those of DESIGN.md §5.
"""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.conftest import Tablets
from tests.helpers.app import App, Json
from tests.helpers.tables import LUMBAR
from tests.helpers.tablet import Tablet

MARK, OTHER, HEAD_AND_RAIL = 96, 56, 48  # px
PRESSED_IN = 1.0  # px that rounding may take
MARKS = [table.label for id_, table in LUMBAR.mark.items() if id_ not in LUMBAR.everywhere]
MARKS += [action.label for action in LUMBAR.action]
FOOT = ("Complication", "Patient wishes to stop", "Note")
PLAIN_SUCCESS = (
    "Start preprocedure scan",
    "Lidocaine given",
    "Drug drawn up",
    "Skin puncture",
    "CSF outflow",
    "CSF collected",
    "Start injection",
    "Injection complete",
    "Needle out",
    "Start compression",
    "End compression, start supine",
    "End supine",
    "Discharge",
)
# Everything that can be touched, in open shadow roots too: its words, its box, and the nearest landmark around it.
READ = """
() => {
  const found = [];
  const search = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) search(element.shadowRoot);
      if (!element.matches("button, a[href], input, [role=checkbox]") || !element.checkVisibility()) continue;
      const box = element.getBoundingClientRect();
      const around = element.closest("nav, aside, [role=alert], section, header, footer, dialog");
      const words = element.getAttribute("aria-label") ?? element.innerText;
      if (box.width < 2 || box.height < 2) continue;  // Streamlit's link for screen readers
      found.push({ words: words.trim().split("\\n")[0], x: box.x, y: box.y, width: box.width, height: box.height,
                   around: around?.tagName.toLowerCase() ?? "" });
    }
  };
  search(document);
  return found;
}
"""
# How far the page, or a part of it that scrolls, could be pushed sideways.
SIDEWAYS = """
() => {
  const pushed = [];
  const search = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) search(element.shadowRoot);
      const over = element.scrollWidth - element.clientWidth;
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
      if (!(scrolls || element === document.scrollingElement) || over <= 1) continue;
      pushed.push(`${element.tagName} "${element.innerText.slice(0, 40)}" by ${over} px`);
    }
  };
  search(document);
  return pushed;
}
"""


@pytest.mark.parametrize(("width", "height"), [(1180, 820), (820, 1180), (390, 844)])
def test_a_plain_success_is_recorded_by_touch_and_every_target_is_large_enough(
    app: App, tablets: Tablets, width: int, height: int
):
    tablet = tablets(app, width=width, height=height)
    session = tablet.new_procedure(f"P-{width}", "AK", "RR")
    tablet.look_at("Scan")
    for choice in ("L4–L5", "Near-spinous process"):
        tablet.pick(choice)
    a_finger_finds_everything(tablet)
    for label in PLAIN_SUCCESS:
        tablet.mark(label, reads=label.replace("End compression, start supine", "Start supine"))
        a_finger_finds_everything(tablet)
    tablet.reads_saved()
    record = app.export(session)
    figures = record["summary"]
    assert (figures["outcome"], figures["insertions_by_interspace"]) == ("success", {"L4-L5": 1})
    assert [review["text"] for review in figures["to_review"] if "Discharge" not in review["text"]] == []
    assert [event["data"]["mark"] for event in record["events"] if event["kind"] == "mark"] == [
        "scan_started",
        "lidocaine_given",
        "drug_drawn",
        "skin_puncture",
        "csf_outflow",
        "csf_collected",
        "injection_started",
        "injection_completed",
        "needle_removed",
        "compression_started",
        "compression_ended",
        "supine_started",
        "supine_ended",
        "discharged",
    ]


@pytest.mark.parametrize(("width", "height"), [(1180, 820), (820, 1180), (390, 844)])
def test_marks_and_foot_stay_where_they_are_through_three_failures_and_their_prompt(
    app: App, tablets: Tablets, width: int, height: int
):
    tablet = tablets(app, width=width, height=height)
    tablet.bedside(app.begin(f"P-loop-{width}"))
    tablet.look_at("Scan")
    tablet.pick("L2–L3")
    tablet.mark("Start preprocedure scan")
    before = fixed_places(tablet)
    for label in ("Skin puncture", "Withdrawn, no CSF") * 3:
        tablet.mark(label)
        assert fixed_places(tablet) == before, f"something moved at {label}"
    assert tablet.banner.get_by_role("button", name="Change interspace").is_visible()
    tablet.touch(tablet.banner.get_by_role("button", name="Change interspace"))
    tablet.place("Panel").wait_for()
    assert fixed_places(tablet) == before, "something moved when the panel opened"


def test_upright_the_head_is_whole_with_a_watcher_and_entries_to_review(app: App, tablets: Tablets):
    tablet = tablets(app, width=820, height=1180)
    session = app.begin("P-head")
    tablet.bedside(session)
    for label in ("End supine", "CSF collected"):
        tablet.touch(tablet.button("More…"))
        tablet.touch(tablet.place("Panel").get_by_role("button", name=label))
    tablets(app, "tablet0002").bedside(session)
    head = tablet.page.locator(".head")
    expect(head.get_by_text("1 watching")).to_be_visible()
    expect(head.get_by_text("2 to review")).to_be_visible()
    expect(head.get_by_text("Saved")).to_be_in_viewport(ratio=1)
    for words in ("dose 1 · AK · rec. RR", "Saved"):
        assert head.get_by_text(words).evaluate("one => one.scrollWidth <= one.clientWidth"), f"{words} is cut"


def a_finger_finds_everything(tablet: Tablet) -> None:
    """Nothing scrolls sideways or stands outside the screen, and every target is as high as its use demands."""
    assert tablet.page.evaluate(SIDEWAYS) == []
    controls = touchables(tablet)
    width = tablet.page.viewport_size["width"]  # type: ignore[index]
    assert [
        control for control in controls if control["x"] < 0 or control["x"] + control["width"] > width + PRESSED_IN
    ] == []
    assert [
        control for control in controls if control["height"] + PRESSED_IN / 2 < least_height(control, controls)
    ] == []
    assert {control["words"] for control in controls} >= set(FOOT)


def touchables(tablet: Tablet) -> list[Json]:
    controls: list[Json] = tablet.page.evaluate(READ)
    return controls


def is_mark(control: Json) -> bool:
    """One of the large buttons: named like a mark, and not in the banner, a panel, the last entry or the foot."""
    return control["words"] in MARKS and control["around"] not in ("div", "section", "aside", "footer", "nav")


def least_height(control: Json, controls: list[Json]) -> int:
    if is_mark(control):
        return MARK
    return HEAD_AND_RAIL if control["around"] in ("header", "nav") else OTHER


def fixed_places(tablet: Tablet) -> dict[str, Any]:
    """Where the foot's buttons are, the first mark's corner, and the band in which all marks lie."""
    controls = touchables(tablet)
    marks = [control for control in controls if is_mark(control)]
    places = {
        control["words"]: box(control)
        for control in controls
        if control["words"] in FOOT and control["around"] == "footer"
    }
    assert set(places) == set(FOOT)
    assert marks
    first = min(marks, key=lambda control: (control["y"], control["x"]))
    return places | {
        "first mark": (first["x"], first["y"]),
        "marks": (min(mark["y"] for mark in marks), max(mark["y"] + mark["height"] for mark in marks)),
    }


def box(control: Json) -> tuple[float, ...]:
    return tuple(control[key] for key in ("x", "y", "width", "height"))

"""Learning curves, the paper and a case replayed in Chromium: by touch, held either way, light and dark; axe, files."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.store import Store
from tests.conftest import Tablets, running
from tests.helpers import invented
from tests.helpers.accessible import HELD, Listener, faults
from tests.helpers.app import App
from tests.helpers.tablet import Tablet

COUNT = 60
OWN = "AK"


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app over invented procedures."""
    folder = tmp_path_factory.mktemp("ward") / "data"
    invented.fill(Store(folder), COUNT, seed=4)
    yield from running(App(folder))


def opened(tablet: Tablet, address: str, heading: str) -> Page:
    tablet.page.goto(f"{tablet.app.url}/{address}")
    expect(tablet.page.get_by_role("heading", name=heading).first).to_be_visible()
    return tablet.page


def curves(tablet: Tablet, operator: str = OWN) -> Page:
    page = opened(tablet, "curves", "Puncture time, case by case")
    tablet.touch(page.get_by_role("radio", name=operator, exact=True))
    expect(page.get_by_text(re.compile("cases? watched")).first).to_be_visible()
    return page


def card(page: Page, heading: str) -> Locator:
    """The card of a chart."""
    return page.locator("[class*=st-key-card-]").filter(has=page.get_by_role("heading", name=heading))


def drawing(page: Page, heading: str) -> Locator:
    chart = card(page, heading).locator(".vega-embed svg, .vega-embed canvas").first
    expect(chart).to_be_visible()
    return chart


def screens(tablet: Tablet) -> Iterator[str]:
    """Each view there is to see; yields its name."""
    page = opened(tablet, "curves", "Puncture time, case by case")
    drawing(page, "CSF outflow in at most two insertions, case by case")
    yield "the team"
    curves(tablet)
    drawing(page, "LC-CUSUM")
    yield "an operator"
    tablet.touch(page.get_by_text("Filters and settings"))
    expect(page.get_by_text("Nash–Moe grade, lumbar maximum")).to_be_visible()
    yield "the filters"
    tablet.touch(card(page, "Puncture time").get_by_text("Data and files"))
    expect(page.get_by_role("button", name="PNG")).to_be_visible()
    yield "data and files"
    drawing(opened(tablet, "paper", "The paper from raw taps"), "Operation time, dose by dose")
    yield "the paper"
    opened(tablet, "replay", "A case replayed")
    expect(page.get_by_role("link", name=re.compile("^Replay ")).first).to_be_visible()
    yield "cases to replay"
    tablet.touch(page.get_by_role("link", name=re.compile("^Replay ")).first)
    expect(page.get_by_text(re.compile("own median of|no other case|no own median")).first).to_be_visible()
    yield "a case replayed"


def test_no_view_breaks_a_rule_of_accessibility_scrolls_sideways_or_asks_another_host(ward: App, tablets: Tablets):
    tablet = tablets(ward)
    heard = Listener(tablet.page, ward.url)
    broken = {screen: seen for screen in screens(tablet) if (seen := faults(tablet.page))}
    assert broken == {}
    assert heard.errors == []
    assert heard.away == []


def test_from_start_the_curves_are_one_tap_away(ward: App, tablets: Tablets):
    tablet = tablets(ward)
    tablet.start()
    tablet.touch(tablet.page.get_by_role("link", name="Curves"))
    expect(tablet.page.get_by_role("heading", name="Puncture time, case by case")).to_be_visible()


@pytest.mark.parametrize("held", HELD)
def test_a_finger_on_a_chart_reads_the_nearest_case(ward: App, tablets: Tablets, held: str):
    width, height = HELD[held]
    tablet = tablets(ward, width=width, height=height)
    page = curves(tablet)
    drawn = drawing(page, "Puncture time, case by case")
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    caption = (
        card(page, "Puncture time, case by case").locator("svg text").filter(has_text=re.compile(r"^Case \d+: P-"))
    )
    expect(caption.last).to_be_visible()
    before = caption.last.text_content()
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(caption.last).not_to_have_text(before or "")


def test_each_chart_has_a_name_that_says_what_it_shows(ward: App, tablets: Tablets):
    page = curves(tablets(ward))
    for heading in ("Puncture time, case by case", "LC-CUSUM"):
        drawing(page, heading)
        charts = card(page, heading).locator("[aria-label*='n = '], [aria-label*='cases watched']")
        expect(charts.first).to_have_attribute("aria-label", re.compile(f"^{heading}.*(median|p0 10 %)"))


def test_charts_are_dark_in_a_dark_room(ward: App, tablets: Tablets):
    grounds = {}
    for theme in ("light", "dark"):
        page = curves(tablets(ward, theme=theme))
        shot = drawing(page, "Puncture time, case by case")
        grounds[theme] = shot.evaluate("(one) => (one.style.backgroundColor || one.getAttribute('style') || '')")
    assert "255, 255, 255" in grounds["light"]
    assert "13, 20, 23" in grounds["dark"]


def test_data_and_files_are_those_of_the_chart(ward: App, tablets: Tablets, tmp_path: Path):
    tablet = tablets(ward, theme="dark")
    page = curves(tablet)
    tablet.touch(card(page, "Puncture time").get_by_text("Data and files"))
    saved: dict[str, Path] = {}
    for kind in ("PNG", "SVG", "CSV"):
        with page.expect_download() as download:
            tablet.touch(page.get_by_role("button", name=kind))
        saved[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[kind])
    assert saved["PNG"].read_bytes().startswith(b"\x89PNG")
    drawn = saved["SVG"].read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "dose 1 (n = " in drawn
    for part in (f"operator {OWN}", "Drawn 20", "255,255,255"):
        assert part in drawn.replace("#ffffff", "255,255,255")
    assert OWN in saved["SVG"].name
    with saved["CSV"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"Case", "Patient", "Dose", "Puncture time, min", "Clock", "Running median", "n"} <= set(rows[0])
    assert {row["Operator"] for row in rows} == {OWN}
    summary = card(page, "Puncture time").get_by_text(re.compile(r"doses \(n = ")).first.inner_text()
    assert sum(map(int, re.findall(r"doses \(n = (\d+)\)", summary))) == len(rows)

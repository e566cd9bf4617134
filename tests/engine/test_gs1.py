"""A vial's code as a scanner types it: lot, expiry and article number, in every common form."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.helpers.bare import bare_page

PAGE = '<script type="module">import { gs1 } from "./model/gs1.js"; window.gs1 = gs1;</script>'
GTIN = "04150123456782"
ALL = {"gtin": GTIN, "expiry": "2026-12-31", "lot": "10A1"}
GS = "\x1d"


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    yield from bare_page(browser, PAGE, "gs1")


def read(page: Page, text: str) -> Any:
    return page.evaluate("text => gs1(text)", text)


@pytest.mark.parametrize(
    "text",
    [
        f"(01){GTIN}(17)261231(10)10A1",
        f"01{GTIN}17261231{GS}1010A1",
        f"01{GTIN}172612311010A1",
        f"]d201{GTIN}172612311010A1",
        f"{GS}01{GTIN}1010A1{GS}17261231",
        f"(01){GTIN}{GS}17261231{GS}1010A1",
        f"01{GTIN}21SERIAL9{GS}172612311010A1",
        f" (10)10A1(21)77(17)261231(01){GTIN} ",
    ],
)
def test_every_form_of_a_code_gives_the_same_parts(page: Page, text: str):
    assert read(page, text) == ALL


def test_the_code_of_the_report_is_read(page: Page):
    read_code = read(page, f"(01)04150123{GS}17261231{GS}10A1")
    assert read_code == {"gtin": "04150123", "expiry": "2026-12-31", "lot": "A1"}


def test_a_month_without_a_day_ends_with_its_last(page: Page):
    assert read(page, "(17)280200(10)X") == {"expiry": "2028-02-29", "lot": "X"}


@pytest.mark.parametrize("text", ["", "10A1", "-12A", "LOT 4711", "A(1)", "17261231", "(99)intern", "]d2"])
def test_what_is_no_code_stays_the_text_that_it_is(page: Page, text: str):
    assert read(page, text) is None


@pytest.mark.parametrize("expiry", ["261331", "26123", "269999", "ABCDEF"])
def test_a_date_that_is_none_is_left_out(page: Page, expiry: str):
    assert "expiry" not in read(page, f"(01){GTIN}(17){expiry}")

"""Pages that stay open while the program is updated: the real app from a copy of its sources, then changed."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.conftest import Tablets, running
from tests.helpers.app import ROOT, App
from tests.helpers.full_ward import COMPRESSING, NEEDLE_OUT
from tests.helpers.past import happened_in
from tests.helpers.tablet import Tablet

NEW = re.compile("^New version")
KEPT_TABLES = "Object.keys(localStorage).filter((key) => key.startsWith('is:tables:'))"


@pytest.fixture
def copied_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A running app from a copy of the sources."""
    folder = tmp_path_factory.mktemp("copied")
    for name in ("core", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", folder)
    yield from running(App(folder / "data", folder))


def update(app: App) -> None:
    """Another program, which makes protocols into tables of another shape."""
    app.kill()
    for source, comment in (
        ("core/protocols/wording.py", "# updated\n"),
        ("pages/board/controls/dom.js", "// updated\n"),
    ):
        with (app.root / source).open("a", encoding="utf-8") as text:
            text.write(comment)
    app.start()


def loaded_again(page: Page) -> None:
    page.wait_for_function("window.before === undefined")


def test_an_open_page_says_that_there_is_a_new_version_and_takes_it_once_no_finger_is_near_and_no_procedure_waits(
    copied_app: App, tablets: Tablets
):
    app = copied_app
    runs, ended, ward, start, form = (tablets(app, f"tablet000{n}") for n in range(5))
    runs.bedside(app.begin("P-runs", "tablet0000"))
    ended.bedside(app.begin("P-ended", "tablet0001"))
    ended.touch(ended.button("More…"))
    ended.touch(ended.button("Opened by mistake"))
    happened_in(app.folder, *COMPRESSING, device="tablet0002", patient="P-waits")
    ward.page.goto(f"{app.url}/recovery")
    expect(ward.page.get_by_role("article", name="P-waits")).to_be_visible()
    start.start()
    held_up: list[Route] = []
    form.page.route("**/board/link/program.js", lambda route: held_up.append(route), times=1)
    with form.page.expect_request("**/board/link/program.js"):
        form.page.goto(f"{app.url}/new")
    form.page.get_by_label("Patient code").press_sequentially("P-typed")  # before any script of this page is there
    (route,) = held_up
    route.continue_()
    pages = [tablet.page for tablet in (runs, ended, ward, start, form)]
    for page in pages:
        page.evaluate("window.before = true")
    (old_tables,) = runs.page.evaluate(KEPT_TABLES)

    update(app)
    for page in (ended.page, start.page):
        loaded_again(page)
    for tablet in (runs, ward):
        expect(tablet.page.get_by_role("button", name=NEW)).to_be_visible()
    expect(form.page.get_by_text("There is a new version of Interspace.")).to_be_visible()
    runs.mark("Start preprocedure scan")
    runs.reads_saved()
    for page in (runs.page, ward.page, form.page):
        assert page.evaluate("window.before") is True
    expect(form.page.get_by_label("Patient code")).to_have_value("P-typed")

    runs.touch(runs.page.get_by_role("button", name=NEW))
    loaded_again(runs.page)
    expect(runs.last.get_by_text("Start preprocedure scan", exact=True)).to_be_visible()
    expect(runs.page.get_by_role("button", name=NEW)).to_have_count(0)
    (tables,) = runs.page.evaluate(KEPT_TABLES)
    assert tables != old_tables
    assert tables.rpartition(":")[0] == old_tables.rpartition(":")[0]  # the same text


def test_tables_that_no_board_can_be_drawn_from_are_asked_for_again(app: App, tablets: Tablets):
    tablet = tablets(app)
    tablet.bedside(app.begin("P-tables"))
    tablet.page.evaluate(f"{KEPT_TABLES}.forEach((key) => localStorage.setItem(key, '{{\"state\":{{}}}}'))")
    tablet.reload()
    tablet.mark("Start preprocedure scan")
    tablet.reads_saved()


@pytest.mark.parametrize("screen", ["bedside", "room", "recovery"])
def test_a_page_of_another_program_is_given_no_tables_that_it_cannot_read(app: App, tablets: Tablets, screen: str):
    session = happened_in(app.folder, *NEEDLE_OUT, device="tablet0001")
    tablet = Tablet(app, tablets(app).page)
    older = 'export const PROGRAM = "older"; export const SHAPE = "older";'
    tablet.page.route(
        "**/board/link/program.js", lambda route: route.fulfill(content_type="text/javascript", body=older), times=1
    )
    loads: list[str] = []
    tablet.page.on("domcontentloaded", lambda page: loads.append(page.url))
    tablet.page.goto(f"{app.url}/{screen}?s={session}")
    expect(tablet.page.get_by_text(f"P-{session[-8:]}").first).to_be_visible()
    assert len(loads) == 2  # again by itself: nothing waited on it

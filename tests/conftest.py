"""What tests share: the app in its own process, one Chromium, tablets to touch; a data folder, the routes over it."""

import os
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.records import index, sessions
from core.web.routes import HANDLERS, ROUTES, changes
from tests.helpers import taps
from tests.helpers.app import PATIENCE_S, App, chromium
from tests.helpers.tablet import Tablet

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
Tablets = Callable[..., Tablet]


def pytest_xdist_auto_num_workers() -> int:
    """As many as the machine has cores, and one more: browser tests wait more than they work."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure may quote half a character that a property test thought of: workers can send whole ones alone."""
    report = yield
    text = str(report.longrepr) if report.failed else ""
    if text and not _is_utf_8(text):
        report.longrepr = text.encode("utf-8", "backslashreplace").decode()
        report.sections = [(name, part.encode("utf-8", "backslashreplace").decode()) for name, part in report.sections]
    return report


def _is_utf_8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One running app for all tests that do not stop it; each opens procedures of its own."""
    yield from running(App(tmp_path_factory.mktemp("app") / "data"))


@pytest.fixture
def mortal_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A running app that a test may kill."""
    yield from running(App(tmp_path_factory.mktemp("mortal") / "data"))


def running(app: App) -> Iterator[App]:
    """The app, started and in the end killed."""
    app.start()
    yield app
    app.kill()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def tablets(browser: Browser) -> Iterator[Tablets]:
    """Makes tablets: `tablets(app, device, width, height)`, each a browser of its own with a touch screen."""
    contexts = []

    def tablet(
        app: App, device: str = "tablet0001", width: int = 1180, height: int = 820, theme: str = "light"
    ) -> Tablet:
        context = browser.new_context(
            has_touch=True, viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        context.add_cookies([{"name": "interspace_device", "value": device, "url": app.url}])
        contexts.append(context)
        return Tablet(app, context.new_page())

    yield tablet
    for context in contexts:
        context.close()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """This process's own data folder, empty."""
    monkeypatch.setenv("INTERSPACE_DATA", str(tmp_path / "data"))
    sessions.store.cache_clear()
    index.index.cache_clear()
    yield tmp_path / "data"
    sessions.store.cache_clear()
    index.index.cache_clear()


@asynccontextmanager
async def _hears_of_changes(_: Starlette) -> AsyncIterator[None]:
    changes.start()
    yield


@pytest.fixture
def client(data: Path) -> Iterator[TestClient]:
    """The app's routes over that folder."""
    with TestClient(Starlette(routes=ROUTES, exception_handlers=HANDLERS, lifespan=_hears_of_changes)) as running:
        yield running


@pytest.fixture
def session(client: TestClient) -> str:
    """A procedure that was just opened there."""
    return taps.begin()

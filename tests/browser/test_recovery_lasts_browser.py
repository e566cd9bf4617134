"""The recovery board is right after a reload, without the server, after a sleep, in the site's zone, across midnight
and a change of the clocks.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from core import clock
from core.engine.events import plain
from core.protocols import wording
from core.records.sessions import read
from core.store import Store
from tests.conftest import Tablets, running
from tests.helpers.app import App, Json
from tests.helpers.full_ward import COMPRESSING, NEEDLE_OUT, SUPINE, later
from tests.helpers.past import happened_in
from tests.helpers.recovery_tablet import BOTH, Board
from tests.helpers.tables import LUMBAR

RUNNING = (*later(NEEDLE_OUT, 305), (8, "compression_started"))


def board_of(app: App, tablets: Tablets, **patients: tuple[tuple[float, str], ...]) -> tuple[Board, list[str]]:
    """A tablet at the board on which these patients stand; their sessions."""
    sessions = [happened_in(app.folder, *past, device="bedside01", patient=code) for code, past in patients.items()]
    board = Board(tablets(app, "wardtablet"), "WN")
    board.show()
    return board, sessions


def test_without_the_server_taps_are_kept_a_reload_shows_the_board_and_all_is_saved_when_the_server_is_back(
    mortal_app: App, tablets: Tablets
):
    board, (first_session, two) = board_of(mortal_app, tablets, one=COMPRESSING, two=later(SUPINE, 200))
    expect(board.page.get_by_text("Ready without network")).to_be_visible()
    mortal_app.kill()
    board.touch(board.act("one", BOTH))
    expect(board.card("one")).to_contain_text("Supine")
    board.open("two")
    board.touch(board.within("Headache"))
    board.reads_not_saved(5)  # two take-overs, two marks, one observation
    board.reload()
    expect(board.card("one")).to_contain_text("Supine")
    expect(board.card("two")).to_contain_text("Headache")
    board.reads_not_saved(5)
    mortal_app.start()
    board.reads_saved()
    kinds = [[event["kind"] for event in mortal_app.export(session)["events"]] for session in (first_session, two)]
    assert [sequence[-3:] for sequence in kinds] == [["takeover", "mark", "mark"], ["mark", "takeover", "complication"]]
    board.reload()
    expect(board.card("one")).to_contain_text("Supine")


def test_entries_of_a_session_that_the_server_does_not_know_hold_up_no_other(app: App, tablets: Tablets):
    board, (session,) = board_of(app, tablets, stuck=COMPRESSING)
    lost: Json = {
        "id": "lost1",
        "session": "20260101-nothere000",
        "kind": "note",
        "at": 1,
        "tapped": 1,
        "device": "wardtablet",
        "seq": 0,
        "by": "",
        "data": {"text": "of a record that is gone"},
    }
    board.page.evaluate("(entry) => localStorage.setItem(`is:out:${entry.id}`, JSON.stringify(entry))", lost)
    board.reload()
    board.reads_not_saved(1)
    board.touch(board.act("stuck", BOTH))
    expect(board.card("stuck")).to_contain_text("Supine")
    board.reads_not_saved(1)
    expect(board.banner).to_contain_text("20260101-nothere000")
    assert app.export(session)["events"][-1]["data"] == {"mark": "supine_started"}


def test_a_tablet_that_slept_for_an_hour_says_on_waking_what_is_due(mortal_app: App, tablets: Tablets):
    sessions = [happened_in(mortal_app.folder, *RUNNING, device="bedside01", patient="sleeper")]
    board = Board(tablets(mortal_app, "wardtablet"), "WN")
    board.page.clock.install()
    board.show()
    expect(board.card("sleeper")).to_contain_text(re.compile(r"11:\d\d\s*until"))
    expect(board.banner).to_be_empty()
    board.page.context.set_offline(True)  # or the server would say that no hour has passed
    board.page.clock.fast_forward("01:00:00")
    expect(board.card("sleeper")).to_contain_text("20 min reached 48 min ago")
    expect(board.card("sleeper")).to_contain_text(re.compile(r"\+48:\d\d\s*since"))
    expect(board.banner).to_contain_text("sleeper: Compression: 20 min reached, 48 min ago")
    assert sessions


@pytest.fixture
def far_east(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """An app of a site in another time zone than any tablet of these tests."""
    monkeypatch.setenv("INTERSPACE_TIME_ZONE", "Pacific/Kiritimati")
    yield from running(App(tmp_path_factory.mktemp("east") / "data"))


def test_times_of_day_are_the_sites_not_the_tablets(far_east: App, tablets: Tablets):
    board, (session,) = board_of(far_east, tablets, east=RUNNING)
    last = far_east.export(session)["events"][-1]  # compression was started
    ends = datetime.fromtimestamp(last["at"] / 1000 + 20 * 60, UTC).astimezone(ZoneInfo("Pacific/Kiritimati"))
    expect(board.card("east")).to_contain_text(f"until {ends:%H:%M}")


# What a card says at a moment, worked out by the board's own modules. Supine began at `start` (UTC).
SAYS = """
async ([tables, events, moments]) => {
  const [{ modelOf }, { standing }, { faceOf }] = await Promise.all(
    ["model/model", "model/timers", "recovery/face"].map((name) => import(`/board/${name}.js`)));
  const model = modelOf(tables, events);
  const patient = { model, stand: standing(model), lit: [] };
  return moments.map((now) => { const { title, big, small } = faceOf(patient, now); return [title, big, small]; });
}
"""


@pytest.mark.parametrize(
    ("start", "until"),
    [
        ("2026-06-10T19:30", "01:30"),  # across midnight
        ("2026-10-25T00:30", "05:30"),  # 02:30 summer time; the clocks go back at 03:00
        ("2026-03-29T00:30", "06:30"),  # 01:30; the clocks go forward at 02:00
    ],
    ids=["midnight", "the clocks go back", "the clocks go forward"],
)
def test_four_hours_are_four_hours_across_midnight_and_a_change_of_the_clocks(
    app: App, tablets: Tablets, start: str, until: str
):
    at = round(datetime.fromisoformat(f"{start}+00:00").timestamp() * 1000)
    now = at + 290 * 60_000  # SUPINE began to lie 290 min before
    session = happened_in(app.folder, *SUPINE, device="bedside01", now=now, drill=True)
    events = [plain(line.event) for line in read(Store(app.folder), session).entries]
    page = tablets(app).page
    page.goto(f"{app.url}/api/health")
    page.evaluate("localStorage.setItem('is:zone', 'Europe/Berlin')")
    sentences = says(page, events, at, at + 72 * 60_000, at + 243 * 60_000)
    assert sentences == [
        ["Supine", "4:00:00", f"until {until}"],
        ["Supine", "2:48:00", f"until {until}"],
        ["4 h reached 3 min ago", "+03:00", f"since {until}"],
    ]


def test_a_patient_whom_nobody_discharged_for_days_is_told_with_the_day(app: App, tablets: Tablets):
    now = clock.now_ms() - 10 * 24 * 3600_000
    session = happened_in(app.folder, *SUPINE, device="bedside01", now=now, drill=True)
    events = [plain(line.event) for line in read(Store(app.folder), session).entries]
    page = tablets(app).page
    page.goto(f"{app.url}/api/health")
    ((_, big, small),) = says(page, events, clock.now_ms())
    assert big == "+10 d 0 h"
    assert re.fullmatch(r"since \w+,? \d+ \w+ \d\d:\d\d", small)


def says(page: Page, events: list[Json], *moments: int) -> list[list[str]]:
    sentences: list[list[str]] = page.evaluate(SAYS, [wording.plain(LUMBAR), events, list(moments)])
    return sentences

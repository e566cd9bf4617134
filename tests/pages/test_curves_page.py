"""Learning curves as Streamlit runs them over a real data folder: what they say, what they leave out, bad input."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core.__main__ import main
from core.curves import cases, lc_cusum, words
from core.curves.cases import FIRST, GOOD, REPEAT
from core.curves.cohort import course
from core.curves.lc_cusum import Design
from core.engine import scenario
from core.records import sessions
from core.web.dress import DEVICE_COOKIE
from pages.parts.curves import chart_card, figures
from tests.helpers import invented
from tests.helpers.tables import HEAD, LUMBAR, mark
from tests.helpers.taps import DEVICE
from tests.pages.test_pages import SHELL, shown

Json = dict[str, Any]
WHOSE = f"whose-{LUMBAR.id}"
GROUPS = [option.id for option in LUMBAR.options("interspace")]


@pytest.fixture
def view(data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens a page by its file, with its query."""
    monkeypatch.setattr(ContextProxy, "cookies", {DEVICE_COOKIE: DEVICE})

    def opened(page: str = "curves.py", **query: str) -> AppTest:
        app = AppTest.from_file(SHELL, default_timeout=60).run()
        app.query_params.update(query)
        return ran(app.switch_page(page).run())

    return opened


def ran(page: AppTest) -> AppTest:
    assert [exception.value for exception in page.exception] == []
    return page


def store(day: int, events: list[Json] | None = None, **head: Any) -> str:
    """Stores a procedure of a day of January 2026; one that found CSF at once, if nothing else is said."""
    start = datetime(2026, 1, day, 9, tzinfo=UTC)
    entries = course.success([GROUPS[1]], "near-spinous process", 240, 1200) if events is None else events
    read = scenario.parse(json.dumps(HEAD | head | {"start": start.isoformat(), "events": entries}))
    at, session = round(start.timestamp() * 1000), f"202601{day:02}-case{len(list(sessions.store().sessions())):04}"
    return sessions.open_session(sessions.store(), read.text, read.opened, read.events(session, at), session, at)


def words_of(page: AppTest) -> str:
    """All that the page says, the text of its charts too."""
    more = [element.value for kind in (page.info, page.caption, page.header) for element in kind]
    return "\n".join([shown(page), *more, *texts(page)])


def texts(page: AppTest) -> list[str]:
    """What each chart says to who cannot see it."""
    return [json.loads(chart.proto.spec)["description"] for chart in page.get("vega_lite_chart")]


# ---------------------------------------------------------------------------------------------------- what is left out
def test_without_a_case_the_page_says_what_makes_one(view: Callable[..., AppTest]):
    page = view()
    assert "No case under “Lumbar, nusinersen” yet." in words_of(page)
    assert "once it has an outcome and an insertion" in words_of(page)
    assert texts(page) == []


def test_one_case_is_shown_as_one(view: Callable[..., AppTest]):
    store(1)
    page = view()
    assert "First doses (n = 1): median 4 min; too few to compare early with late cases." in words_of(page)
    assert "First doses: 1 of 1 (100 %); too few to compare" in words_of(page)
    assert "Puncture time, 1 case" in words_of(page)
    assert len(texts(page)) == 5


def test_what_is_no_case_is_left_out_and_the_page_says_how_many(view: Callable[..., AppTest], capsys: Any):
    store(1)
    store(2, drill=True)
    store(3, drill=True)
    store(4, [mark(0, "voided")])
    store(5, [mark(0, "scan_started"), mark(5, "withdrawn"), mark(9, "patient_stop")])
    store(6, [mark(0, "scan_started"), mark(60, "skin_puncture", interspace="L3-L4")])
    store(7, [mark(0, "scan_started"), mark(60, "patient_stop")])
    assert main(["cohort", "--save"]) == 0
    page = view()
    assert (
        "1 of 1 cases. Left out: 2 drills, 1 record opened by mistake, 20 published punctures, 1 record to review, "
        "1 procedure under way or without an outcome, 1 procedure without an insertion."
    ) in words_of(page)
    assert page.pills(key=WHOSE).options == ["Team", "AK"]


def test_a_case_in_which_the_operator_changed_is_the_teams_alone_and_the_page_says_so(view: Callable[..., AppTest]):
    events = course.success([GROUPS[1], GROUPS[1]], "near-spinous process", 240, 1200)
    at = next(n for n, entry in enumerate(events) if entry["mark"] == "withdrawn")
    store(
        1, [*events[: at + 1], {"t": events[at]["t"], "mark": "operator_changed", "operator": "BL"}, *events[at + 1 :]]
    )
    store(2)
    page = view()
    sentence = "In 1 case the operator changed: counted as the team's alone (site: what neither did"
    assert sum(sentence in caption.value for caption in page.caption) == 6  # under every chart
    assert "First doses (n = 2)" in words_of(page)
    assert page.pills(key=WHOSE).options == ["Team", "AK"]
    assert "First doses (n = 1)" in words_of(ran(page.pills(key=WHOSE).set_value("AK").run()))


def test_a_session_file_that_cannot_be_read_is_named_and_the_rest_is_shown(view: Callable[..., AppTest], data: Path):
    store(1)
    torn = store(2)
    path = next(data.glob(f"sessions/*/{torn}.json"))
    path.write_bytes(path.read_bytes()[:100])
    page = view()
    assert any(torn in error.value for error in page.error)
    assert "Left out: 1 session file that cannot be read." in words_of(page)
    assert "First doses (n = 1)" in words_of(page)


# ------------------------------------------------------------------------------------------------------------- choosing
def test_first_and_repeat_doses_are_told_apart_and_can_be_looked_at_alone(view: Callable[..., AppTest]):
    for day in range(1, 7):
        store(day, dose=day)
    page = view()
    assert (
        "First doses (n = 1): median 4 min; too few to compare early with late cases. Repeat doses (n = 5)"
        in words_of(page)
    )
    assert "dose 1: 7–30 (n = 4); dose 2: 3–15 (n = 4)" in words_of(page)
    page = ran(page.button_group(key="doses").set_value("Repeat").run())
    assert "First doses" not in words_of(page)
    assert "dose 1: 7–30" not in words_of(page)
    assert "dose 2: 3–15 (n = 4)" in words_of(page)


def test_an_operator_who_left_keeps_the_curve_with_the_day_of_the_last_case(view: Callable[..., AppTest]):
    store(1, operator="ZZ")
    store(20)
    page = view()
    assert "<td>ZZ</td><td>1</td><td>0</td><td>2026-01-01</td><td>Too few cases to say: 1 of 50</td>" in words_of(page)
    page = ran(page.pills(key=WHOSE).set_value("ZZ").run())
    assert "ZZ: Too few cases to say: 1 of 50. 1 case watched, 0 failures." in words_of(page)
    assert "never a credential" in words_of(page)


def test_dates_the_wrong_way_get_a_sentence_and_all_dates_are_shown(view: Callable[..., AppTest]):
    store(1)
    store(2)
    page = view()
    page.date_input(key="since").set_value(date(2026, 1, 5))
    page = ran(page.date_input(key="until").set_value(date(2026, 1, 4)).run())
    assert [error.value for error in page.error] == [
        "Dates: expected the end on or after 2026-01-05, found 2026-01-04. All dates are shown."
    ]
    assert "First doses (n = 2)" in words_of(page)
    page = ran(page.date_input(key="until").set_value(date(2026, 1, 5)).run())
    assert "None of the 2 cases is of this kind." in words_of(page)
    assert "No case to show." in words_of(page)


def test_filters_come_from_the_protocol(view: Callable[..., AppTest]):
    store(1, values={"spine": "spinal fusion"})
    store(2)
    page = view()
    for key in LUMBAR.curve.filters if LUMBAR.curve else ():
        assert page.pills(key=f"by-{LUMBAR.id}-{key}").label == LUMBAR.value[key].label
    page = ran(page.pills(key=f"by-{LUMBAR.id}-spine").set_value(["spinal fusion"]).run())
    assert "1 of 2 cases." in words_of(page)


# ------------------------------------------------------------------------------------------------------------ LC-CUSUM
def test_p1_at_or_below_p0_gets_a_sentence_and_the_protocols_design_stands(view: Callable[..., AppTest]):
    store(1)
    page = ran(view().number_input(key="p1").set_value(10.0).run())
    assert [error.value for error in page.error] == [
        "p1, the unacceptable share of failures: expected more than p0 (10 %), found 10 %. The protocol's are used."
    ]
    assert "p0 10 %, p1 30 %, at most 50 cases, h 3.55." in words_of(page)
    page = ran(page.number_input(key="horizon").set_value(501.0).run())
    assert "p1, the" in page.error[0].value  # one sentence at a time
    page = ran(page.number_input(key="p1").set_value(30.0).run())
    assert "Horizon: expected a whole number of cases, 1 to 500, found 501." in page.error[0].value


def test_a_changed_horizon_changes_limit_and_error_rates(view: Callable[..., AppTest]):
    for day in range(1, 15):
        store(day)
    page = view()
    page.pills(key=WHOSE).set_value("AK")
    page = ran(page.number_input(key="horizon").set_value(20.0).run())
    assert "Adequate at case 11. 14 cases watched, 0 failures. p0 10 %, p1 30 %, at most 20 cases, h 2.55." in words_of(
        page
    )
    page = ran(page.number_input(key="horizon").set_value(5.0).run())
    assert "not even a series without a failure crosses h" in words_of(page)


# --------------------------------------------------------------------------------------------------------------- charts
def test_every_chart_says_what_it_shows_and_the_same_stands_below_it(view: Callable[..., AppTest]):
    invented.fill(sessions.store(), 60, seed=2)
    page = ran(view().pills(key=WHOSE).set_value("AK").run())
    descriptions = texts(page)
    assert len(descriptions) == 6
    assert [description.split(". ")[0] for description in descriptions][:4] == [
        "Puncture time, case by case, AK",
        "Operation time, case by case, AK",
        "Insertions, case by case, AK",
        "Interspaces used, case by case, AK",
    ]
    below = "\n".join(markdown.value for markdown in page.markdown)
    assert [description for description in descriptions if description.partition(". ")[2] not in below] == []


def test_the_cervical_protocol_has_its_own_curves_and_no_published_cohort(view: Callable[..., AppTest]):
    store(1)
    page = ran(view().button_group(key="curve-protocol").set_value("cervical-fluoroscopy").run())
    assert "No case under “Cervical, fluoroscopy” yet." in words_of(page)


# ---------------------------------------------------------------------------------------------------- figures and files
def test_first_and_repeat_doses_are_never_one_median(data: Path):
    times = [figure for figure in cases.figures(LUMBAR) if figure.kind == "time"]
    row = {figure.column: 10.0 for figure in cases.figures(LUMBAR)} | {GOOD: 1.0, "operator": "AK"}
    first = [row | {"doses": FIRST, times[0].column: 30.0}] * 3
    repeat = [row | {"doses": REPEAT, times[0].column: minutes} for minutes in (20.0, 20.0, 11.0, 12.0)]
    tile = figures._time(LUMBAR, times[0], pd.DataFrame(first + repeat), 2)
    assert tile == (f"{times[0].label}, repeat doses, last 2", "11.5 min", "median · first doses, last 2: 30 min")
    few = figures._time(LUMBAR, times[0], pd.DataFrame(first[:1] + repeat[:3]), 2)
    assert few == (f"{times[0].label}, repeat doses, 3 cases", "20 min", "median")
    alone = figures._time(LUMBAR, times[0], pd.DataFrame(repeat), 2)
    assert alone == (f"{times[0].label}, last 2", "11.5 min", "median · first 2: 20 min")


@pytest.mark.parametrize(
    ("number", "written"), [(36.5, "36.5"), (36.0, "36"), (4.25, "4.3"), (0.04, "0"), (99.96, "100"), (120.5, "121")]
)
def test_a_half_is_said_or_rounded_up(number: float, written: str):
    assert words.short(number) == written


def test_a_design_that_can_show_nothing_says_whether_cases_or_the_shares_are_to_blame():
    def sentence_of(p0: float, p1: float, horizon: int) -> str:
        design = Design(p0, p1, horizon, 0.1)
        return words.of_design(design, lc_cusum.limit(design))

    assert "p0 and p1 are too close to be told apart" in sentence_of(0.1, 0.1001, 30)
    assert "p0 and p1 are too close to be told apart" in sentence_of(0.1, 0.1001, 5)
    assert "So few cases cannot show it" in sentence_of(0.1, 0.25, 5)
    assert "Simulated: " in sentence_of(0.1, 0.25, 50)


def test_the_file_of_a_chart_is_safe_in_a_spreadsheet():
    csv_text = chart_card._csv(
        pd.DataFrame({"Patient": ["=1+1", "P-1"], "n": [-2, 3], "Puncture time, min": [1.5, None]})
    )
    assert csv_text == '\ufeff"Patient","n","Puncture time, min"\r\n"\'=1+1",-2,1.5\r\n"P-1",3,""\r\n'

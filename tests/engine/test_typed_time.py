"""A time of day as people type it at the bedside: every usual form, no day by accident, the hour that comes twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from tests.helpers.bare import bare_page

BERLIN = ZoneInfo("Europe/Berlin")
PAGE = """<script>localStorage.setItem("is:zone", "Europe/Berlin")</script><script type="module">
import { typedTime } from "./model/typed_time.js";
window.typed = (texts, now) => texts.map((text) => typedTime(text, now));
</script>"""
WEDNESDAY = datetime(2026, 11, 25, 14, 0, tzinfo=BERLIN)
FORMS = (
    "{h:02}:{m:02}",
    "{h}:{m:02}",
    "{h:02}{m:02}",
    "{h}.{m:02}",
    "{h}h{m:02}",
    "{h} {m:02}",
    "{h:02},{m:02}",
    " {h}:{m:02} ",
)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    yield from bare_page(browser, PAGE, "typed")


def read(page: Page, now: datetime, *texts: str) -> list[Any]:
    return page.evaluate("([texts, now]) => typed(texts, now)", [texts, int(now.timestamp() * 1000)])


def at(page: Page, now: datetime, text: str) -> tuple[datetime | None, bool]:
    (answer,) = read(page, now, text)
    moment = None if answer["at"] is None else datetime.fromtimestamp(answer["at"] / 1000, UTC).astimezone(BERLIN)
    return moment, answer["today"]


@pytest.mark.parametrize("text", ["1355", "13.55", "13h55", "13 55", "13:55", "13:55:00", "135500", "13,55", "13H55"])
def test_every_form_that_people_type_is_one_time(page: Page, text: str):
    assert at(page, WEDNESDAY, text) == (WEDNESDAY - timedelta(minutes=5), True)


@pytest.mark.parametrize("text", ["13:75", "25:00", "47:00", "99:99", "2400", "12:00:61", "1", "13:5", "abc", "-1:00"])
def test_a_time_that_no_clock_shows_is_none_and_a_sentence_says_what_was_found(page: Page, text: str):
    (answer,) = read(page, WEDNESDAY, text)
    assert answer["at"] is None
    assert answer["text"].startswith("Expected ")
    assert text in answer["text"]


@pytest.mark.parametrize("ahead", [0, 1, 4, 5])
def test_a_few_minutes_ahead_means_now(page: Page, ahead: int):
    text = f"{WEDNESDAY + timedelta(minutes=ahead):%H:%M}"
    assert at(page, WEDNESDAY, text) == (WEDNESDAY, True)


def test_a_few_minutes_ahead_over_midnight_means_now_too(page: Page):
    late = WEDNESDAY.replace(hour=23, minute=58)
    assert at(page, late, "00:02") == (late, True)
    assert at(page, late, "00:04") == (WEDNESDAY.replace(hour=0, minute=4), True)


@pytest.mark.parametrize(("text", "now"), [("14:06", WEDNESDAY), ("23:50", WEDNESDAY.replace(hour=0, minute=10))])
def test_another_day_is_asked_and_shown(page: Page, text: str, now: datetime):
    moment, today = at(page, now, text)
    assert not today
    assert moment == datetime.combine(now.date() - timedelta(days=1), datetime.strptime(text, "%H:%M").time(), BERLIN)
    assert read(page, now, text)[0]["text"].endswith("Was it yesterday?")


@pytest.mark.parametrize(
    ("text", "utc"), [("02:50", "00:50"), ("02:10", "01:10"), ("02:30", "01:30"), ("01:59", "23:59"), ("0234", "01:30")]
)
def test_in_the_hour_that_comes_twice_it_is_the_nearest_in_the_past(page: Page, text: str, utc: str):
    now = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 for the second time
    moment, today = at(page, now, text)
    assert today
    assert moment is not None
    assert f"{moment.astimezone(UTC):%H:%M}" == utc


def test_the_hour_that_is_left_out_is_no_time_of_that_day(page: Page):
    after = datetime(2026, 3, 29, 10, 0, tzinfo=BERLIN)
    (answer,) = read(page, after, "02:30")
    assert not answer["today"]
    assert answer["text"] == "02:30 does not exist today. Was it yesterday?"
    day_after = datetime(2026, 3, 30, 1, 0, tzinfo=BERLIN)
    assert read(page, day_after, "02:30")[0] == {
        "at": None,
        "today": True,
        "text": "There was no 02:30 on that day: the clocks were put on.",
    }


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    time=st.times(),
    form=st.sampled_from(FORMS),
)
def test_what_is_understood_shows_what_was_typed_and_never_lies_ahead(page: Page, now: datetime, time: Any, form: str):
    moment, today = at(page, now, form.format(h=time.hour, m=time.minute))
    local = now.astimezone(BERLIN)
    if moment is None:
        return
    assert moment <= now
    assert now - moment < timedelta(hours=49)
    if (moment.hour, moment.minute) != (time.hour, time.minute):
        ahead = datetime.combine(local.date(), time.replace(second=0, microsecond=0), BERLIN) - local
        assert today
        assert timedelta(0) < ahead <= timedelta(minutes=65)  # now stands for it
    assert today == (moment.date() == local.date())

"""What the recovery board says of a patient, worked out by the board's own modules without a server."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from core.protocols import wording
from tests.helpers.bare import bare_page
from tests.helpers.tables import LUMBAR

PAGE = """<script type="module">
import { modelOf } from "./model/model.js";
import { labelOf } from "./model/wording.js";
import { byNeed, byWait, standing, wardAlarms } from "./model/timers.js";
import { faceOf } from "./recovery/face.js";
import { redFlags } from "./recovery/observations.js";
const patient = (tables, events, now = 0) => {
  const model = modelOf(tables, events);
  const lit = wardAlarms(model, now).filter((alarm) => !alarm.cue).sort(byWait);
  const stand = standing(model);
  return { model, stand, lit, flags: redFlags({ model, stand }) };
};
window.says = {
  labels: (tables, events) => modelOf(tables, events).entries.map((line) => labelOf(tables, line)),
  face: (tables, events, now) => faceOf(patient(tables, events, now), now),
  order: (tables, logs, now) => Object.keys(logs)
    .map((name) => ({ name, ...patient(tables, logs[name], now) })).sort(byNeed).map((one) => one.name),
};
</script>"""

MINUTE = 60_000
Entry = dict[str, Any]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    yield from bare_page(browser, PAGE, "says")


def ask(page: Page, what: str, *inputs: Any) -> Any:
    """The answer of one of `says`, after the lumbar tables."""
    return page.evaluate("([what, given]) => window.says[what](...given)", [what, [wording.plain(LUMBAR), *inputs]])


def log(*entries: tuple[float, str, Entry]) -> list[Entry]:
    """Entries (minute, kind, data) of one tablet."""
    return [
        {
            "id": f"e{n}",
            "session": "s",
            "kind": kind,
            "at": round(minute * MINUTE),
            "tapped": round(minute * MINUTE),
            "device": "tablet",
            "seq": n,
            "by": "RR",
            "data": data,
        }
        for n, (minute, kind, data) in enumerate(entries)
    ]


def mark(minute: float, name: str, **carried: Any) -> tuple[float, str, Entry]:
    return minute, "mark", {"mark": name, **carried}


def seen(minute: float, complication: str, **described: Any) -> tuple[float, str, Entry]:
    return minute, "complication", {"complication": complication, **described}


def test_an_id_that_every_object_of_the_language_has_is_shown_by_its_name(page: Page):
    entries = log(seen(1, "constructor"), mark(2, "valueOf"), (3, "check", {"check": "toString"}))
    assert ask(page, "labels", entries) == ["constructor", "valueOf", "toString"]


def flags(page: Page, *entries: tuple[float, str, Entry]) -> list[str]:
    """The red flags on the card of somebody who lies supine since minute 30."""
    past = log(
        mark(0, "skin_puncture"),
        mark(5, "needle_removed"),
        mark(6, "compression_started"),
        mark(29, "compression_ended"),
        mark(30, "supine_started"),
        *entries,
    )
    return [flag.split(".")[0] for flag in ask(page, "face", past, 60 * MINUTE)["flags"]]


def test_a_red_flag_stands_until_it_is_told_to_be_over_whatever_is_observed_after_it(page: Page):
    weak = seen(31, "leg_weakness")
    later = (seen(32, "lumbar_pain"), (33, "note", {"text": "asleep"}), (34, "check", {"check": "urine_passed"}))
    assert flags(page, weak, *later) == ["Red flag: leg weakness"]
    assert flags(page, weak, *later, (40, "detail", {"of": "e5", "set": {"resolved": 40 * MINUTE}})) == []
    assert flags(page, weak, *later, (40, "undo", {"of": "e5"})) == []


def test_every_red_flag_is_told_once_the_newest_first_and_none_that_was_over_before_the_ward(page: Page):
    assert flags(page, seen(2, "leg_weakness")) == []
    weak, hot = seen(31, "leg_weakness"), seen(32, "fever")
    assert flags(page, weak, hot, seen(33, "leg_weakness")) == ["Red flag: leg weakness", "Red flag: fever"]
    assert flags(page, seen(31, "headache", postural="not postural")) == []
    assert flags(page, seen(31, "headache", postural="worse upright")) == ["Red flag: headache worse upright"]


AFTER = (mark(0, "skin_puncture"), mark(2, "injection_completed"), mark(5, "needle_removed"))
COMPRESSES = (*AFTER, mark(6, "compression_started"))
LIES = (*COMPRESSES, mark(29, "compression_ended"), mark(30, "supine_started"))
GOES = (*LIES, mark(271, "supine_ended"))


def later(minutes: float, past: tuple[tuple[float, str, Entry], ...]) -> list[Entry]:
    return log(*((minute + minutes, kind, data) for minute, kind, data in past))


def test_whoever_needs_an_action_stands_first_the_unseen_alarm_above_all(page: Page):
    now = 300
    short = (*COMPRESSES, mark(16, "compression_ended"), mark(16, "supine_started"))
    patients = {
        "left": later(25, (*GOES, mark(273, "discharged"))),
        "lies": later(200, LIES),
        "compresses": later(now - 10, COMPRESSES),
        "goes": later(0, GOES),
        "out": later(now - 7, AFTER),
        "asked": later(now - 20, short),
        "over": later(now - 280, LIES),
        "over, seen": later(
            now - 290, (*LIES, (275, "ack", {"alarm": "supine_short", "of": str((now - 260) * MINUTE)}))
        ),
        "due": later(now - 31, COMPRESSES),
    }
    order = ["due", "asked", "over", "over, seen", "goes", "out", "compresses", "lies", "left"]
    assert ask(page, "order", patients, now * MINUTE) == order


def test_who_waits_for_discharge_has_waited_since_the_last_timer_ended(page: Page):
    first, second = later(0, GOES), later(10, GOES)
    again = (mark(275, "compression_started"), mark(296, "compression_ended"))
    walked = later(0, (*GOES, *again, mark(297, "supine_started"), mark(298, "supine_ended")))
    assert ask(page, "order", {"c": walked, "b": second, "a": first}, 300 * MINUTE) == ["a", "b", "c"]


def test_a_card_of_one_who_has_left_says_what_is_missing_until_it_is_told(page: Page):
    def lacks(*entries: tuple[float, str, Entry]) -> str:
        return str(ask(page, "face", log(*GOES, *entries), 300 * MINUTE)["lacks"])

    assert lacks() == "Leg movement and sensation checked, Vial lot"
    gone = mark(280, "discharged")
    assert lacks(gone) == "Leg movement and sensation checked, Vial lot"
    assert lacks(gone, (281, "check", {"check": "legs"})) == "Vial lot"

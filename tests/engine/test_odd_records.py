"""Records that hold what no page would enter today: no page falls over them."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core import clock, protocols
from core.care import call, dosing
from core.engine import events, scenario
from core.records import index, sessions
from core.store import new_session_id
from tests.care.test_patient import SUPINE, WARD
from tests.helpers.courses import DAY_MS, keep
from tests.helpers.tables import HEAD, LUMBAR, LUMBAR_TEXT
from tests.pages.test_aftercare_pages import by, checked
from tests.pages.test_aftercare_pages import opens as opens
from tests.pages.test_pages import shown

FAR = 10**15  # a moment that no calendar holds
PAGES = ("start.py", "follow_up.py", "records.py", "new_procedure.py")
Opens = Callable[..., AppTest]


def stored(*more: dict[str, Any], **head: Any) -> str:
    """A patient who had the dose two days ago, and what was added to the record since."""
    start = clock.now_ms() - 2 * DAY_MS
    return keep(sessions.store(), HEAD | {"patient": "P-1", "events": [*WARD, *SUPINE, *more]} | head, start)


def add(session: str, kind: str, data: dict[str, Any]) -> None:
    """Adds an entry past all checks of pages and routes."""
    now = clock.now_ms()
    entry = {
        "id": new_session_id(now),
        "session": session,
        "kind": kind,
        "at": now,
        "tapped": now,
        "device": "d",
        "seq": 99,
        "data": data,
    }
    sessions.store().append(session, [events.plain(events.read(entry))])


def of(session: str, kind: str, key: str = "") -> str:
    """The id of the first entry of a kind that names this."""
    entries = sessions.store().load(session).events
    return next(entry["id"] for entry in entries if entry["kind"] == kind and key in ("", entry["data"].get(kind)))


def of_before(text: str) -> str:
    """A protocol's text as it was before it said by which marks a dose is given and a call recorded, or when an adverse
    event was over.
    """
    text = re.sub(r"(?m)^(dosed|made|tried|left_out|tries|tries_unit) = .*\n", "", text)
    head, *calls = text.split("[[follow_up]]")
    calls = [re.sub(r"(?m)^(value|is) = .*\n", "", part) for part in calls]
    head = re.sub(r"(?m)^\[value\.resolved\]\n(.+\n)+", "", head).replace(', "resolved"]', "]")
    return "[[follow_up]]".join([head, *calls])


def test_a_record_made_before_calls_could_be_recorded_keeps_its_dose_and_asks_for_none(opens: Opens):
    now, text = clock.now_ms(), of_before(LUMBAR_TEXT)
    start = now - 4 * DAY_MS
    record = scenario.parse(json.dumps(HEAD | {"patient": "P-1", "events": WARD}))
    entries = record.events("20260101-before", start)
    session = sessions.open_session(sessions.store(), text, record.opened, entries, "20260101-before", start)
    head = sessions.store().load(session).head
    assert head["hash"] == protocols.text_hash(text)
    (row,) = index.index().rows()
    assert (row.dosed_at, row.calls) == (start + 600_000, [])
    assert dosing.coming([row], LUMBAR.id, now) is not None
    read = sessions.read(sessions.store(), session)
    told_call = call.Call(read, read.protocol.follow_up[0], now, "CK", [call.Answer("fever", now, {"resolved": now})])
    (refused,) = call.faults(told_call, now)
    assert "expected a protocol that says how a call is recorded" in refused
    assert call.ends_before(read, "headache", now, {"resolved": now - 1}) == []
    page = opens("call.py", s=session, c=read.protocol.follow_up[0].id)
    assert [warning.value for warning in page.warning] == [refused]
    by(page, "button", " save call").click()
    assert [error.value for error in checked(page).error] == [refused]
    assert sessions.store().load(session).version == len(entries)


@pytest.mark.parametrize("mark_id", ["csf_outflow", "injection_completed", "supine_started"])
def test_a_mark_moved_beyond_the_calendar_hides_nothing_on_any_page(opens: Opens, mark_id: str):
    session = stored()
    add(session, "amend", {"of": of(session, "mark", mark_id), "set": {"at": FAR}, "reason": "mistyped"})
    assert index.index().unreadable() == [] != index.index().rows()
    for file in PAGES:
        opens(file)
    assert opens("patient.py", p="P-1").title[0].value == "P-1"
    opens("call.py", s=session, c=LUMBAR.follow_up[0].id)


@pytest.mark.parametrize("moment", [FAR, -FAR, "yesterday", True, 1.5])
def test_an_end_of_an_adverse_event_that_is_no_moment_hides_nothing(opens: Opens, moment: Any):
    session = stored()
    add(session, "complication", {"complication": "headache", "resolved": moment})
    assert "Headache" in shown(opens("patient.py", p="P-1"))
    opens("call.py", s=session, c=LUMBAR.follow_up[0].id)


@pytest.mark.parametrize("dose", [10**9, 10**15, -7, 0, 1001])
def test_a_dose_of_a_number_that_none_can_have_hides_nothing_and_nothing_is_counted_on_from_it(opens: Opens, dose: int):
    session = stored()
    add(session, "amend", {"of": of(session, "opened"), "set": {"dose": dose}, "reason": "mistyped"})
    for file in PAGES:
        opens(file)
    assert opens("patient.py", p="P-1").title[0].value == "P-1"
    assert dosing.due(index.index().rows(), clock.now_ms() + 1000 * DAY_MS) == []
    page = opens("new_procedure.py")
    page.text_input(key="patient").set_value("P-1").run()
    assert page.number_input(key="dose-0").value == 1

"""Finding records by what a lead remembers of them."""

from pathlib import Path

import pytest

from core.records.find import Wanted, find, offered
from tests.helpers.kept import INJECTED, cervical, keep, ms, rows, with_everything
from tests.helpers.tables import CERVICAL, LUMBAR, mark


@pytest.fixture
def four(data: Path) -> dict[str, str]:
    """Four records and a drill, by a name of their own."""
    return {
        "everything": with_everything(),
        "neck": cervical(),
        "mistake": keep([mark(0, "voided")], "2026-03-01T09:00:00Z", patient="P-800"),
        "plain": keep(INJECTED, "2026-03-02T09:00:00Z", patient="P-0061", operator="ck"),
        "drill": keep(INJECTED, "2026-03-03T09:00:00Z", patient="DRILL-1", drill=True),
    }


WANTED = {
    "everything, the newest first": (Wanted(), ["plain", "mistake", "neck", "everything"]),
    "a part of a patient's code, in small letters": (Wanted(patient="p-006"), ["plain", "everything"]),
    "the id that a report shows": (Wanted(patient="20260202-cervical"), ["neck"]),
    "an operator who held the needle last": (Wanted(operator="BL"), ["everything"]),
    "an operator who handed the needle over": (Wanted(operator="AK"), ["mistake", "neck", "everything"]),
    "a protocol": (Wanted(protocol=CERVICAL.id), ["neck"]),
    "an outcome": (Wanted(outcome="Success"), ["plain", "neck", "everything"]),
    "from a moment on": (Wanted(since=ms("2026-03-01T09:00:00Z")), ["plain", "mistake"]),
    "before a moment": (Wanted(until=ms("2026-03-01T09:00:00Z")), ["neck", "everything"]),
    "something to review": (Wanted(to_review=True), ["neck", "everything"]),
    "drills too": (Wanted(drills=True, since=ms("2026-03-02T00:00:00Z")), ["drill", "plain"]),
    "without mistakes": (Wanted(mistaken=False), ["plain", "neck", "everything"]),
    "two things at once": (Wanted(patient="P-006", protocol=LUMBAR.id, to_review=True), ["everything"]),
    "nothing that there is": (Wanted(patient="P-999"), []),
}


@pytest.mark.parametrize(("wanted", "names"), WANTED.values(), ids=WANTED)
def test_what_is_asked_for_is_found(four: dict[str, str], wanted: Wanted, names: list[str]):
    assert [row.session for row in find(rows(), wanted)] == [four[name] for name in names]


def test_what_can_be_chosen_is_what_the_records_hold(four: dict[str, str]):
    assert offered(rows(), "operators") == ["AK", "BL", "CK"]
    assert offered(rows(), "outcome_label") == ["Opened by mistake", "Success"]
    assert offered(rows(), "protocol") == [CERVICAL.id, LUMBAR.id]

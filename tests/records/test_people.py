"""One person is one operator, however the initials were typed: in lists, curves, exports and hand-overs."""

from pathlib import Path

import pytest

from core.curves.cases import cases
from core.facts.insertions import person
from core.records.find import Wanted, find, offered
from tests.helpers.kept import INJECTED, keep, rows
from tests.helpers.tables import LUMBAR, mark

SPELLINGS = ("AK", "ak", " AK ", "Ak")


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("ak", "AK"),
        ("AK ", "AK"),
        ("  a  k ", "A K"),
        ("berglund", "Berglund"),
        ("BERGLUND", "Berglund"),
        ("ß", "SS"),
        ("", ""),
        (None, ""),
    ],
)
def test_however_it_is_typed_a_name_is_written_in_one_way(typed: str | None, written: str):
    assert person(typed) == written
    assert person(written) == written


def test_three_spellings_are_one_operator_of_every_list_and_curve(data: Path):
    for month, name in enumerate(SPELLINGS, 1):
        keep(INJECTED, f"2026-0{month}-02T09:00:00Z", patient=f"P-{month}", operator=name, recorder=name.lower())
    assert offered(rows(), "operators") == ["AK"]
    assert {(row.recorder, *row.people) for row in rows()} == {("AK", "AK")}
    assert len(find(rows(), Wanted(operator="ak "))) == len(SPELLINGS)
    assert list(cases(rows(), LUMBAR).frame["own"]) == list(range(1, len(SPELLINGS) + 1))


def test_the_needle_that_goes_from_ak_to_ak_has_not_changed_hands(data: Path):
    handed = [*INJECTED[:1], mark(1, LUMBAR.operator_mark, operator="ak"), *INJECTED[1:]]
    keep(handed, operator="AK")
    (row,) = rows()
    assert row.case_operators == row.operators == ["AK"]

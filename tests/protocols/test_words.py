"""The words of a protocol are filled by names alone: a text from elsewhere makes the filler do nothing else."""

import pytest

from core.protocols import fill
from core.protocols.check import misworded


@pytest.mark.parametrize(
    ("template", "reads"),
    [
        ("{count} failed at {group}", "3 failed at L2–L3"),
        ("{unknown}.", "."),
        ("{count:>2000000000}", "{count:>2000000000}"),
        ("{count.__class__}", "{count.__class__}"),
        ("{count!r} {0[a]} {", "{count!r} {0[a]} {"),
        ("{__class__}{constructor}", ""),
        ("{{count}}", "{3}"),
    ],
)
def test_only_a_name_in_braces_is_filled(template: str, reads: str):
    assert fill(template, {"count": "3", "group": "L2–L3"}) == reads


def test_what_a_word_brings_along_is_not_filled_again():
    assert fill("{group}", {"group": "{count}", "count": "3"}) == "{count}"


@pytest.mark.parametrize(
    "template", ["{count", "count}", "{{count}}", "{count:x>9}", "{count.real}", "{}", "{count!r}"]
)
def test_check_refuses_whatever_would_stay_in_braces(template: str):
    assert list(misworded(template, {"count"}, "here"))
    assert not list(misworded("{count} and {count}", {"count"}, "here"))

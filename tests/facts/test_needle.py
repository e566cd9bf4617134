"""Whose case a procedure was: who held the needle from the first insertion until CSF came."""

import pytest

from core.facts.insertions import case_operators
from tests.helpers.tables import play

NEEDLE_IN = """
time  | tap
00:00 | start scan
06:00 | skin puncture L3-L4
"""
OUTFLOW = "10:00 | CSF outflow\n"
# (what happened, the rows after the first puncture, who held the needle)
CASES = [
    ("one operator", OUTFLOW, ["AK"]),
    (
        "handed over between two insertions",
        "07:00 | withdrawn\n08:00 | change operator BL\n09:00 | skin puncture L3-L4\n" + OUTFLOW,
        ["AK", "BL"],
    ),
    ("handed over with the needle in", "07:00 | change operator BL\n" + OUTFLOW, ["AK", "BL"]),
    ("handed over and back", "07:00 | change operator BL\n08:00 | change operator AK\n" + OUTFLOW, ["AK", "BL", "AK"]),
    (
        "handed over once CSF flowed, to inject",
        OUTFLOW + "11:00 | change operator BL\n12:00 | start injection\n",
        ["AK"],
    ),
    ("handed over to herself", "07:00 | change operator AK\n" + OUTFLOW, ["AK"]),
    ("a hand-over that was undone", "07:00 | change operator BL\n08:00 | undo of 07:00\n" + OUTFLOW, ["AK"]),
    ("CT guidance, then someone else", "07:00 | withdrawn\n08:00 | CT guidance\n09:00 | change operator CM\n", ["AK"]),
    ("no end yet", "07:00 | withdrawn\n08:00 | change operator BL\n", ["AK", "BL"]),
]


@pytest.mark.parametrize(("rows", "held"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_needle_was_held_by(rows: str, held: list[str]):
    assert case_operators(play(NEEDLE_IN + rows)) == held


def test_a_hand_over_before_the_first_insertion_makes_it_the_second_operators_case():
    session = play(
        "time | tap\n00:00 | start scan\n01:00 | change operator BL\n06:00 | skin puncture L3-L4\n" + OUTFLOW
    )
    assert case_operators(session) == ["BL"]


def test_without_an_insertion_it_is_whoever_was_named_last():
    assert case_operators(play("time | tap\n00:00 | start scan\n")) == ["AK"]
    assert case_operators(play("time | tap\n00:00 | start scan\n01:00 | change operator BL\n")) == ["BL"]

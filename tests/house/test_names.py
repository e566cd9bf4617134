"""Names say what a thing is: few are `one`, `found` or `told`."""

import pytest

from tests.helpers.names import MOST, VAGUE, bound, in_javascript, in_python, vague

CODE = [("core", "Python"), ("pages", "Python"), ("pages/board", "JavaScript"), ("tests", "Python")]


@pytest.mark.parametrize(("folder", "language"), CODE)
def test_fewer_than_two_names_in_a_hundred_are_vague(folder: str, language: str):
    names = bound(folder, language)
    assert len(names) > 1000, "so few names were read that the share says nothing"
    few = vague(names)
    places = "\n".join(f"{name.file}:{name.line} {name.name}" for name in few[:40])
    assert len(few) < MOST * len(names), f"{len(few)} of {len(names)} names are vague, the first of them:\n{places}"


def test_names_are_read_wherever_python_binds_them():
    text = """
import numpy as made
def told(one, *, kept=1, **named):
    for found, _ in one: pass
    with open() as held: pass
    try: pass
    except ValueError as said: pass
    return [some for some in one if (given := some)], kept.m
class ui: pass
"""
    assert {name for name, _ in in_python(text)} - {"_"} == VAGUE - {"m"}


def test_names_are_read_wherever_javascript_binds_them():
    text = """
import * as ui from "./ui.js";
const told = 1, { key: found, one = "m", ...kept } = word; // let said = 2
function named(held, { made }) {
  for (const [, given] of told.m) log("const m = 1", told.said);
  return (some) => some;
}
class Board {
  m(x) {
    if (x) {
    }
  }
}
"""
    assert {name for name, _ in in_javascript(text)} >= VAGUE - {"said", "found", "one", "kept"}
    assert "said" not in {name for name, _ in in_javascript(text)}
    pattern = "const { key: found, one = m, ...kept } = word;"
    assert [name for name, _ in in_javascript(pattern)] == ["found", "one", "kept"]

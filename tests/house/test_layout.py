"""The layout shows itself: every folder says in one sentence what it holds, and a module fits on three screens."""

import ast
from pathlib import Path

import pytest

from tests.helpers.app import ROOT

PACKAGES = ("core", "pages/parts", "tests")
NO_CODE = {"core/reference", "tests/pictures"}  # data and pictures
LINES = 250
# Longer, and the reason why it is better whole.
LONGER = {
    "core/protocols/tables.py": "the reference of every key that a protocol file may have, read from top to bottom",
}


def folders() -> list[str]:
    """Every folder of code and tests that holds anything but data."""
    below = [folder for package in PACKAGES for folder in (ROOT / package, *(ROOT / package).rglob("*"))]
    names = [folder.relative_to(ROOT).as_posix() for folder in below if folder.is_dir()]
    return [name for name in names if "__pycache__" not in name and name not in NO_CODE and holds_python(ROOT / name)]


def holds_python(folder: Path) -> bool:
    return any(folder.glob("*.py"))


def modules() -> list[str]:
    paths = [path for top in ("core", "pages") for suffix in ("py", "js") for path in (ROOT / top).rglob(f"*.{suffix}")]
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


@pytest.mark.parametrize("folder", folders())
def test_every_folder_begins_with_one_sentence_that_says_what_it_holds(folder: str):
    opening = ROOT / folder / "__init__.py"
    assert opening.is_file(), f"{folder} has no __init__.py to say what it holds"
    docstring = ast.get_docstring(ast.parse(opening.read_text(encoding="utf-8"))) or ""
    assert docstring.endswith("."), f"{folder}/__init__.py: expected a sentence, found {docstring!r}"
    assert docstring[0].isupper(), docstring
    assert "\n" not in docstring, docstring
    assert ". " not in docstring, f"{folder}/__init__.py says more than one sentence: {docstring}"


def test_no_module_is_longer_than_three_screens_but_those_with_a_reason():
    lengths = {module: len((ROOT / module).read_text(encoding="utf-8").splitlines()) for module in modules()}
    assert len(lengths) > 100, "so few modules were read that this says nothing"
    long = {module: length for module, length in lengths.items() if length > LINES and module not in LONGER}
    assert not long, f"longer than {LINES} lines: {long}"
    needless = [module for module in LONGER if lengths.get(module, 0) <= LINES]
    assert not needless, f"an exception that nothing needs any more: {needless}"

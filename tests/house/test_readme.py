"""The README is true: every file, folder, link and test that it names exists."""

import re
import shutil
import subprocess
from functools import cache
from zoneinfo import available_timezones

import pytest

from tests.helpers.app import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.M | re.S)
PROSE = FENCE.sub("", README)  # commands and examples name files that a reader makes
SUFFIXES = "py|js|css|html|toml|md|json|csv|txt|png|svg|ics|yaml|yml"
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMES_A_FILE = re.compile(rf"(?:[\w.*@-]+/)*[\w.*@-]+\.(?:{SUFFIXES})")
NAMES_A_FOLDER = re.compile(r"(?:\.?[\w-]+/)+[\w-]*")
NO_FILES = ("api", "_stcore")  # routes
MADE = (".venv", "data", "index", "locks", "sessions")  # by whoever installs or runs the app


@cache
def files() -> frozenset[str]:
    """Every file of the project, by its path from the top."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        return frozenset(path for path in listed if (ROOT / path).is_file())
    return frozenset(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())


def exists(name: str) -> bool:
    """As a path from the top or the end of one, a star standing for any name; a folder with or without its slash."""
    pattern = re.escape(name.removeprefix("./").rstrip("/")).replace(r"\*", "[^/]*")
    whole = re.compile(rf"(?:.*/)?{pattern}(?:/.*)?")
    return any(whole.fullmatch(path) for path in files())


def named_paths() -> list[str]:
    """What stands in backticks and looks like a file or a folder; no address, command or route."""
    words = [code.removesuffix(":") for code in CODE.findall(PROSE)]
    paths = {word for word in words if NAMES_A_FILE.fullmatch(word) or names_a_folder(word)}
    return sorted(path for path in paths if path.split("/")[0] not in NO_FILES + MADE)


def names_a_folder(word: str) -> bool:
    return bool(NAMES_A_FOLDER.fullmatch(word)) and word not in available_timezones()


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as GitHub makes them; a second heading of the same words is numbered."""
    seen: dict[str, int] = {}
    headings = set()
    for heading in re.findall(r"^#{1,6}\s+(.+?)\s*#*$", FENCE.sub("", text), re.M):
        words = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        anchor = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = seen.get(anchor, 0)
        seen[anchor] = number + 1
        headings.add(f"{anchor}-{number}" if number else anchor)
    return headings


def links(inside: bool) -> list[str]:
    """The links to places of the README itself, or to other files."""
    targets = sorted({link for link in LINK.findall(PROSE) if not re.match(r"[a-z]+:", link)})
    return [link for link in targets if link.startswith("#") is inside]


def hazards() -> list[tuple[str, list[str]]]:
    """The rows of the hazards table: the hazard, and the test files that cover it."""
    section = re.search(r"^##+ [^\n]*hazard.*?(?=^##? |\Z)", PROSE, re.M | re.S | re.I)
    rows = re.findall(r"^\|(.+)\|$", section[0] if section else "", re.M)[2:]
    cells = [row.split("|") for row in rows]
    return [(row[0].strip(), re.findall(r"[\w/]*test_\w+\.py", row[-1])) for row in cells]


@pytest.mark.parametrize("name", named_paths())
def test_every_file_and_folder_in_the_readme_exists(name: str):
    assert exists(name), f"README.md names {name}, which is nowhere in the project"


@pytest.mark.parametrize("link", links(inside=False))
def test_every_link_of_the_readme_leads_to_a_file_and_a_heading_that_exist(link: str):
    path, _, anchor = link.partition("#")
    target = ROOT / path
    assert target.exists(), f"README.md links to {path}, which does not exist"
    assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), f"{path} has no heading #{anchor}"


def test_every_anchor_of_the_readme_is_one_of_its_headings():
    assert [link for link in links(inside=True) if link[1:] not in anchors(README)] == []


def test_every_hazard_names_a_test_that_exists():
    rows = hazards()
    assert rows, "README.md has no table of hazards"
    uncovered = [hazard for hazard, tests in rows if not tests]
    assert not uncovered, f"no test covers: {uncovered}"
    gone = [test for _, tests in rows for test in tests if not exists(test if "/" in test else f"tests/*/{test}")]
    assert not gone, f"the table of hazards names tests that are gone: {gone}"

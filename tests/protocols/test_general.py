"""A protocol is a document: no phase, mark, value, clock or prompt of a shipped one stands in code by its name."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.app import ROOT
from tests.helpers.tables import CERVICAL, LUMBAR

# What code may say although a protocol has an id of the same letters, and why.
HONEST = {
    "stopped": "a status of FHIR",
    "bed": "a key at the top of the file",
    "score": "a section of the file",
    "after": "a key of a drill's step",
    "done": "a style of the board's rail and debrief",
    "open": "a key of a state's table; a button of New procedure",
    "follow_up": "a section of the file",
    "frame": "a key of a chart's title",
    "out": "a key of a counter",
    "other": "a word that a review's sentence may use",
    "pulse": "the part of Start that hears of changes",
    "operator": "who holds the needle: every opening has one, and the reference demands it of the mark that hands over",
    "resolved": "an outcome of an adverse event in FHIR",
    "weight_kg": "a vital sign that FHIR's profiles code",
    "spo2": "a vital sign that FHIR's profiles code",
    "reason": "a field that any entry may carry; the protocols ask for it under the same name",
}
SECTIONS = (
    "phase",
    "check",
    "value",
    "mark",
    "state",
    "prompt",
    "complication",
    "clock",
    "window",
    "counter",
    "total",
    "action",
    "outcome",
    "follow_up",
    "expect",
    "flag",
    "medication",
)
WORD = re.compile(r"""(["'`])([a-z][a-z0-9_]*)\1""")
PYTHON = sorted([*ROOT.glob("core/**/*.py"), *ROOT.glob("pages/**/*.py")])
SCRIPTS = sorted(ROOT.glob("pages/board/**/*.js"))


def ids() -> dict[str, str]:
    """Every id of the two shipped protocols, and what it is."""
    known_words: dict[str, str] = {}
    for p in (LUMBAR, CERVICAL):
        for section in SECTIONS:
            content = getattr(p, section)
            names = content if isinstance(content, dict) else [item.id for item in content]
            known_words |= dict.fromkeys(names, f"{section} of {p.id}")
    return known_words


def words(path: Path) -> Iterator[tuple[int, str]]:
    return words_of_python(path) if path.suffix == ".py" else words_of_script(path)


def words_of_python(path: Path) -> Iterator[tuple[int, str]]:
    """(line, string) of every string literal."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def words_of_script(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        yield from ((number, match[2]) for match in WORD.finditer(line.partition("// ")[0]))


@pytest.mark.parametrize("path", [*PYTHON, *SCRIPTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_of_code_names_anything_of_a_shipped_protocol(path: Path):
    known = ids()
    clinical = [
        f"line {line}: '{word}' is a {known[word]}" for line, word in words(path) if word in known.keys() - HONEST
    ]
    assert clinical == []


def test_every_exception_is_still_needed():
    used = {word for path in [*PYTHON, *SCRIPTS] for _, word in words(path)}
    assert used & ids().keys() == HONEST.keys()


def test_the_search_would_find_a_name():
    assert {"skin_puncture", "interspace", "contrast_clear", "puncture", "ct_guidance", "level"} <= ids().keys()
    assert len(PYTHON) > 30
    assert len(SCRIPTS) > 20


def test_the_bedside_loads_neither_pandas_nor_altair():
    """Charts load them when they are drawn: a tap must not wait for what it does not need."""
    script = (
        "import sys, core.web.server, core.__main__; print(sorted({'pandas', 'altair', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""The share of vague names among those that code binds: `python -m tests.helpers.names [folder …]`."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDERS = ("core", "pages", "tests")
MOST = 0.02  # of the names that a folder binds in one language
VAGUE = frozenset(["one", "found", "told", "said", "kept", "named", "held", "given", "made", "some", "m", "ui"])

WORD = r"[A-Za-z_$][\w$]*"
STRING_OR_COMMENT = re.compile(r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|//[^\n]*|/\*.*?\*/""", re.S)
DECLARED = re.compile(rf"\b(?:const|let|var)\s+({WORD}|\{{[^;]*?\}}|\[[^;]*?\])\s*(?:=|of\b|in\b|;)")
FUNCTION = re.compile(rf"\bfunction\*?\s*({WORD})?\s*\(([^)]*)\)")
ARROW = re.compile(rf"\(([^()]*)\)\s*=>|(?<![\w$.])({WORD})\s*=>")
METHOD = re.compile(rf"^\s*(?:(?:async|static|get|set)\s+)*#?({WORD})\(([^)]*)\)\s*\{{$", re.M)
CLASS_OR_ERROR = re.compile(rf"\bclass\s+({WORD})|\bcatch\s*\(({WORD})\)|\bimport\b[^;]*?\bas\s+({WORD})")
STATEMENTS = frozenset(["if", "for", "while", "switch", "catch", "return", "function"])


class Bound(NamedTuple):
    """A name, and the line that binds it."""

    name: str
    file: Path
    line: int


def in_python(text: str) -> Iterator[tuple[str, int]]:
    """Variables, parameters, functions, classes, aliases and caught errors, each with its line."""
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.alias(asname=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node.lineno


def in_javascript(text: str) -> Iterator[tuple[str, int]]:
    """The same by pattern: near enough for a share, and every line is one statement as the formatter writes it."""
    code = STRING_OR_COMMENT.sub(_blank, text)
    for pattern in (DECLARED, FUNCTION, ARROW, METHOD, CLASS_OR_ERROR):
        for match in pattern.finditer(code):
            if pattern is METHOD and match[1] in STATEMENTS:
                continue
            line = code.count("\n", 0, match.start()) + 1
            yield from ((name, line) for group in match.groups() if group for name in _of_pattern(group))


def _blank(match: re.Match[str]) -> str:
    """A string without its words, a comment as its line ends."""
    return '""' if match[1] else "\n" * match[0].count("\n")


def _of_pattern(pattern: str) -> list[str]:
    """The names that `{ key: name, other = 1 }` or `first, [second]` bind: neither keys nor defaults."""
    without_keys = re.sub(rf"{WORD}\s*:(?!\s*[{{\[])\s*", "", pattern)
    return re.findall(WORD, re.sub(r"=[^,}\])]*", "", without_keys))


READERS = {"Python": (".py", in_python), "JavaScript": (".js", in_javascript)}


def bound(folder: str, language: str) -> list[Bound]:
    """Every name that the folder's code in one language binds."""
    suffix, reader = READERS[language]
    return [
        Bound(name, path.relative_to(ROOT), line)
        for path in sorted((ROOT / folder).rglob(f"*{suffix}"))
        for name, line in reader(path.read_text(encoding="utf-8"))
    ]


def vague(names: list[Bound]) -> list[Bound]:
    return [name for name in names if name.name in VAGUE]


def main(folders: list[str]) -> None:
    for folder in folders:
        for language in READERS:
            names = bound(folder, language)
            if names:
                few = len(vague(names))
                share = few / len(names)
                print(f"{folder}, {language}: {few} of {len(names)} bound names are vague: {share:.1%}")


if __name__ == "__main__":
    main(sys.argv[1:] or list(FOLDERS))

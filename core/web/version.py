"""Which program this is, by its own sources: an open page learns from each answer whether it is still of the same.

The sources are read once, as the server starts: what is changed under a running server holds from its next start.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from core.paths import BOARD

HEADER = "Interspace-Version"
_ROOT = Path(__file__).parents[2]
_CODE = (".py", ".js", ".css", ".html", ".svg", ".woff2")
_PROGRAM_JS = "link/program.js"  # what the board's scripts know of themselves, in the board's folder


@cache
def program() -> str:
    """The version of everything that a page is made from."""
    return _digest(path for top in ("core", "pages") for path in (_ROOT / top).rglob("*") if path.suffix in _CODE)


@cache
def shape() -> str:
    """The version of what makes a protocol's text into tables: the same text may become other tables."""
    return _digest((_ROOT / "core" / "protocols").glob("*.py"))


def board_file(path: str) -> bytes | None:
    """A file of the board that says which program it is of; None where a file is given away as it stands."""
    if path != _PROGRAM_JS:
        return None
    text = (BOARD / path).read_text(encoding="utf-8")
    return (
        text.replace('PROGRAM = ""', f'PROGRAM = "{program()}"').replace('SHAPE = ""', f'SHAPE = "{shape()}"').encode()
    )


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(_ROOT).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]

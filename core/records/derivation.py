"""The version of the rows: a hash of the sources that make them, so that another program derives them anew."""

from functools import cache
from hashlib import sha256
from pathlib import Path

CORE = Path(__file__).parents[1]
# All that `core.records.row` and the reading of a stored record import (tests/records/test_derivation.py follows them).
SOURCES = ("engine/*.py", "facts/*.py", "protocols/*.py", "records/*.py", "*.py")


@cache
def derivation(core: Path = CORE) -> str:
    """The version of the rows that the sources in this folder make."""
    digest = sha256()
    for pattern in SOURCES:
        for path in sorted(core.glob(pattern)):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(core).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()

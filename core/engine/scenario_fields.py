"""Fields of a scenario file, each read strictly: one sentence says the place, what was expected, what was found."""

import json
import re
import unicodedata
from typing import Any, NoReturn

from core import protocols
from core.engine.events import TEXT_MAX
from core.engine.review import has_type
from core.engine.sentences import expected as expectation
from core.protocols.tables import Protocol

CLOCK = re.compile(r"([0-9]{2,5}):([0-5][0-9]):([0-5][0-9])")
COMMON = ("t", "at", "reason", "device", "by")


class BadScenario(Exception):
    """Why a scenario cannot be read."""


def bad(place: str, expected: str, content: Any) -> NoReturn:
    """Raises the one sentence that a bad scenario gets."""
    # In readable letters; half a character, which no text can hold, as its number.
    found = json.dumps(content, default=str, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    raise BadScenario(f"{place}: expected {expected}, found {found[:80]}")


def refuse_other_region(p: Protocol, place: str, content: Any) -> None:
    """A level of another region is refused by a sentence that names the protocol for it."""
    level = content.replace("–", "-") if isinstance(content, str) else None
    why = protocols.guard(p, level)
    if why:
        raise BadScenario(f"{place}: {why}")


def only_keys(place: str, raw_entry: dict[str, Any], keys: tuple[str, ...]) -> None:
    """Refuses a key that neither every entry has nor this kind."""
    for key in raw_entry:
        if key not in COMMON + keys:
            bad(place, f"only the keys {', '.join(dict.fromkeys(COMMON + keys))}", key)


def identifier(place: str, content: Any, tables: dict[str, Any]) -> str:
    """An id that one of these tables has."""
    if not isinstance(content, str) or content not in tables:
        bad(place, f"one of {', '.join(tables)}", content)
    return str(content)


def known_value(p: Protocol, place: str, key: str, content: Any) -> Any:
    """A value of the right type; an en dash in an option is the hyphen of its id. A range is left to the review."""
    identifier(place, key, p.value)
    if p.value[key].type == "option" and isinstance(content, str):
        content = content.replace("–", "-")
        if content not in [option.id for option in p.options(key)]:
            refuse_other_region(p, place, content)
            bad(place, expectation(p, key), content)
    if not has_type(p, key, content) or (isinstance(content, int | float) and abs(content) > 1e15):
        bad(place, expectation(p, key), content)
    return text(place, content, TEXT_MAX) if isinstance(content, str) else content


def text(place: str, content: Any, most: int, lines: bool = True) -> str:
    """Text without control characters (a note may have line breaks)."""
    clean = isinstance(content, str) and all(
        unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") or (lines and c in "\n\t") for c in content
    )
    if not clean or not 1 <= len(content) <= most:
        bad(place, f"text of 1 to {most} characters without control characters", content)
    return str(content)


def clock(place: str, content: Any) -> int:
    """A time hh:mm:ss in ms."""
    match = CLOCK.fullmatch(content) if isinstance(content, str) else None
    if not match:
        bad(place, "a time hh:mm:ss", content)
    hours, minutes, seconds = map(int, match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000

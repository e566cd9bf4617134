"""Protocol files as tables: every key of the reference, of its type, and no other; what is wrong, in sentences."""

import math
import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from core.protocols.check_shape import misshapen
from core.protocols.tables import Table

T = TypeVar("T", bound=Table)


def shape(raw: dict[str, Any], name: str, reference: type[T]) -> T:
    """The file's tables as the reference has them, each of the right shape. Raises ProtocolError naming each place."""
    sentences = [f"{name}: {problem}" for problem in misshapen(raw, reference)]
    if sentences:
        raise ProtocolError(sentences)
    try:
        return msgspec.convert(raw, reference)
    except msgspec.ValidationError as error:
        raise ProtocolError([f"{name}: {said_of(error, raw)}"]) from None


def said_of(error: msgspec.ValidationError, raw: Any) -> str:
    """msgspec's message as what was expected and what was found."""
    words = sentence(error, raw)
    words = re.sub(r"object contains unknown field `(.*?)`", r"expected only keys of the reference, found '\1'", words)
    words = re.sub(r"object missing required field `(.*?)`", r"expected the key '\1', found none", words)
    return words.replace("number out of range", "expected a number of a readable size")


def endless(content: Any, where: str = "") -> Iterator[str]:
    """TOML knows inf and nan; no bound can be either. The content has its shape already, so this is not deep."""
    if isinstance(content, float) and not math.isfinite(content):
        yield f"{where}expected a finite number, found {content}"
    elif isinstance(content, dict | list):
        inner = content.items() if isinstance(content, dict) else enumerate(content, 1)
        for key, member in inner:
            yield from endless(member, f"{where}{key}: ")


class ProtocolError(Exception):
    """A protocol file that cannot be used; `problems` are sentences; not `readable` where there is no text at all."""

    def __init__(self, problems: list[str], readable: bool = True) -> None:
        super().__init__("\n".join(problems))
        self.problems, self.readable = problems, readable


def sentence(error: msgspec.ValidationError, raw: Any) -> str:
    """msgspec's message with the place in plain words and the value found there."""
    what, _, path = str(error).partition(" - at `$")
    path = path.rstrip("`")
    content = raw
    for step in path.replace("[", ".[").split("."):
        try:
            if step.startswith("["):
                content = content[int(step[1:-1])]
            elif step:
                content = content[step]
        except (KeyError, IndexError, TypeError, ValueError):
            content = None
            break
    what = what[0].lower() + what[1:]
    shown = "" if isinstance(content, dict | list) or content is None else f" (found {str(content)[:60]!r})"
    return f"{path.lstrip('.') + ': ' if path else ''}{what}{shown}"

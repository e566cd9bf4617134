"""Protocol files read into tables: ours and the site's own, and the stored text of every version ever used.

`load` refuses a bad file with sentences: the place, what was expected, what was found.
"""

import hashlib
import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from core.protocols.check import problems
from core.protocols.shape import ProtocolError, shape
from core.protocols.tables import Protocol

FOLDER = Path(__file__).parent


def text_hash(text: str) -> str:
    """sha256 of the file's text: the name under which every version ever used is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str, name: str = "protocol") -> Protocol:
    """The tables of a protocol's text. Raises ProtocolError with every problem found."""
    protocol = read(text, name)
    sentences = problems(protocol)
    if sentences:
        raise ProtocolError([f"{name}: {sentence}" for sentence in sentences])
    return protocol


def read(text: str, name: str) -> Protocol:
    """The tables of a text that are of the right shape, whatever they say. Raises ProtocolError."""
    return shape(toml(text, name), name, Protocol)


def toml(text: str, name: str) -> dict[str, Any]:
    """A text as TOML, whatever its tables are. Raises ProtocolError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # tomllib finds a table or key that stands twice; anything else is no TOML at all.
        twice = str(error).startswith(("Cannot declare", "Cannot overwrite", "Duplicate"))
        sentence = f"expected every id once, found it twice: {error}" if twice else f"expected TOML, found: {error}"
        raise ProtocolError([f"{name}: {sentence}"], readable=twice) from None
    except (ValueError, RecursionError) as error:  # a number with thousands of digits; brackets in brackets in brackets
        raise ProtocolError([f"{name}: expected TOML of a readable size, found: {error}"], readable=False) from None


def load(path: Path) -> tuple[Protocol, str]:
    """A protocol file: its tables and its text. Raises ProtocolError."""
    text = text_of(path)
    return parse(text, path.name), text


def text_of(path: Path) -> str:
    """The text of a file. Raises ProtocolError."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError([f"{path.name}: expected UTF-8 text, found byte {error.start} unreadable"], False) from None
    except OSError as error:
        raise ProtocolError([f"{path.name}: expected a readable file, found: {error.strerror}"], False) from None


@cache
def shipped() -> dict[str, tuple[Protocol, str]]:
    """The protocols in use: id → (tables, text). A file of the site's own folder stands for ours of the same id.

    $INTERSPACE_PROTOCOLS names that folder. Raises ProtocolError.
    """
    loaded = map(load, files(FOLDER))
    return {protocol.id: (protocol, text) for protocol, text in loaded}


def files(ours: Path, within: str = "") -> list[Path]:
    """Our files of a folder, then those of the site's own; `within`: the folder in the site's that goes with ours."""
    own = os.environ.get("INTERSPACE_PROTOCOLS")
    folders = [ours, *([Path(own) / within] if own else [])]
    return [path for folder in folders for path in sorted(folder.glob("*.toml"))]


@cache
def parsed(text: str) -> Protocol:
    """The tables of a stored text, remembered. It was checked when it came into use: a rule of today that it does not
    meet must not make its records unreadable.
    """
    return read(text, "protocol")


def guard(p: Protocol, level: Any) -> str | None:
    """Why a level cannot be recorded under `p`, and which protocol is for it; None if it is no other region's."""
    return elsewhere(p).get(level)


def elsewhere(p: Protocol) -> dict[str, str]:
    """The levels of other regions, each with the sentence that says which protocol is for it."""
    sentences: dict[str, str] = {}
    for other, _ in shipped().values():
        for level in sorted(_levels(other) - _levels(p)) if other.region != p.region else ():
            sentence = (
                f"expected a {p.region} level, found {level}, which is a {other.region} one: "
                f"use the protocol {other.id} ({other.title})."
            )
            sentences.setdefault(level, sentence)
    return sentences


def _levels(p: Protocol) -> set[str]:
    return {option.id for key in p.levels for option in p.options(key)}

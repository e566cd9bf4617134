"""The protocols, and the code that reads and checks one: every phase, mark, limit and word of a procedure."""

from core.protocols.reader import (
    FOLDER,
    files,
    guard,
    load,
    parse,
    parsed,
    read,
    shipped,
    text_hash,
    text_of,
    toml,
)
from core.protocols.shape import ProtocolError
from core.protocols.tables import Protocol
from core.protocols.wording import duration, fill, filled, number, plain, span

__all__ = [
    "FOLDER",
    "Protocol",
    "ProtocolError",
    "duration",
    "files",
    "fill",
    "filled",
    "guard",
    "load",
    "number",
    "parse",
    "parsed",
    "plain",
    "read",
    "shipped",
    "span",
    "text_hash",
    "text_of",
    "toml",
]

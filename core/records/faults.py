"""What is wrong with a value that somebody enters on a page, as a sentence."""

from typing import Any

from core.engine.review import has_type, in_range
from core.engine.sentences import expected
from core.protocols.tables import Protocol


def fault(p: Protocol, key: str, found: Any) -> str | None:
    """Why the protocol does not allow this content of a value; None where it does."""
    offered = {option.id for option in p.options(key)}
    good = has_type(p, key, found) and in_range(p, key, found) and (not offered or found in offered)
    return None if good else f"{p.value[key].label}: expected {expected(p, key)}; found {_content(found)}."


def mistyped(p: Protocol, key: str, found: Any) -> str | None:
    """Why this cannot be the content of a value at all; one out of its range can be, and is listed to review."""
    offered = {option.id for option in p.options(key)}
    good = has_type(p, key, found) and (not offered or found in offered)
    return None if good else f"{p.value[key].label}: expected {expected(p, key)}; found {_content(found)}."


def _content(found: Any) -> str:
    return f"{found:g}" if isinstance(found, int | float) else "nothing" if found in (None, "") else str(found)[:60]

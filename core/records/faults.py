"""What is wrong with a value that somebody enters on a page, as a sentence."""

from typing import Any

from core.engine.review import has_type, in_range
from core.engine.sentences import expected
from core.protocols.tables import Protocol


def fault(p: Protocol, key: str, content: Any) -> str | None:
    """Why the protocol does not allow this content of a value; None where it does."""
    offered = {option.id for option in p.options(key)}
    good = has_type(p, key, content) and in_range(p, key, content) and (not offered or content in offered)
    return None if good else f"{p.value[key].label}: expected {expected(p, key)}; found {_content(content)}."


def mistyped(p: Protocol, key: str, content: Any) -> str | None:
    """Why this cannot be the content of a value at all; one out of its range can be, and is listed to review."""
    offered = {option.id for option in p.options(key)}
    good = has_type(p, key, content) and (not offered or content in offered)
    return None if good else f"{p.value[key].label}: expected {expected(p, key)}; found {_content(content)}."


def _content(content: Any) -> str:
    return (
        f"{content:g}"
        if isinstance(content, int | float)
        else "nothing"
        if content in (None, "")
        else str(content)[:60]
    )

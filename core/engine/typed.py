"""Numbers as people type them. Twin of pages/board/model/typed_number.js."""

import re

from core.engine.sentences import expected
from core.protocols.tables import Protocol

NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", re.ASCII)
WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
SHOWN_MAX = 40


class NotANumber(Exception):
    """What was expected and what was found, in a sentence."""


def number(p: Protocol, key: str, text: str) -> float | None:
    """The number that was typed for a value, None where nothing was: comma or point for decimals, the unit behind it or
    left out. What is out of range is one too: it may be what happened. Raises NotANumber.
    """
    value, typed = p.value[key], text.strip()
    if not typed:
        return None
    plain = typed.removesuffix(value.unit).rstrip() if value.unit else typed
    if not (WHOLE if value.whole else NUMBER).fullmatch(plain):
        raise NotANumber(f"{value.label}: expected {expected(p, key)}; found “{typed[:SHOWN_MAX]}”.")
    figure = float(plain.replace(",", "."))
    return int(figure) if figure.is_integer() else figure

"""A protocol's words, with the bounds and amounts that they name filled in; numbers and durations as people read them.

Twin of pages/board/model/format.js.
"""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import msgspec

from core.protocols.reader import elsewhere
from core.protocols.tables import Protocol, Window

BLANK = re.compile(r"\{([A-Za-z0-9_]+)\}")
TEN_DIGITS = Context(prec=10, rounding=ROUND_HALF_UP)  # what a sum of decimals adds behind them is noise


def plain(protocol: Protocol) -> dict[str, Any]:
    """The tables as JSON data for the board, words filled in; `elsewhere` says where other regions' levels belong."""
    tables: dict[str, Any] = msgspec.to_builtins(protocol)
    for mark, table in tables["mark"].items():
        table["hint"] = filled(protocol, protocol.mark[mark].hint)
    return tables | {"elsewhere": elsewhere(protocol)}


def filled(protocol: Protocol, template: str) -> str:
    """A hint with the bounds and amounts that it names: "{compression_short}" → "20 min"."""
    amounts = {window.id: span(window) for window in protocol.window}
    amounts |= {
        key: f"{number(value.usual)} {value.unit}" for key, value in protocol.value.items() if value.usual is not None
    }
    return fill(template, amounts)


def fill(template: str, words: Mapping[str, str]) -> str:
    """A sentence with its words in braces filled in; one that is not known is left out.

    A name is all that braces may hold: the text may come from elsewhere, and what str.format would obey
    (`{t:>999999999}`, `{t.__class__}`) is text here.
    """
    return BLANK.sub(lambda blank: words.get(blank[1], ""), template)


def span(window: Window) -> str:
    """A window's bound in words: "20 min", "4 h", "1 to 2 min"."""
    if window.advise_s:
        low, high = (duration(seconds) for seconds in window.advise_s)
        amount, unit = low.split()
        return f"{amount if high.endswith(f' {unit}') else low} to {high}"
    return duration(window.below_s or window.above_s or 0)


def duration(seconds: float) -> str:
    """Whole hours or minutes where it is so, else seconds."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds)} s"


def number(value: float) -> str:
    """A number as people read it: all digits of a whole one, of others ten: "300", "0.3", "1e+21"; never "-0"."""
    rounded = float(value if value % 1 == 0 else TEN_DIGITS.create_decimal(value))
    if rounded == 0:
        return "0"
    if 1e-6 <= abs(rounded) < 1e21:
        return f"{Decimal(repr(rounded)).normalize():f}"
    digits, exponent = repr(rounded).split("e")
    return f"{digits}e{int(exponent):+d}"

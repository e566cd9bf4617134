"""A protocol's words, with the bounds and amounts that they name filled in; durations as people read them."""

from typing import Any

import msgspec

from core.protocols.tables import Protocol, Window


def plain(protocol: Protocol) -> dict[str, Any]:
    """The tables as JSON data for the board, words filled in."""
    tables: dict[str, Any] = msgspec.to_builtins(protocol)
    for mark, table in tables["mark"].items():
        table["hint"] = filled(protocol, protocol.mark[mark].hint)
    return tables


def filled(protocol: Protocol, template: str) -> str:
    """A hint with the bounds and amounts that it names: "{compression_short}" → "20 min"."""
    amounts = {window.id: span(window) for window in protocol.window}
    amounts |= {
        key: f"{value.usual:g} {value.unit}" for key, value in protocol.value.items() if value.usual is not None
    }
    return template.format_map(amounts)


def span(window: Window) -> str:
    """A window's bound in words: "20 min", "4 h", "1 to 2 min"."""
    if window.advise_s:
        low, high = window.advise_s
        return f"{duration(low).split()[0]} to {duration(high)}"
    return duration(window.below_s or window.above_s or 0)


def duration(seconds: float) -> str:
    """Whole hours or minutes where it is so, else seconds."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s"

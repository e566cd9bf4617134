"""Moments in the words of a page."""

from core import clock


def ago(at: int) -> str:
    """How long a moment (UTC ms) is past, as it is said."""
    minutes = (clock.now_ms() - at) // 60_000
    hours = minutes // 60
    if hours >= 48:
        return f"{hours // 24} days ago"
    if hours >= 24:
        return "yesterday"
    return f"{hours} h {minutes % 60} min ago" if hours else f"{max(minutes, 0)} min ago"

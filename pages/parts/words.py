"""Moments in the words of a page."""

from core import clock


def ago(at: int) -> str:
    """How long a moment (UTC ms) is past, as it is said."""
    minutes = (clock.now_ms() - at) // 60_000
    if minutes < 60:
        return f"{max(minutes, 0)} min ago"
    hours = minutes // 60
    return (
        f"{hours} h {minutes % 60} min ago" if hours < 24 else f"{hours // 24} days ago" if hours >= 48 else "yesterday"
    )

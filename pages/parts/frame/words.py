"""Moments, dates and spans in the words of a page, in the site's time zone.

Twin of pages/board/model/format.js: how long something lasted.
"""

import re
from datetime import date

from core import clock, site

# Signs with a meaning in Markdown or Streamlit; an underscore within a word has none.
_SIGNS = re.compile(r"([\\`*\[\]<>$~|]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])|:(?=[A-Za-z_]))")
_LINKS = re.compile(r"(https?:|www|@)", re.IGNORECASE)  # what becomes a link without any sign


def plain(text: str) -> str:
    """A text escaped for a place that renders Markdown: it shows as it was typed, and nothing becomes a link."""
    return _LINKS.sub("\\1\u2060", _SIGNS.sub(r"\\\1", text))


def ago(at: int) -> str:
    """How long ago a moment (UTC ms) was: "12 min ago", "yesterday"."""
    minutes = (clock.now_ms() - at) // 60_000
    hours = minutes // 60
    if hours >= 48:
        return f"{hours // 24} days ago"
    if hours >= 24:
        return "yesterday"
    return f"{hours} h {minutes % 60} min ago" if hours else f"{max(minutes, 0)} min ago"


def time(at: int) -> str:
    """The time of day of a moment (UTC ms), with its day where that is not today: "14:37", "Mon 23 Nov, 10:30"."""
    if site.day(at) == site.day(clock.now_ms()):
        return site.local(at).strftime("%H:%M")
    return f"{weekday(site.day(at))}, {site.local(at):%H:%M}"


def weekday(day: date) -> str:
    """A day near by: "Mon 23 Nov", with the year where it is another one than today's."""
    this_year = day.year == site.day(clock.now_ms()).year
    return day.strftime("%a %-d %b" if this_year else "%a %-d %b %Y")


def near_day(day: date) -> str:
    """A day before today: "yesterday", "Mon 23 Nov"."""
    return "yesterday" if (site.day(clock.now_ms()) - day).days == 1 else weekday(day)


def calendar_day(day: date) -> str:
    """A day of any year: "23 Nov 2026"."""
    return day.strftime("%-d %b %Y")


def span(ms: int) -> str:
    """How long something lasted, or is before or after something, in the units that say enough: "29 s", "20 min",
    "4 h 2 min", "3 d 4 h".
    """
    seconds = abs(ms) // 1000
    units = ((seconds // 86_400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    first = next((n for n, (number, _) in enumerate(units) if number), len(units) - 1)
    shown = units[first : first + (2 if first < 2 else 1)]  # minutes stand without their seconds
    return " ".join(f"{number} {unit}" for number, unit in shown if number or len(shown) == 1)


def count(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: "1 call", "2 calls"."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"

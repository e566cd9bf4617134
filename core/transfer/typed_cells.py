"""Days, times and numbers as people and spreadsheets write them, in the one form in which they are read on.

What may mean two things is never guessed: 01/02/2026 is a day of January for some and of February for others.
"""

import re
from datetime import timedelta
from typing import Literal

DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?: 00:00:00)?")
DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
Order = Literal["", "dmy", "mdy"]
YEAR = 4  # digits
TIME = re.compile(r"(\d{1,2})\s?[:.h]\s?(\d{2})(?:[:.](\d{2}))?(?:\s?([ap])\.?m\.?)?", re.IGNORECASE)
DIGITS = re.compile(r"(\d{1,2})(\d{2})")
ZONED = re.compile(r"(.*\d)\s?([+-]\d\d:?\d\d|(?!pm$|am$)[a-z]{2,5})", re.IGNORECASE)
FRACTION = re.compile(r"0?\.\d+|0")
NOON = 12


def day(text: str, order: Order = "") -> str | None:
    """A day as 2026-01-31, whether it is one of the calendar or not; None where it is written otherwise.

    With slashes it is read in the `order` that somebody has said, and without one not at all.
    """
    if match := DAY.fullmatch(text):
        year, month, of_month = match.groups()
    elif match := DAY_FIRST.fullmatch(text):
        of_month, month, year = match.groups()
    elif order and (match := SLASHED.fullmatch(text)):
        first, second, year = match.groups()
        of_month, month = (first, second) if order == "dmy" else (second, first)
        year = year if len(year) == YEAR else f"20{year}"
    else:
        return None
    return f"{year}-{int(month):02}-{int(of_month):02}"


def time_of_day(text: str) -> str | None:
    """A time as 14:05:00: from 14:05, 14.05, 14h05, 1405, 2:05 PM, or a spreadsheet's part of a day; None otherwise."""
    if FRACTION.fullmatch(text):
        return str(timedelta(seconds=round(float(text) * 24 * 3600))).zfill(8)
    match = TIME.fullmatch(text) or DIGITS.fullmatch(text)
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in (*match.groups(), None)[:3])
    half = match[4] if match.re is TIME else None
    if half:
        if not 1 <= hours <= NOON:
            return None
        hours = hours % NOON + (NOON if half.lower() == "p" else 0)
    return f"{hours:02}:{minutes:02}:{seconds:02}" if hours < 24 and minutes < 60 and seconds < 60 else None


def with_zone(text: str) -> tuple[str, str]:
    """A time and the zone that stands behind it, as CET or +01:00; "" where there is none."""
    match = ZONED.fullmatch(text)
    if not match:
        return text, ""
    zone = match[2].upper()
    return match[1], f"{zone[:3]}:{zone[-2:]}" if zone[0] in "+-" else zone


def number(text: str, comma: bool) -> float | int | None:
    """A number; with a decimal comma where `comma` says that one may be. None where it is none."""
    plain = text.replace(",", ".") if comma and text.count(",") == 1 and "." not in text else text
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", plain):
        return None
    return float(plain) if "." in plain else int(plain)

"""Values at whose content somebody should look as a mark is made, and the prompts that they raise.

Twin of pages/board/rules/cautions.js.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from core.engine.events import is_number
from core.engine.log import Entry
from core.engine.prompts import Proofs, Raised
from core.engine.steps import Step
from core.protocols.tables import Caution, Protocol

DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)  # 2026-12-31, 2026-12
DAY_FIRST = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})", re.ASCII)  # 31.12.2026
MONTH_FIRST = re.compile(r"(\d{2})[/.](\d{4})", re.ASCII)  # 12/2026
LATEST = 253_402_300_799_000  # the calendar's last second, ms


def raise_cautions(p: Protocol, entries: Sequence[Entry], steps: list[Step], raised: Proofs) -> None:
    """The cautions that hold as their mark is made, by what that carries, else by what was recorded before it."""
    marks = {caution.at for caution in p.caution}
    numbers = {step.entry.event.id: n for n, step in enumerate(steps) if step.mark in marks}
    known: dict[str, Any] = {}
    for entry in entries:
        if not entry.counts:
            continue
        known |= _contents(p, entry)
        n = numbers.get(entry.event.id)
        if n is None:
            continue
        for caution in p.caution:
            content = known.get(caution.value)
            if caution.at == steps[n].mark and _applies(caution, known) and _holds(caution, content, known, entry.at):
                bound = caution.below if caution.below is not None else caution.above
                raised.append((n, _raised(caution, entry, content, bound)))


def _contents(p: Protocol, entry: Entry) -> dict[str, Any]:
    """What an entry says of the protocol's values."""
    kind, data = entry.event.kind, entry.data
    if kind == "value":
        value = data.get("value")
        return {value: data.get("is")} if isinstance(value, str) and value in p.value else {}
    if kind != "mark":
        return {}
    return {key: data[key] for key in p.value if data.get(key) not in (None, "")}


def _applies(caution: Caution, known: dict[str, Any]) -> bool:
    return caution.when is None or _same(known.get(caution.when), caution.when_is)


def _holds(caution: Caution, content: Any, known: dict[str, Any], at: int) -> bool:
    if content is None or content == "":
        return False
    if caution.below is not None:
        return is_number(content) and content < caution.below
    if caution.above is not None:
        return is_number(content) and content > caution.above
    if caution.is_ is not None:
        return _same(content, caution.is_)
    if caution.yes is not None:
        return _same(content, caution.yes)
    if caution.is_not is not None:
        return isinstance(content, str) and content.strip().lower() != caution.is_not
    if caution.day_past:
        last = last_day(content)
        return last is not None and last < _day(at)
    other = known.get(caution.equals or caution.differs or "")
    if other is None or other == "":
        return False
    return _same(content, other) if caution.equals else not _same(content, other)


def _same(first: Any, second: Any) -> bool:
    """Equal, and of one kind: 1 is not True."""
    return ((is_number(first) and is_number(second)) or type(first) is type(second)) and bool(first == second)


def _raised(caution: Caution, entry: Entry, content: Any, bound: float | None) -> Raised:
    number = content if is_number(content) else None
    return Raised(
        caution.prompt,
        entry.at,
        entry.event.id,
        group=content if isinstance(content, str) else None,
        count=number,
        bound=bound,
    )


def last_day(text: Any) -> str | None:
    """The last day of what is written as a day or a month, as 2026-12-31 (of a month always 31); None of others."""
    if not isinstance(text, str):
        return None
    if match := DAY.fullmatch(text.strip()):
        return f"{match[1]}-{match[2]}-{match[3] or '31'}"
    if match := DAY_FIRST.fullmatch(text.strip()):
        return f"{match[3]}-{match[2]}-{match[1]}"
    match = MONTH_FIRST.fullmatch(text.strip())
    return f"{match[2]}-{match[1]}-31" if match else None


def _day(at: int) -> str:
    """The day of a moment in UTC, so that every tablet and server says the same."""
    return datetime.fromtimestamp(min(at, LATEST) / 1000, UTC).strftime("%Y-%m-%d")

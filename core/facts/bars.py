"""What a session bars for its patient: entries that bar an option of a planned value, or take a bar back.

The value that bars an option keeps the last that stands; an entry that takes one back names it as `lifted`, and one
that is null without it (as in older records) takes back all. Moments UTC ms.
"""

import msgspec

from core.engine.session import Session

LIFTED = "lifted"


class BarEntry(msgspec.Struct):
    """One entry: it bars `option`, or takes back `lifted`, or (neither) everything."""

    value: str
    at: int
    option: str | None
    lifted: str | None
    why: str = ""


def entries(session: Session) -> list[BarEntry]:
    """The entries of a session that bar or take back, in order; the reason stands in an entry after the option's."""
    bars = {plan.bar: plan.bar_why for plan in session.protocol.plan if plan.bar}
    found: list[BarEntry] = []
    for line in session.lines:
        value, content, lifted = (line.data.get(key) for key in ("value", "is", LIFTED))
        if line.event.kind != "value" or not line.counts:
            continue
        if value in bars:
            option = str(content) if content and not lifted else None
            found.append(BarEntry(str(value), line.at, option, str(lifted) if lifted else None))
        last = next((entry for entry in reversed(found) if bars[entry.value] == value), None)
        if last and last.option:
            last.why = str(content or "")
    return found

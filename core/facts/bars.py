"""Options that are barred for a patient: no longer to be chosen, until somebody lifts the bar.

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


def recorded(session: Session) -> list[BarEntry]:
    """The bars that a session's entries set or lift, in order; the reason stands in an entry after the option's."""
    bars = {plan.bar: plan.bar_why for plan in session.protocol.plan if plan.bar}
    bar_entries: list[BarEntry] = []
    for entry in session.entries:
        value, content, lifted = (entry.data.get(key) for key in ("value", "is", LIFTED))
        if entry.event.kind != "value" or not entry.counts:
            continue
        if value in bars:
            option = str(content) if content and not lifted else None
            bar_entries.append(BarEntry(str(value), entry.at, option, str(lifted) if lifted else None))
        last = next((before for before in reversed(bar_entries) if bars[before.value] == value), None)
        if last and last.option:
            last.why = str(content or "")
    return bar_entries

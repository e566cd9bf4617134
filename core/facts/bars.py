"""Options that are barred for a patient: no longer to be chosen, until somebody lifts the bar.

The value that bars an option keeps the last that stands; an entry that takes one back names it as `lifted`, and one
that is null without it (as in older records) takes back all. Pure; moments UTC ms.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from core.engine.session import Session
from core.protocols.tables import Protocol

LIFTED = "lifted"
Row = dict[str, Any]
Contents = list[tuple[str, dict[str, Any], int | None]]  # as core.records.add takes them


class BarEntry(msgspec.Struct):
    """One entry: it bars `option`, or takes back `lifted`, or (neither) everything."""

    value: str
    at: int
    option: str | None
    lifted: str | None
    why: str = ""


class Barred(msgspec.Struct, frozen=True):
    """An option of `key` that is not to be chosen for this patient; `row` is the record that said so last."""

    key: str
    value: str
    option: str
    why: str
    row: Row


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


def barred(p: Protocol, own: Iterable[Row]) -> list[Barred]:
    """What all records of a patient bar under a protocol, the oldest first: the newest entry on each option counts."""
    entries = [
        (bar, row) for row in own if row["protocol"] == p.id for bar in msgspec.convert(row["bars"], list[BarEntry])
    ]
    entries.sort(key=lambda entry: entry[0].at)
    return [bar for plan in p.plan if plan.bar for bar in _standing(plan.key, plan.bar, entries)]


def _standing(key: str, value: str, entries: list[tuple[BarEntry, Row]]) -> list[Barred]:
    standing: dict[str, Barred] = {}
    for bar, row in entries:
        if bar.value != value:
            continue
        before = standing.pop(bar.option or bar.lifted or "", None)
        if bar.option:  # barred once more without a reason: the reason from before holds
            standing[bar.option] = Barred(key, value, bar.option, bar.why or (before.why if before else ""), row)
        elif not bar.lifted:
            standing.clear()
    return list(standing.values())


def lifts(p: Protocol, bar: Barred, standing: Iterable[Barred]) -> Contents:
    """The entries that lift one bar and leave the others."""
    others = [other for other in standing if other.key == bar.key and other.option != bar.option]
    left = others[-1] if others else None
    contents: Contents = [
        ("value", {"value": bar.value, "is": left.option if left else None, LIFTED: bar.option}, None)
    ]
    whys = [plan.bar_why for plan in p.plan if plan.key == bar.key and plan.bar_why]
    contents += [("value", {"value": why, "is": left.why if left else None}, None) for why in whys]
    label = next((option.label for option in p.options(bar.key) if option.id == bar.option), bar.option)
    return [*contents, ("note", {"text": f"{p.value[bar.key].label} {label}: no longer barred."}, None)]


def known(p: Protocol, standing: Iterable[Barred]) -> dict[str, str | None]:
    """The values that bar options as they stand now, whatever the last closed record said."""
    last = {bar.value: bar.option for bar in standing}
    return {plan.bar: last.get(plan.bar) for plan in p.plan if plan.bar}

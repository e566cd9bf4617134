"""Options that are barred for a patient over all records, each until somebody lifts the bar. Moments UTC ms."""

from collections.abc import Iterable
from typing import Any

import msgspec

from core.facts.bars import LIFTED, BarEntry
from core.protocols.tables import Protocol
from core.records.row import Row

Contents = list[tuple[str, dict[str, Any], int | None]]  # as core.records.add takes them


class Barred(msgspec.Struct, frozen=True):
    """An option of `key` that is not to be chosen for this patient; `row` is the record that barred it last."""

    key: str
    value: str
    option: str
    why: str
    row: Row


def barred(p: Protocol, own: Iterable[Row]) -> list[Barred]:
    """What all records of a patient bar under a protocol, the oldest first: the newest entry on each option counts."""
    entries = [(entry, row) for row in own if row.protocol == p.id for entry in row.bars]
    entries.sort(key=lambda pair: pair[0].at)
    return [bar for plan in p.plan if plan.bar for bar in _standing(plan.key, plan.bar, entries)]


def _standing(key: str, value: str, entries: list[tuple[BarEntry, Row]]) -> list[Barred]:
    bars: dict[str, Barred] = {}
    for entry, row in entries:
        if entry.value != value:
            continue
        before = bars.pop(entry.option or entry.lifted or "", None)
        if entry.option:  # barred once more without a reason: the reason from before holds
            bars[entry.option] = Barred(key, value, entry.option, entry.why or (before.why if before else ""), row)
        elif not entry.lifted:
            bars.clear()
    return list(bars.values())


def lifts(p: Protocol, bar: Barred, standing: Iterable[Barred]) -> Contents:
    """The entries that take one bar back: the others stand."""
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
    """The values that bar options as they stand now, whatever the last closed record holds."""
    last = {bar.value: bar.option for bar in standing}
    return {plan.bar: last.get(plan.bar) for plan in p.plan if plan.bar}

"""What is barred for a patient, as the entries say it: options of a planned value, each until somebody lifts it.

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


def said(session: Session) -> list[BarEntry]:
    """What a session's entries say, in order; the reason stands in an entry after the option's."""
    bars = {plan.bar: plan.bar_why for plan in session.protocol.plan if plan.bar}
    found: list[BarEntry] = []
    for entry in session.entries:
        named, told, lifted = (entry.data.get(key) for key in ("value", "is", LIFTED))
        if entry.event.kind != "value" or not entry.counts:
            continue
        if named in bars:
            option = str(told) if told and not lifted else None
            found.append(BarEntry(str(named), entry.at, option, str(lifted) if lifted else None))
        last = next((one for one in reversed(found) if bars[one.value] == named), None)
        if last and last.option:
            last.why = str(told or "")
    return found


def barred(p: Protocol, own: Iterable[Row]) -> list[Barred]:
    """What all records of a patient bar under a protocol, the oldest first: the newest entry on each option counts."""
    entries = [
        (one, row) for row in own if row["protocol"] == p.id for one in msgspec.convert(row["bars"], list[BarEntry])
    ]
    entries.sort(key=lambda entry: entry[0].at)
    return [found for plan in p.plan if plan.bar for found in _standing(plan.key, plan.bar, entries)]


def _standing(key: str, value: str, entries: list[tuple[BarEntry, Row]]) -> list[Barred]:
    found: dict[str, Barred] = {}
    for one, row in entries:
        if one.value != value:
            continue
        before = found.pop(one.option or one.lifted or "", None)
        if one.option:  # barred once more without a reason: the reason from before holds
            found[one.option] = Barred(key, value, one.option, one.why or (before.why if before else ""), row)
        elif not one.lifted:
            found.clear()
    return list(found.values())


def lifts(p: Protocol, one: Barred, standing: Iterable[Barred]) -> Contents:
    """The entries that take one back: the others stand."""
    others = [other for other in standing if other.key == one.key and other.option != one.option]
    left = others[-1] if others else None
    contents: Contents = [
        ("value", {"value": one.value, "is": left.option if left else None, LIFTED: one.option}, None)
    ]
    whys = [plan.bar_why for plan in p.plan if plan.key == one.key and plan.bar_why]
    contents += [("value", {"value": why, "is": left.why if left else None}, None) for why in whys]
    label = next((option.label for option in p.options(one.key) if option.id == one.option), one.option)
    return [*contents, ("note", {"text": f"{p.value[one.key].label} {label}: no longer barred."}, None)]


def known(p: Protocol, standing: Iterable[Barred]) -> dict[str, str | None]:
    """The values that bar options as they stand now, whatever the last closed record said."""
    last = {one.value: one.option for one in standing}
    return {plan.bar: last.get(plan.bar) for plan in p.plan if plan.bar}

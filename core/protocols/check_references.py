"""References of a protocol file: which key names something of which section, and that all of it is defined."""

from collections.abc import Iterator
from typing import Any

from core.protocols import check_curve
from core.protocols.tables import Protocol

# Which keys at the top of the file name something of a section, and which fields of a table.
TOP = {
    "start": "state",
    "group": "value",
    "operator_mark": "mark",
    "everywhere": "mark",
    "opening": "value",
    "levels": "value",
    "recall": "value",
    "dosed": "mark",
    "handover": "mark",
    "bed": "value",
    "profile": "value",
    "describe": "value",
    "ask": "complication",
}
USES: dict[str, dict[str, str]] = {
    "phase": {"headline": "clock"},
    "check": {"phase": "phase"},
    "value": {"phase": "phase", "options_of": "value"},
    "mark": {"needs": "value", "may": "value"},
    "state": {"phases": "phase", "rare": "mark"},
    "prompt": {"action": "mark", "clears": "mark", "other_group": "mark", "until": "mark"},
    "action": {"marks": "mark"},
    "counter": {
        "counts": "mark",
        "per": "value",
        "of": "mark",
        "out": "mark",
        "infer": "mark",
        "infer_until": "mark",
        "until": "mark",
        "prompt": "prompt",
        "groups_prompt": "prompt",
    },
    "clock": {"from_": "mark", "to": "mark", "until": "mark", "amount": "value"},
    "window": {"clock": "clock", "prompt": "prompt"},
    "total": {"mark": "mark", "key": "value", "per": "value"},
    "outcome": {"marks": "mark", "until": "mark"},
    "plan": {"key": "value", "on": "mark", "change": "mark", "bar": "value", "bar_why": "value"},
    "suggest": {"key": "value", "value": "value", "last": "outcome"},
    "expect": {"mark": "mark", "check": "check", "value": "value", "before": "mark", "anew": "mark", "given": "mark"},
    "fit": {"key": "value", "with_": "value"},
    "flag": {"value": "value", "needs": "value"},
    "caution": {
        "value": "value",
        "at": "mark",
        "prompt": "prompt",
        "equals": "value",
        "differs": "value",
        "when": "value",
    },
    "observe": {"complication": "complication", "check": "check"},
    "red_flag": {"complication": "complication", "value": "value"},
    "score": {"value": "value", "untested": "value"},
    "follow_up": {"after": "mark", "made": "mark", "tried": "mark", "value": "value", "left_out": "value"},
    "medication": {
        "marks": "mark",
        "halted": "mark",
        "amount": "value",
        "clock": "clock",
        "named": "value",
        "lot": "value",
        "about": "value",
    },
}


def problems(p: Protocol) -> Iterator[str]:
    """Everything that is named is defined."""
    known = {
        "mark": set(p.mark),
        "check": set(p.check),
        "state": set(p.state),
        "phase": set(p.phase),
        "value": set(p.value),
        "prompt": set(p.prompt),
        "complication": set(p.complication),
        "clock": {clock.id for clock in p.clock},
        "outcome": {outcome.id for outcome in p.outcome},
        "counter": {counter.id for counter in p.counter},
        "figure": check_curve.figures(p),
    }
    for place, section, name in references(p):
        if name not in known[section]:
            offered = ", ".join(sorted(known[section])) or "none"
            yield f"{place}: expected a {section} that is defined ({offered}), found '{name}'"


def references(p: Protocol) -> Iterator[tuple[str, str, str]]:
    """(place, section, id) for every id that one table uses of another."""
    for field, section in TOP.items():
        content = getattr(p, field)
        names = content if isinstance(content, tuple) else (content,)
        yield from ((field, section, name) for name in names if name is not None)
    for section, tables in tables_by_section(p):
        for place, table in tables:
            for field, target in USES.get(section, {}).items():
                content = getattr(table, field)
                names = content if isinstance(content, tuple) else (content,)
                yield from ((f"{place}.{field.rstrip('_')}", target, name) for name in names if name is not None)
    for id_, state in p.state.items():
        for field, row in (("open", state.open), ("astray", state.astray)):
            for mark, after in row.items():
                yield f"[state.{id_}].{field}.{mark}", "mark", mark
                yield f"[state.{id_}].{field}.{mark}", "state", after
        for outcome, marks in state.near.items():
            yield f"[state.{id_}].near.{outcome}", "outcome", outcome
            yield from ((f"[state.{id_}].near.{outcome}", "mark", mark) for mark in marks)
    for total in p.total:
        for ceiling in total.ceiling:
            yield f"[[total]] '{total.id}'.ceiling.when", "value", ceiling.when
            yield f"[[total]] '{total.id}'.ceiling.prompt", "prompt", ceiling.prompt
    yield from check_curve.references(p)


def tables_by_section(p: Protocol) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Every section with its tables and the place of each in words."""
    for section in ("phase", "check", "value", "mark", "state", "prompt", "complication"):
        yield section, [(f"[{section}.{key}]", table) for key, table in getattr(p, section).items()]
    for section in (
        "action",
        "counter",
        "clock",
        "window",
        "total",
        "outcome",
        "plan",
        "suggest",
        "observe",
        "red_flag",
        "score",
        "follow_up",
        "expect",
        "fit",
        "flag",
        "caution",
        "medication",
    ):
        tables = getattr(p, section)
        yield section, [(f"[[{section}]] {place_of(table, n)}", table) for n, table in enumerate(tables, 1)]


def place_of(table: Any, n: int) -> str:
    """A table of an array by its id, or by its number where it has none."""
    return f"'{table.id}'" if hasattr(table, "id") else str(n)

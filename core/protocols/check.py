"""What a protocol file must hold beyond TOML: shapes, references, bounds with sources, states that can be reached."""

import re
import string
from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from typing import Any

from core.protocols import check_curve, check_numbers, check_rules, figures
from core.protocols.tables import SCHEMA, Protocol

# Which words each template may use.
PROMPT_WORDS = {"group", "count", "left", "bound"}
REVIEW_WORDS = {"what", "t", "state", "key", "found", "expected", "other", "why"}


def problems(p: Protocol) -> list[str]:
    """Every sentence about what is wrong in the tables; an empty list is a good file."""
    undefined = list(_references(p))
    alone = [sentence for check in (_schema, _twice, _states, _words, _sources) for sentence in check(p)]
    alone += check_numbers.problems(p)
    # The rules follow names from table to table: they wait until every name is defined.
    return undefined + alone + ([] if undefined else check_rules.problems(p) + check_curve.problems(p))


def _schema(p: Protocol) -> Iterator[str]:
    if p.schema != SCHEMA:
        yield f"schema: expected {SCHEMA}, found {p.schema}"


def _twice(p: Protocol) -> Iterator[str]:
    for section, tables in _tables(p):
        for one, times in Tally(table.id for _, table in tables if hasattr(table, "id")).items():
            if times > 1:
                yield f"[[{section}]] '{one}': expected every id once, found it {times} times"
    for key, value in p.value.items():
        for one, times in Tally(option.id for option in value.options).items():
            if times > 1:
                yield f"[value.{key}] options: expected every id once, found '{one}' {times} times"
    names = list(figures.names(p))
    for name, times in Tally(name for name, _ in names).items():
        if times > 1:
            places = ", ".join(place for one, place in names if one == name)
            yield f"summary: expected every name once, found '{name}' {times} times: {places}"


def _references(p: Protocol) -> Iterator[str]:
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
        "outcome": {one.id for one in p.outcome},
        "counter": {one.id for one in p.counter},
        "figure": check_curve.figures(p),
    }
    for place, section, name in _named_things(p):
        if name not in known[section]:
            offered = ", ".join(sorted(known[section])) or "none"
            yield f"{place}: expected a {section} that is defined ({offered}), found '{name}'"


def _named_things(p: Protocol) -> Iterator[tuple[str, str, str]]:
    """(place, section, id) for every id that one table uses of another."""
    for field, section in TOP.items():
        content = getattr(p, field)
        names = content if isinstance(content, tuple) else (content,)
        yield from ((field, section, name) for name in names if name is not None)
    for section, tables in _tables(p):
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
    yield from check_curve.named(p)


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


def _tables(p: Protocol) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
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
        "medication",
    ):
        tables = getattr(p, section)
        yield section, [(f"[[{section}]] {place_of(one, n)}", one) for n, one in enumerate(tables, 1)]


def place_of(table: Any, n: int) -> str:
    """A table of an array by its id, or by its number where it has none."""
    return f"'{table.id}'" if hasattr(table, "id") else str(n)


def _states(p: Protocol) -> Iterator[str]:
    """Every state is reached, every mark is open somewhere, and no state says two things of one mark."""
    reached, ahead = {p.start}, [p.start]
    while ahead:
        state = p.state.get(ahead.pop())
        for after in [*state.open.values(), *state.astray.values()] if state else []:
            if after not in reached:
                reached.add(after)
                ahead.append(after)
    for id_, state in p.state.items():
        if id_ not in reached:
            yield f"[state.{id_}]: expected a mark that leads to it, found none: it is never reached"
        for mark in state.open.keys() & (state.astray.keys() | set(p.everywhere)):
            yield f"[state.{id_}]: expected '{mark}' once, found it as open and again as astray or everywhere"
        for mark in state.astray.keys() & set(p.everywhere):
            yield f"[state.{id_}]: expected '{mark}' once, found it as astray and everywhere"
    opened = {mark for state in p.state.values() for mark in state.open} | set(p.everywhere)
    for mark in p.mark:
        if mark not in opened:
            yield f"[mark.{mark}]: expected a state in which it is open, found none: it can never be tapped"
    for action in p.action:
        for first, second in zip(action.marks, action.marks[1:], strict=False):
            pairs = [state.open[first] for state in p.state.values() if first in state.open]
            if not any(second in p.state[after].open for after in pairs if after in p.state):
                place = f"[[action]] '{action.id}'"
                yield f"{place}: expected '{second}' to be open after '{first}', found no state where it is"


def _words(p: Protocol) -> Iterator[str]:
    hints = {w.id for w in p.window} | {k for k, v in p.value.items() if v.usual is not None}
    places: list[tuple[str, str, set[str]]] = [(f"[mark.{k}].hint", m.hint, hints) for k, m in p.mark.items()]
    places += [(f"[prompt.{k}].text", one.text, PROMPT_WORDS) for k, one in p.prompt.items()]
    places += [(f"[prompt.{k}].say", one.say, PROMPT_WORDS) for k, one in p.prompt.items()]
    for window in p.window:
        if window.alarm:
            place = f"[[window]] '{window.id}'.alarm"
            places += [(f"{place}.text", window.alarm.text, {"bound"}), (f"{place}.say", window.alarm.say, {"bound"})]
    places += [(f"[prompt.{k}].suggested", one.suggested, {"suggested", "why"}) for k, one in p.prompt.items()]
    places += [(f"[review].{k}", getattr(p.review, k), REVIEW_WORDS) for k in p.review.__struct_fields__]
    for place, template, allowed in places:
        yield from misworded(template, allowed, place)


def misworded(template: str, allowed: set[str], place: str) -> Iterator[str]:
    """What is wrong with the words in braces of a template."""
    try:
        used = {
            name + (f"!{how}" if how else "") + (f":{form}" if form else "")
            for _, name, form, how in string.Formatter().parse(template)
            if name is not None
        }
    except ValueError as error:
        yield f"{place}: expected words with balanced braces, found: {error}"
        return
    for name in sorted(used - allowed):
        offered = ", ".join(f"{{{one}}}" for one in sorted(allowed))
        yield f"{place}: expected one of {offered}; found '{{{name}}}'"


def _sources(p: Protocol) -> Iterator[str]:
    """A source begins with ids of [source] or "site": 'P: "…"', 'L; check the label', 'CI, P: …'."""
    alone = [("[recording]", p.recording), ("[ward]", p.ward), *check_curve.tables(p)]
    for _, tables in [*_tables(p), ("alone", alone)]:
        for place, table in tables:
            more = [getattr(table, field, "") for field in ("hand_over_source", "arrival_source")]
            more += [ceiling.source for ceiling in getattr(table, "ceiling", ())]
            for source in [getattr(table, "source", ""), *more]:
                if source and not source.startswith("site"):
                    yield from uncited(source, p.source, f"{place}.source")


def uncited(source: str, listed: Iterable[str], place: str) -> Iterator[str]:
    """What is wrong where a source does not begin with the id of a listed one."""
    if re.split(r"[:,;]", source)[0].strip() not in listed:
        yield f"{place}: expected it to begin with one of {', '.join(sorted(listed))}; found '{source[:40]}'"

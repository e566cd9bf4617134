"""What a protocol file must hold beyond TOML: shapes, references, bounds with sources, states that can be reached."""

import math
import re
import string
from collections import Counter as Tally
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec

from core import events, protocol
from core.protocol import SCHEMA, Protocol, ProtocolError, Value

# Which words each template may use.
PROMPT_WORDS = {"group", "count", "left", "bound"}
REVIEW_WORDS = {"what", "t", "state", "key", "found", "expected", "other", "why"}

ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")
# What every entry of a log or a scenario uses for itself: a value of that name could not be told from it.
OWN_KEYS = ("mark", "check", "value", "complication", "note", "undo", "t", "at", "by", "device", "is", "of", "text")


def shape(raw: dict[str, Any], name: str) -> Protocol:
    """The file's tables, every one of the right shape. Raises ProtocolError naming each place."""
    found = [f"{name}: {one}" for one in _shape_problems(raw)]
    if found:
        raise ProtocolError(found)
    try:
        return msgspec.convert(raw, Protocol)
    except msgspec.ValidationError as error:
        raise ProtocolError([f"{name}: {said_of(error, raw)}"]) from None


def _shape_problems(raw: dict[str, Any]) -> Iterator[str]:
    """Table by table, so that the sentence names the table and its id."""
    kinds = {f.encode_name: f.type for f in msgspec.structs.fields(Protocol)}
    for section, content in raw.items():
        kind = kinds.get(section)
        if kind is None:
            yield f"[{section}]: expected one of {', '.join(sorted(kinds))}; found an unknown key"
            continue
        many, table = get_origin(kind), next((one for one in get_args(kind) if _is_table(one)), None)
        if table and many is dict and isinstance(content, dict):
            places = [(f"[{section}.{key}]", one) for key, one in content.items()]
            odd = [key for key in content if not ID.match(key)]
            yield from (f"[{section}.{key}]: expected an id of a-z, 0-9 and _, found '{key}'" for key in odd)
        elif table and many is tuple and isinstance(content, list):
            places = [(f"[[{section}]] {n}{_named(one)}", one) for n, one in enumerate(content, 1)]
        else:
            places, table = [(section, content)], kind
        for place, one in places:
            try:
                msgspec.convert(one, table)
            except msgspec.ValidationError as error:
                yield f"{place}: {said_of(error, one)}"
            else:
                yield from (f"{place}: {said}" for said in endless(one))


def said_of(error: msgspec.ValidationError, raw: Any) -> str:
    """msgspec's message as what was expected and what was found."""
    said = events.sentence(error, raw)
    said = re.sub(r"object contains unknown field `(.*?)`", r"expected only keys of the reference, found '\1'", said)
    said = re.sub(r"object missing required field `(.*?)`", r"expected the key '\1', found none", said)
    return said.replace("number out of range", "expected a number of a readable size")


def endless(content: Any, where: str = "") -> Iterator[str]:
    """TOML knows inf and nan; no bound can be either. The content has its shape already, so this is not deep."""
    if isinstance(content, float) and not math.isfinite(content):
        yield f"{where}expected a finite number, found {content}"
    elif isinstance(content, dict | list):
        inner = content.items() if isinstance(content, dict) else enumerate(content, 1)
        for key, one in inner:
            yield from endless(one, f"{where}{key}: ")


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, protocol.Table)


def _named(table: Any) -> str:
    return f" '{table['id']}'" if isinstance(table, dict) and isinstance(table.get("id"), str) else ""


def problems(p: Protocol) -> list[str]:
    """Every sentence about what is wrong in the tables; an empty list is a good file."""
    checks = (_schema, _twice, _references, _states, _values, _bounds, _evidence, _words, _sources)
    return [sentence for check in checks for sentence in check(p)]


def _schema(p: Protocol) -> Iterator[str]:
    if p.schema != SCHEMA:
        yield f"schema: expected {SCHEMA}, found {p.schema}"


def _twice(p: Protocol) -> Iterator[str]:
    for section in ("action", "counter", "clock", "window", "total", "outcome", "follow_up", "expect", "flag"):
        for one, times in Tally(table.id for table in getattr(p, section)).items():
            if times > 1:
                yield f"[[{section}]] '{one}': expected every id once, found it {times} times"
    for key, value in p.value.items():
        for one, times in Tally(option.id for option in value.options).items():
            if times > 1:
                yield f"[value.{key}] options: expected every id once, found '{one}' {times} times"
    names = [f"{clock.id}_time_s" for clock in p.clock] + [counter.runs for counter in p.counter if counter.runs]
    for name, times in Tally(names + [counter.id for counter in p.counter]).items():
        if times > 1:
            yield f"summary: expected every name once, found '{name}' {times} times"


def _references(p: Protocol) -> Iterator[str]:
    """Everything that is named is defined."""
    known = {
        "mark": set(p.mark), "check": set(p.check), "state": set(p.state), "phase": set(p.phase), "value": set(p.value),
        "prompt": set(p.prompt), "clock": {clock.id for clock in p.clock}, "outcome": {one.id for one in p.outcome},
    }  # fmt: skip
    for place, section, name in _named_things(p):
        if name not in known[section]:
            offered = ", ".join(sorted(known[section])) or "none"
            yield f"{place}: expected a {section} that is defined ({offered}), found '{name}'"


def _named_things(p: Protocol) -> Iterator[tuple[str, str, str]]:
    """(place, section, id) for every id that one table uses of another."""
    yield "start", "state", p.start
    yield "group", "value", p.group
    yield "operator_mark", "mark", p.operator_mark
    yield from (("everywhere", "mark", mark) for mark in p.everywhere)
    for field in ("opening", "levels", "recall"):
        yield from ((field, "value", value) for value in getattr(p, field))
    for section, tables in _tables(p):
        for place, table in tables:
            for field, target in USES.get(section, {}).items():
                content = getattr(table, field)
                names = content if isinstance(content, tuple) else (content,)
                yield from ((f"{place}.{field.rstrip('_')}", target, name) for name in names if name is not None)
    for id_, state in p.state.items():
        for field, row in (("open", state.open), ("astray", state.astray)):
            for mark, after in row.items():
                yield f"[state.{id_}].{field}", "mark", mark
                yield f"[state.{id_}].{field}.{mark}", "state", after
    for total in p.total:
        for ceiling in total.ceiling:
            yield f"[[total]] '{total.id}'.ceiling.when", "value", ceiling.when
            yield f"[[total]] '{total.id}'.ceiling.prompt", "prompt", ceiling.prompt


# Which fields of a table name something of another section.
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
    "plan": {"key": "value", "on": "mark", "change": "mark", "bar": "value"},
    "suggest": {"key": "value", "value": "value", "last": "outcome"},
    "expect": {"mark": "mark", "check": "check", "before": "mark", "anew": "mark"},
    "fit": {"key": "value", "with_": "value"},
    "flag": {"value": "value", "needs": "value"},
    "follow_up": {"after": "mark"},
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
        "follow_up",
        "expect",
        "fit",
        "flag",
    ):
        tables = getattr(p, section)
        yield section, [(f"[[{section}]] '{getattr(one, 'id', n)}'", one) for n, one in enumerate(tables, 1)]


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


def _values(p: Protocol) -> Iterator[str]:
    for key, value in p.value.items():
        place = f"[value.{key}]"
        options = bool(value.options or value.options_of)
        if value.type == "option" and not options:
            yield f"{place}: expected options, found none"
        if value.type != "option" and options:
            yield f"{place}: expected no options for type '{value.type}', found some"
        if value.options_of and value.options_of in p.value and not p.value[value.options_of].options:
            yield f"{place}.options_of: expected a value with options, found '{value.options_of}'"
        if key in OWN_KEYS:
            yield f"{place}: expected another id, found '{key}', which every entry uses for itself"
        yield from (f"{place}: {one}" for one in _value_bounds(value))


def _value_bounds(value: Value) -> Iterator[str]:
    limits = [n for n in (value.min, value.red_below, value.amber_below, value.max) if n is not None]
    if limits and value.type != "number":
        yield f"expected bounds only on a number, found them on '{value.type}'"
    if limits != sorted(limits):
        yield f"expected min ≤ red_below ≤ amber_below ≤ max, found {', '.join(f'{n:g}' for n in limits)}: upside down"
    if (limits or value.usual is not None) and not value.unit:
        yield "expected a unit for its bounds, found none"
    if (limits or value.usual is not None) and not value.source:
        yield "expected a source for its bounds, found none"
    low, high = (
        value.min if value.min is not None else float("-inf"),
        value.max if value.max is not None else float("inf"),
    )
    if value.usual is not None and not low <= value.usual <= high:
        yield f"expected usual between {low:g} and {high:g}, found {value.usual:g}"


def _bounds(p: Protocol) -> Iterator[str]:
    for counter in p.counter:
        place = f"[[counter]] '{counter.id}'"
        if (counter.limit is None) != (counter.prompt is None):
            yield f"{place}: expected limit and prompt together, found one without the other"
        if counter.limit is not None and not counter.unit:
            yield f"{place}: expected a unit for its limit, found none"
        if (counter.groups is None) != (counter.groups_prompt is None) or (counter.groups and not counter.groups_unit):
            yield f"{place}: expected groups, groups_unit and groups_prompt together, found one without the others"
        if counter.groups and (counter.limit is None or counter.per is None):
            yield f"{place}: expected limit and per for its groups, found none"
        if counter.in_turn and not counter.of:
            yield f"{place}: expected of for in_turn, found none: it names the mark that each count belongs to"
        if counter.runs and not counter.per:
            yield f"{place}: expected per for its runs, found none"
    below: dict[str, float] = {window.clock: window.below_s for window in p.window if window.below_s}
    for window in p.window:
        place = f"[[window]] '{window.id}'"
        given = [n for n in (window.below_s, window.above_s, window.advise_s) if n is not None]
        if len(given) != 1:
            yield f"{place}: expected one of below_s, above_s, advise_s; found {len(given)}"
        if (window.prompt is None) != (window.advise_s is not None):
            yield f"{place}: expected a prompt with below_s or above_s and none with advise_s, found it otherwise"
        if window.advise_s and window.advise_s[0] > window.advise_s[1]:
            low, high = window.advise_s
            yield f"{place}: expected advise_s from low to high, found {low:g} to {high:g}: upside down"
        if window.above_s and window.above_s < below.get(window.clock, 0):
            least = below[window.clock]
            yield f"{place}: expected above_s of at least {least:g}, found {window.above_s:g}: upside down"
    if not any(outcome.rank == 0 and not outcome.marks for outcome in p.outcome):
        yield "[[outcome]]: expected one of rank 0 without marks (before anything is decided), found none"
    for n, suggest in enumerate(p.suggest, 1):
        if sum(one is not None for one in (suggest.last, suggest.value, suggest.is_)) != 1:
            yield f"[[suggest]] {n}: expected one of last, value, is; found none or several"


def _evidence(p: Protocol) -> Iterator[str]:
    """Expectations name one thing, and what goes together names options that are offered."""
    for expect in p.expect:
        if (expect.mark is None) == (expect.check is None):
            yield f"[[expect]] '{expect.id}': expected one of mark and check, found none or both"
    for n, fit in enumerate(p.fit, 1):
        together = {one for row in fit.allowed.values() for one in row}
        for key, options in ((fit.with_, set(fit.allowed)), (fit.key, together)):
            yield from (f"[[fit]] {n}.allowed: {one}" for one in _unoffered(p, key, options))
    for flag in p.flag:
        yield from (f"[[flag]] '{flag.id}'.is: {one}" for one in _unoffered(p, flag.value, {flag.is_}))
    if p.operator_mark in p.mark and "operator" not in p.mark[p.operator_mark].needs:
        yield f"[mark.{p.operator_mark}].needs: expected 'operator', as it hands the needle over; found none"


def _unoffered(p: Protocol, key: str, options: set[str]) -> Iterator[str]:
    offered = {option.id for option in p.options(key)} if key in p.value else options
    for one in sorted(options - offered):
        yield f"expected an option of '{key}' ({', '.join(sorted(offered))}), found '{one}'"


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
        try:
            used = {
                name + (f"!{how}" if how else "") + (f":{form}" if form else "")
                for _, name, form, how in string.Formatter().parse(template) if name is not None
            }  # fmt: skip
        except ValueError as error:
            yield f"{place}: expected words with balanced braces, found: {error}"
            continue
        for name in sorted(used - allowed):
            offered = ", ".join(f"{{{one}}}" for one in sorted(allowed))
            yield f"{place}: expected one of {offered}; found '{{{name}}}'"


def _sources(p: Protocol) -> Iterator[str]:
    """A source begins with ids of [source] or "site": 'P: "…"', 'L; check the label', 'CI, P: …'."""
    for _, tables in [*_tables(p), ("recording", [("[recording]", p.recording)])]:
        for place, table in tables:
            for source in [getattr(table, "source", "")] + [c.source for c in getattr(table, "ceiling", ())]:
                cited = re.split(r"[:,;]", source)[0].strip()
                if source and cited not in p.source and not source.startswith("site"):
                    offered = ", ".join(sorted(p.source))
                    yield f"{place}.source: expected it to begin with one of {offered}; found '{source[:40]}'"

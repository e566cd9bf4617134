"""Checks of a protocol file: references, bounds with sources, states that can be reached, words in templates."""

import re
from collections import Counter as Tally
from collections.abc import Iterable, Iterator

from core.protocols import check_course, check_curve, check_numbers, check_references, check_rules, figures
from core.protocols.check_references import tables_by_section
from core.protocols.tables import SCHEMA, Protocol

# Which words each template may use.
PROMPT_WORDS = {"group", "count", "left", "bound"}
REVIEW_WORDS = {"what", "t", "state", "key", "found", "expected", "other", "why"}


def problems(p: Protocol) -> list[str]:
    """Every sentence about what is wrong in the tables; an empty list is a good file."""
    undefined = list(check_references.problems(p))
    alone = [sentence for check in (_schema, _twice, _states, _words, _sources) for sentence in check(p)]
    alone += check_numbers.problems(p)
    # The rules follow names from table to table: they wait until every name is defined.
    together = [] if undefined else check_rules.problems(p) + check_course.problems(p) + check_curve.problems(p)
    return undefined + alone + together


def _schema(p: Protocol) -> Iterator[str]:
    if p.schema != SCHEMA:
        yield f"schema: expected {SCHEMA}, found {p.schema}"


def _twice(p: Protocol) -> Iterator[str]:
    for section, tables in tables_by_section(p):
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
    places: list[tuple[str, str, set[str]]] = [(f"[mark.{k}].hint", mark.hint, hints) for k, mark in p.mark.items()]
    places += [(f"[prompt.{k}].text", prompt.text, PROMPT_WORDS) for k, prompt in p.prompt.items()]
    places += [(f"[prompt.{k}].say", prompt.say, PROMPT_WORDS) for k, prompt in p.prompt.items()]
    for window in p.window:
        if window.alarm:
            place = f"[[window]] '{window.id}'.alarm"
            places += [(f"{place}.text", window.alarm.text, {"bound"}), (f"{place}.say", window.alarm.say, {"bound"})]
        if window.warning:
            place = f"[[window]] '{window.id}'.warning"
            places += [(f"{place}.{key}", getattr(window.warning, key), {"bound", "until"}) for key in ("text", "say")]
    places += [(f"[prompt.{k}].suggested", prompt.suggested, {"suggested", "why"}) for k, prompt in p.prompt.items()]
    places += [(f"[review].{k}", getattr(p.review, k), REVIEW_WORDS) for k in p.review.__struct_fields__]
    for place, template, allowed in places:
        yield from misworded(template, allowed, place)


def misworded(template: str, allowed: set[str], place: str) -> Iterator[str]:
    """What is wrong with the words in braces of a template."""
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", template)):
        yield f"{place}: expected braces in pairs around one name each, found '{template[:80]}'"
        return
    for name in sorted(set(re.findall(r"\{([^{}]*)\}", template)) - allowed):
        offered = ", ".join(f"{{{word}}}" for word in sorted(allowed))
        yield f"{place}: expected one of {offered}; found '{{{name}}}'"


def _sources(p: Protocol) -> Iterator[str]:
    """A source begins with ids of [source] or "site": 'P: "…"', 'L; check the label', 'CI, P: …'."""
    alone = [("[recording]", p.recording), ("[ward]", p.ward), *check_curve.tables(p)]
    for _, tables in [*tables_by_section(p), ("alone", alone)]:
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

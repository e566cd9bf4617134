"""Rules over values and marks of a protocol file: values of the right type, marks that carry what is asked of them,
options that are offered. One function for each rule.
"""

from collections.abc import Iterator

from core.protocols.tables import Protocol


def problems(p: Protocol) -> list[str]:
    """Every sentence about values and marks that do not go together. Every name has to be defined already."""
    return [sentence for rule in RULES for sentence in rule(p)]


def _choices(p: Protocol) -> Iterator[str]:
    """What is counted by, planned, suggested, fitted or flagged is an option."""
    named = [("group", p.group)] + [("levels", key) for key in p.levels]
    named += [(f"[[counter]] '{one.id}'.per", one.per) for one in p.counter if one.per]
    named += [(f"[[plan]] {n}.key", one.key) for n, one in enumerate(p.plan, 1)]
    named += [(f"[[suggest]] {n}.key", one.key) for n, one in enumerate(p.suggest, 1)]
    named += [(f"[[fit]] {n}.key", one.key) for n, one in enumerate(p.fit, 1)]
    named += [(f"[[fit]] {n}.with", one.with_) for n, one in enumerate(p.fit, 1)]
    named += [(f"[[flag]] '{one.id}'.value", one.value) for one in p.flag]
    named += [(f"[[follow_up]] '{one.id}'.value", one.value) for one in p.follow_up if one.value]
    named += [(f"[[red_flag]] {n}.value", one.value) for n, one in enumerate(p.red_flag, 1) if one.value]
    yield from _of_type(p, "option", named)


def _numbers(p: Protocol) -> Iterator[str]:
    """What is added up, divided, compared or followed is a number."""
    named = [(f"[[score]] {n}.value", one.value) for n, one in enumerate(p.score, 1)]
    named += [(f"[[clock]] '{one.id}'.amount", one.amount) for one in p.clock if one.amount]
    for total in p.total:
        place = f"[[total]] '{total.id}'"
        named += [(f"{place}.key", total.key), *([(f"{place}.per", total.per)] if total.per else [])]
        named += [(f"{place}.ceiling.when", ceiling.when) for ceiling in total.ceiling]
    yield from _of_type(p, "number", named)


def _of_type(p: Protocol, kind: str, named: list[tuple[str, str]]) -> Iterator[str]:
    for place, key in named:
        if p.value[key].type != kind:
            yield f"{place}: expected a value of type '{kind}', found '{key}' of type '{p.value[key].type}'"


def _carried_once(p: Protocol) -> Iterator[str]:
    for id_, mark in p.mark.items():
        for key in mark.needs:
            if key in mark.may:
                yield f"[mark.{id_}]: expected '{key}' once, found it in needs and again in may"


def _carriers(p: Protocol) -> Iterator[str]:
    """A mark that names a group, a choice or an amount carries the value."""
    named = [
        (f"[[counter]] '{one.id}'.{'of' if one.of else 'counts'}", one.of or one.counts, one.per)
        for one in p.counter
        if one.per
    ]
    for n, plan in enumerate(p.plan, 1):
        named += [(f"[[plan]] {n}.on", plan.on, plan.key)]
        named += [(f"[[plan]] {n}.change", plan.change, plan.key)] if plan.change else []
    named += [(f"[[total]] '{one.id}'.mark", one.mark, one.key) for one in p.total]
    for call in p.follow_up:
        place = f"[[follow_up]] '{call.id}'"
        named += [(f"{place}.made", call.made, call.value)] if call.made and call.value else []
        named += [(f"{place}.tried", call.tried, call.value)] if call.tried and call.value else []
        named += [(f"{place}.made", call.made, call.left_out)] if call.made and call.left_out else []
    for place, mark, key in named:
        carried = (*p.mark[mark].needs, *p.mark[mark].may)
        if key not in carried:
            offered = ", ".join(carried) or "nothing"
            yield f"{place}: expected a mark with '{key}' in needs or may, found '{mark}', which carries {offered}"


def _operator(p: Protocol) -> Iterator[str]:
    """The needle is handed over at any time, and always to someone who is named."""
    if "operator" not in p.mark[p.operator_mark].needs:
        yield f"[mark.{p.operator_mark}].needs: expected 'operator', as it hands the needle over; found none"
    if p.operator_mark not in p.everywhere:
        offered = ", ".join(p.everywhere) or "none"
        yield f"operator_mark: expected one of everywhere ({offered}), found '{p.operator_mark}'"


def _groups(p: Protocol) -> Iterator[str]:
    """As many groups as a prompt waits for can be reached."""
    for counter in p.counter:
        options = len(p.options(counter.per)) if counter.per else 0
        if counter.per and counter.groups and counter.groups > options:
            place = f"[[counter]] '{counter.id}'.groups"
            yield f"{place}: expected at most {options}, the options of '{counter.per}', found {counter.groups}"


def _offered(p: Protocol) -> Iterator[str]:
    """An option that is named is one of the value's."""
    named = [(f"[[suggest]] {n}.is", one.key, {one.is_}) for n, one in enumerate(p.suggest, 1) if one.is_ is not None]
    for n, fit in enumerate(p.fit, 1):
        named += [(f"[[fit]] {n}.allowed", fit.with_, set(fit.allowed))]
        named += [(f"[[fit]] {n}.allowed", fit.key, {one for row in fit.allowed.values() for one in row})]
    named += [(f"[[flag]] '{one.id}'.is", one.value, {one.is_}) for one in p.flag]
    told = [(f"[[follow_up]] '{call.id}'.is", call.value, call.is_) for call in p.follow_up]
    told += [(f"[[red_flag]] {n}.is", flag.value, flag.is_) for n, flag in enumerate(p.red_flag, 1)]
    named += [(place, key, {option}) for place, key, option in told if key and option]
    for place, key, options in named:
        offered = {option.id for option in p.options(key)}
        for one in sorted(options - offered):
            yield f"{place}: expected an option of '{key}' ({', '.join(sorted(offered)) or 'none'}), found '{one}'"


def _shared(p: Protocol) -> Iterator[str]:
    """A value that suggests or bars an option of another shares its options."""
    named = [(f"[[suggest]] {n}.value", one.value, one.key) for n, one in enumerate(p.suggest, 1) if one.value]
    named += [(f"[[plan]] {n}.bar", one.bar, one.key) for n, one in enumerate(p.plan, 1) if one.bar]
    for place, found, key in named:
        if (p.value[found].options_of or found) != (p.value[key].options_of or key):
            yield f"{place}: expected a value that shares the options of '{key}', found '{found}'"


RULES = (
    _choices,
    _numbers,
    _carried_once,
    _carriers,
    _operator,
    _groups,
    _offered,
    _shared,
)

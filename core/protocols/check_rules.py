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
    places = [("group", p.group)] + [("levels", key) for key in p.levels]
    places += [(f"[[counter]] '{counter.id}'.per", counter.per) for counter in p.counter if counter.per]
    places += [(f"[[plan]] {n}.key", plan.key) for n, plan in enumerate(p.plan, 1)]
    places += [(f"[[suggest]] {n}.key", suggest.key) for n, suggest in enumerate(p.suggest, 1)]
    places += [(f"[[fit]] {n}.key", fit.key) for n, fit in enumerate(p.fit, 1)]
    places += [(f"[[fit]] {n}.with", fit.with_) for n, fit in enumerate(p.fit, 1)]
    places += [(f"[[flag]] '{flag.id}'.value", flag.value) for flag in p.flag]
    places += [(f"[[follow_up]] '{call.id}'.value", call.value) for call in p.follow_up if call.value]
    places += [
        (f"[[red_flag]] {n}.value", red_flag.value) for n, red_flag in enumerate(p.red_flag, 1) if red_flag.value
    ]
    yield from _of_type(p, "option", places)


def _numbers(p: Protocol) -> Iterator[str]:
    """What is added up, divided, compared or followed is a number."""
    places = [(f"[[score]] {n}.value", score.value) for n, score in enumerate(p.score, 1)]
    places += [(f"[[clock]] '{clock.id}'.amount", clock.amount) for clock in p.clock if clock.amount]
    for total in p.total:
        place = f"[[total]] '{total.id}'"
        places += [(f"{place}.key", total.key), *([(f"{place}.per", total.per)] if total.per else [])]
        places += [(f"{place}.ceiling.when", ceiling.when) for ceiling in total.ceiling]
    yield from _of_type(p, "number", places)


CONDITIONS = ("below", "above", "is_", "yes", "is_not", "equals", "differs")


def _cautions(p: Protocol) -> Iterator[str]:
    """A caution has one condition, of the type of its value; what it is compared with can be the same."""
    for n, caution in enumerate(p.caution, 1):
        place, value = f"[[caution]] {n} '{caution.value}'", p.value[caution.value]
        given = [name.rstrip("_") for name in CONDITIONS if getattr(caution, name) is not None]
        given += ["day_past"] if caution.day_past else []
        if len(given) != 1:
            conditions = ", ".join(name.rstrip("_") for name in (*CONDITIONS, "day_past"))
            yield f"{place}: expected one of {conditions}; found {', '.join(given) or 'none'}"
            continue
        (condition,) = given
        kinds = {"below": "number", "above": "number", "yes": "yesno", "is_not": "text", "day_past": "text"}
        if value.type != kinds.get(condition, value.type):
            kind = kinds[condition]
            yield f"{place}.{condition}: expected a value of type '{kind}', found one of type '{value.type}'"
        for field, key, content in (("is", caution.value, caution.is_), ("when_is", caution.when, caution.when_is)):
            if key and content and content not in {option.id for option in p.options(key)}:
                yield f"{place}.{field}: expected what '{key}' can be, found '{content}'"
        if (caution.when is None) != (caution.when_is is None):
            yield f"{place}: expected when and when_is together, found one of them"
        other = caution.equals or caution.differs
        if other and {option.id for option in p.options(other)} != {option.id for option in p.options(caution.value)}:
            yield f"{place}.{condition}: expected a value with the same options, found '{other}'"


def _of_type(p: Protocol, kind: str, places: list[tuple[str, str]]) -> Iterator[str]:
    for place, key in places:
        if p.value[key].type != kind:
            yield f"{place}: expected a value of type '{kind}', found '{key}' of type '{p.value[key].type}'"


def _carried_once(p: Protocol) -> Iterator[str]:
    for id_, mark in p.mark.items():
        for key in mark.needs:
            if key in mark.may:
                yield f"[mark.{id_}]: expected '{key}' once, found it in needs and again in may"


def _carriers(p: Protocol) -> Iterator[str]:
    """A mark that names a group, a choice or an amount carries the value."""
    places = [
        (f"[[counter]] '{counter.id}'.{'of' if counter.of else 'counts'}", counter.of or counter.counts, counter.per)
        for counter in p.counter
        if counter.per
    ]
    for n, plan in enumerate(p.plan, 1):
        places += [(f"[[plan]] {n}.on", plan.on, plan.key)]
        places += [(f"[[plan]] {n}.change", plan.change, plan.key)] if plan.change else []
    places += [(f"[[total]] '{total.id}'.mark", total.mark, total.key) for total in p.total]
    for call in p.follow_up:
        place = f"[[follow_up]] '{call.id}'"
        places += [(f"{place}.made", call.made, call.value)] if call.made and call.value else []
        places += [(f"{place}.tried", call.tried, call.value)] if call.tried and call.value else []
        places += [(f"{place}.made", call.made, call.left_out)] if call.made and call.left_out else []
    for place, mark, key in places:
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
    places = [
        (f"[[suggest]] {n}.is", suggest.key, {suggest.is_})
        for n, suggest in enumerate(p.suggest, 1)
        if suggest.is_ is not None
    ]
    for n, fit in enumerate(p.fit, 1):
        places += [(f"[[fit]] {n}.allowed", fit.with_, set(fit.allowed))]
        places += [(f"[[fit]] {n}.allowed", fit.key, {option for row in fit.allowed.values() for option in row})]
    places += [(f"[[flag]] '{flag.id}'.is", flag.value, {flag.is_}) for flag in p.flag]
    chosen = [(f"[[follow_up]] '{call.id}'.is", call.value, call.is_) for call in p.follow_up]
    chosen += [(f"[[red_flag]] {n}.is", flag.value, flag.is_) for n, flag in enumerate(p.red_flag, 1)]
    places += [(place, key, {option}) for place, key, option in chosen if key and option]
    for place, key, options in places:
        offered = {option.id for option in p.options(key)}
        for option in sorted(options - offered):
            yield f"{place}: expected an option of '{key}' ({', '.join(sorted(offered)) or 'none'}), found '{option}'"


def _shared(p: Protocol) -> Iterator[str]:
    """A value that suggests or bars an option of another shares its options."""
    places = [
        (f"[[suggest]] {n}.value", suggest.value, suggest.key)
        for n, suggest in enumerate(p.suggest, 1)
        if suggest.value
    ]
    places += [(f"[[plan]] {n}.bar", plan.bar, plan.key) for n, plan in enumerate(p.plan, 1) if plan.bar]
    for place, other, key in places:
        if (p.value[other].options_of or other) != (p.value[key].options_of or key):
            yield f"{place}: expected a value that shares the options of '{key}', found '{other}'"


RULES = (
    _choices,
    _numbers,
    _carried_once,
    _carriers,
    _operator,
    _groups,
    _offered,
    _shared,
    _cautions,
)

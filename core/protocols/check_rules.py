"""What the tables of a protocol file say of each other: names of the right kind, marks that carry what is asked of
them, prompts that are raised and can be answered, outcomes that can be reached. One function for each rule.
"""

from collections.abc import Iterator

from core.protocols.tables import Protocol


def problems(p: Protocol) -> list[str]:
    """Every sentence about tables that do not go together. Every name has to be defined already."""
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


def _rare(p: Protocol) -> Iterator[str]:
    for id_, state in p.state.items():
        named = [("rare", mark) for mark in state.rare]
        named += [(f"near.{outcome}", mark) for outcome, marks in state.near.items() for mark in marks]
        for place, mark in named:
            if mark not in state.open:
                offered = ", ".join(state.open) or "none"
                yield f"[state.{id_}].{place}: expected a mark that is open here ({offered}), found '{mark}'"
        for outcome, marks in state.near.items():
            if not marks:
                yield f"[state.{id_}].near.{outcome}: expected a mark that is open here, found none"


def _ends(p: Protocol) -> Iterator[str]:
    if not any(state.final for state in p.state.values()) and not any(outcome.closed for outcome in p.outcome):
        yield "[state]: expected a state that is final or an outcome that is closed, found none: it would never end"


def _outcomes(p: Protocol) -> Iterator[str]:
    """One outcome stands before anything is decided; every other is brought about by a mark."""
    base = [outcome.id for outcome in p.outcome if outcome.rank == 0 and not outcome.marks]
    if len(base) != 1:
        found = ", ".join(f"'{one}'" for one in base) or "none"
        yield f"[[outcome]]: expected one of rank 0 without marks (before anything is decided), found {found}"
    for outcome in p.outcome:
        if outcome.rank and not outcome.marks:
            yield f"[[outcome]] '{outcome.id}'.marks: expected a mark that brings it about, found none"
        if outcome.rank < 0:
            yield f"[[outcome]] '{outcome.id}'.rank: expected 0 or more, found {outcome.rank}: it would never stand"


def _raised(p: Protocol) -> Iterator[str]:
    raised = {one for counter in p.counter for one in (counter.prompt, counter.groups_prompt)}
    raised |= {window.prompt for window in p.window} | {one.prompt for total in p.total for one in total.ceiling}
    for prompt in p.prompt:
        if prompt not in raised:
            yield f"[prompt.{prompt}]: expected a counter, a window or a ceiling that raises it, found none"


def _answered(p: Protocol) -> Iterator[str]:
    """A prompt goes when a mark clears it or somebody passes it; doing its action alone clears nothing."""
    for id_, prompt in p.prompt.items():
        if not (prompt.clears or prompt.other_group or prompt.pass_):
            found = f"only the action '{prompt.action}', which does not clear it" if prompt.action else "none"
            yield f"[prompt.{id_}]: expected clears, other_group or pass, so that it can be answered; found {found}"


def _reasons(p: Protocol) -> Iterator[str]:
    """Reasons are asked for by the button that passes the prompt."""
    for id_, prompt in p.prompt.items():
        if prompt.reasons and not prompt.pass_:
            yield f"[prompt.{id_}]: expected pass for its reasons, found none: they would never be asked"


def _scaled(p: Protocol) -> Iterator[str]:
    """A ceiling per kilogram needs the kilograms."""
    for total in p.total:
        if not total.per and any(ceiling.per_limit for ceiling in total.ceiling):
            yield f"[[total]] '{total.id}': expected per for the per_limit of its ceiling, found none"


def _ways_on(p: Protocol) -> Iterator[str]:
    for id_, state in p.state.items():
        if not state.open and not state.final:
            yield f"[state.{id_}].open: expected a mark that leads on, or final = true; found none"


def _phases(p: Protocol) -> Iterator[str]:
    """What is asked in a phase is seen: some state shows it."""
    shown = {phase for state in p.state.values() for phase in state.phases}
    for id_ in p.phase:
        if id_ not in shown:
            asked = [key for table in (p.check, p.value) for key, one in table.items() if one.phase == id_]
            lost = f": {', '.join(asked)} would never be asked" if asked else ""
            yield f"[phase.{id_}]: expected a state that shows it, found none{lost}"


RULES = (
    _choices,
    _numbers,
    _carried_once,
    _carriers,
    _operator,
    _groups,
    _offered,
    _shared,
    _rare,
    _ends,
    _outcomes,
    _raised,
    _answered,
    _reasons,
    _scaled,
    _ways_on,
    _phases,
)

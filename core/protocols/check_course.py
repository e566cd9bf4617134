"""Rules over the course of a procedure in a protocol file: states that lead on, outcomes that can be reached, prompts
that are raised and can be answered. One function for each rule.
"""

from collections.abc import Iterator

from core.protocols.tables import Protocol


def problems(p: Protocol) -> list[str]:
    """Every sentence about states, outcomes and prompts that do not go together, once every name is defined."""
    return [sentence for rule in RULES for sentence in rule(p)]


def _rare(p: Protocol) -> Iterator[str]:
    for id_, state in p.state.items():
        places = [("rare", mark) for mark in state.rare]
        places += [(f"near.{outcome}", mark) for outcome, marks in state.near.items() for mark in marks]
        for place, mark in places:
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
        offered = ", ".join(f"'{id_}'" for id_ in base) or "none"
        yield f"[[outcome]]: expected one of rank 0 without marks (before anything is decided), found {offered}"
    for outcome in p.outcome:
        if outcome.rank and not outcome.marks:
            yield f"[[outcome]] '{outcome.id}'.marks: expected a mark that brings it about, found none"
        if outcome.rank < 0:
            yield f"[[outcome]] '{outcome.id}'.rank: expected 0 or more, found {outcome.rank}: it would never stand"


def _raised(p: Protocol) -> Iterator[str]:
    raised = {prompt for counter in p.counter for prompt in (counter.prompt, counter.groups_prompt)}
    raised |= {window.prompt for window in p.window} | {
        ceiling.prompt for total in p.total for ceiling in total.ceiling
    }
    raised |= {caution.prompt for caution in p.caution}
    for prompt in p.prompt:
        if prompt not in raised:
            yield f"[prompt.{prompt}]: expected a counter, a window, a ceiling or a caution that raises it, found none"


def _answered(p: Protocol) -> Iterator[str]:
    """A prompt goes when a mark clears it or somebody passes it; doing its action alone clears nothing."""
    for id_, prompt in p.prompt.items():
        if not (prompt.clears or prompt.other_group or prompt.pass_):
            ways = f"only the action '{prompt.action}', which does not clear it" if prompt.action else "none"
            yield f"[prompt.{id_}]: expected clears, other_group or pass, so that it can be answered; found {ways}"


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
            asked = [key for tables in (p.check, p.value) for key, table in tables.items() if table.phase == id_]
            lost = f": {', '.join(asked)} would never be asked" if asked else ""
            yield f"[phase.{id_}]: expected a state that shows it, found none{lost}"


RULES = (
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

"""What a blank paper sheet of a protocol has room for: every phase with its checks, values and marks, the insertions,
the complications and the calls. Pure; all words are the protocol's. What is written on it comes back by `sheets`.
"""

from collections.abc import Iterable
from itertools import chain

import msgspec

from core.protocols import filled, number
from core.protocols.tables import Counter, Mark, Protocol

INSERTIONS = 6  # rows, where the protocol sets no limit to them
AGAIN = 2  # rows of a mark that can come again
TIMES = 4  # room for so many times in one row, where such a mark carries nothing else
DESCRIBED = 3  # rows to describe complications in
TRIES = 1  # room for so many unanswered calls, where the protocol says no number


class Field(msgspec.Struct, frozen=True):
    """Room for a value: options to tick, else a line to write on."""

    label: str
    type: str
    unit: str = ""
    options: tuple[str, ...] = ()


class MarkRow(msgspec.Struct, frozen=True):
    """Room for a mark: so many times, and the values that it carries."""

    label: str
    hint: str
    times: int
    fields: tuple[Field, ...]


class Insertions(msgspec.Struct, frozen=True):
    """Numbered rows: the mark that begins an insertion, and those that can end it."""

    rows: int
    begin: MarkRow
    ends: tuple[MarkRow, ...]


class Section(msgspec.Struct, frozen=True):
    """A phase, or what can happen in any."""

    label: str
    checks: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    insertions: Insertions | None = None
    marks: tuple[MarkRow, ...] = ()


class Call(msgspec.Struct, frozen=True):
    """A follow-up call: when it is due, and how often it may go unanswered."""

    label: str
    due: str
    tried: str
    tries: int
    made: str


class Sheet(msgspec.Struct, frozen=True):
    title: str
    protocol: str
    sections: tuple[Section, ...]
    complications: tuple[str, ...]
    describe: tuple[Field, ...]
    described: int
    reasons: tuple[Field, ...]  # why a bound of the protocol was passed
    calls: tuple[Call, ...]
    ask: tuple[str, ...]
    red_flags: tuple[str, ...]


def sheet(p: Protocol) -> Sheet:
    """The sheet of a protocol."""
    begin = _begin(p)
    of_calls = {mark for call in p.follow_up for mark in (call.made, call.tried)}
    apart = [key for key, mark in p.mark.items() if key in p.everywhere or (mark.tone == "stop" and mark.rare)]
    needle = [begin, *_ends(p, begin)] if begin else []
    phases: dict[str, list[str]] = {phase: [] for phase in p.phase}
    for key in p.mark:
        if key not in of_calls and key not in apart and key not in needle:
            phases[_phase(p, key)].append(key)
    sections = [_section(p, phase, marks, begin) for phase, marks in phases.items()]
    anywhere = Section("At any time", (), _fields(p, _homeless(p)), None, _rows(p, apart))
    return Sheet(
        title=p.title,
        protocol=f"{p.id} {p.version}",
        sections=tuple(s for s in [*sections, anywhere] if s.checks or s.fields or s.insertions or s.marks),
        complications=tuple(table.label for table in p.complication.values() if not table.follow_up_only),
        describe=_fields(p, p.describe),
        described=DESCRIBED,
        reasons=tuple(
            Field(prompt.label, "option", "", prompt.reasons) for prompt in p.prompt.values() if prompt.reasons
        ),
        calls=tuple(_calls(p)),
        ask=tuple(p.complication[key].label for key in p.ask),
        red_flags=tuple(flag.do for flag in p.red_flag),
    )


def _section(p: Protocol, phase: str, marks: list[str], begin: str | None) -> Section:
    return Section(
        label=p.phase[phase].label,
        checks=tuple(check.label for check in p.check.values() if check.phase == phase),
        fields=_fields(p, (key for key, value in p.value.items() if value.phase == phase)),
        insertions=_insertions(p, begin) if begin and _phase(p, begin) == phase else None,
        marks=_rows(p, marks),
    )


def _fields(p: Protocol, keys: Iterable[str]) -> tuple[Field, ...]:
    return tuple(
        Field(
            p.value[key].label, p.value[key].type, p.value[key].unit, tuple(option.label for option in p.options(key))
        )
        for key in keys
    )


def _homeless(p: Protocol) -> list[str]:
    """Values that no phase asks for, no mark carries, and neither a complication nor a call."""
    carried = set(chain.from_iterable((*mark.needs, *mark.may) for mark in p.mark.values()))
    of_calls = {key for call in p.follow_up for key in (call.value, call.left_out)}
    return [
        key
        for key, value in p.value.items()
        if value.phase is None and key not in carried and key not in p.describe and key not in of_calls
    ]


# ---------------------------------------------------------------------------------------------------------------- marks
def _rows(p: Protocol, keys: list[str]) -> tuple[MarkRow, ...]:
    return tuple(chain.from_iterable(_row_or_more(p, key) for key in keys))


def _row_or_more(p: Protocol, key: str) -> list[MarkRow]:
    again = _comes_again(p, key)
    row = _row(p, key, TIMES if again else 1)
    return [_row(p, key)] * AGAIN if again and row.fields else [row]


def _row(p: Protocol, key: str, times: int = 1) -> MarkRow:
    mark = p.mark[key]
    given = [drug for drug in p.medication if key in drug.marks and key not in drug.halted]
    hints = [
        filled(p, mark.hint),
        *(f"{drug.label}: {drug.route.lower()}" for drug in given if drug.label not in mark.label),
    ]
    return MarkRow(mark.label, "; ".join(hint for hint in hints if hint), times, _fields(p, _carries(mark)))


def _carries(mark: Mark) -> list[str]:
    return list(dict.fromkeys((*mark.needs, *mark.may)))


def _phase(p: Protocol, key: str) -> str:
    """Where a mark stands: in the phase that it leads to; what ends everything, in the one from which it is usual."""
    for rare in (False, True):
        for state in p.state.values():
            if key in state.open and (rare or key not in state.rare):
                there = p.state[state.open[key]]
                shared = [phase for phase in state.phases if phase in there.phases]
                return state.phases[-1] if there.final else (shared or there.phases)[0]
    return next(iter(p.phase))


def _comes_again(p: Protocol, key: str) -> bool:
    """Whether the usual way through the states leads back to a mark, or its times are added up."""
    if key in p.everywhere:
        return key == p.operator_mark
    if any(clock.sum and key in (clock.from_, clock.to) for clock in p.clock):
        return True
    places = {state.open[key] for state in p.state.values() if key in state.open}
    reached: set[str] = set()
    while places:
        reached |= places
        places = {there for name in places for there in _onward(p, name)} - reached
    return any(key in _usual(p, name) for name in reached)


def _usual(p: Protocol, state: str) -> dict[str, str]:
    table = p.state[state]
    return {key: there for key, there in table.open.items() if key not in table.rare and not p.mark[key].rare}


def _onward(p: Protocol, state: str) -> set[str]:
    return set(_usual(p, state).values())


# ----------------------------------------------------------------------------------------------------------- insertions
def _counter(p: Protocol) -> Counter | None:
    return next((counter for counter in p.counter if counter.per == p.group and counter.of is None), None)


def _begin(p: Protocol) -> str | None:
    """The mark that begins an insertion: the one that is counted by the protocol's group."""
    counter = _counter(p)
    return counter.counts if counter else None


def _ends(p: Protocol, begin: str) -> list[str]:
    """What usually follows a puncture and leaves its state."""
    there = next(state.open[begin] for state in p.state.values() if begin in state.open)
    return [key for key, after in _usual(p, there).items() if after != there and p.mark[key].tone != "stop"]


def _insertions(p: Protocol, begin: str) -> Insertions:
    """As many rows as may fail before the protocol ends them."""
    limits = [counter.limit * counter.groups for counter in p.counter if counter.limit and counter.groups]
    first, *ends = (msgspec.structs.replace(_row(p, key), hint="") for key in (begin, *_ends(p, begin)))
    return Insertions(max([*limits, INSERTIONS]), first, tuple(ends))


# ---------------------------------------------------------------------------------------------------------------- calls
def _calls(p: Protocol) -> Iterable[Call]:
    for call in p.follow_up:
        if call.made is not None:
            after = " or ".join(p.mark[key].label for key in call.after)
            tried = p.mark[call.tried].label if call.tried else ""
            tries = (call.tries or TRIES) if call.tried else 0
            yield Call(
                call.label, f"{number(call.hours)} {call.unit} after {after}", tried, tries, p.mark[call.made].label
            )

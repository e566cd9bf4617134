"""What a procedure and an insertion are told by in tables: columns made from the protocol's own, and their cells.

One definition serves CSV, REDCap and their data dictionaries. Cells are plain: numbers, texts, option ids, True or
False, moments in UTC ms; what was not recorded, or is of the wrong type, is None (a text says what is to review).
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from core.engine.sentences import sentence
from core.engine.session import Session
from core.facts import cells as facts
from core.facts.cells import Facts, Read, figure, first, head, raised, times, told
from core.facts.insertions import insertion_mark, operators, with_ends
from core.protocols.tables import Option, Protocol

# What a row of an insertion tells of its procedure: no column of its own takes these names.
OF_PROCEDURE = ("session", "protocol", "version", "patient", "dose", "drill", "outcome")
Type = Literal["text", "number", "whole", "option", "yesno", "moment"]


class Column(msgspec.Struct, frozen=True):
    """`read` takes Facts; for a column of insertions, an Insertion."""

    name: str
    section: str
    label: str
    type: Type
    read: Callable[[Any], Any]
    unit: str = ""
    options: tuple[Option, ...] = ()
    low: float | None = None
    high: float | None = None
    source: str = ""


class Cells(msgspec.Struct):
    """A record's cells by their column, those that hold something: its own, and those of each insertion."""

    whole: dict[str, Any]
    each: list[dict[str, Any]]


def procedure(p: Protocol) -> list[Column]:
    """The columns of one row a procedure; every name once."""
    values = [_value(p, key, "values", facts.value(key)) for key in p.value]
    return _named_once([*_head(p), *_figures(p), *values, *_marks(p), *_checks(p), *_events(p)])


def insertions(p: Protocol) -> list[Column]:
    """The columns of one row an insertion."""
    mark = p.mark.get(insertion_mark(p))
    carried = (*mark.needs, *mark.may) if mark else ()

    def column(name: str, label: str, type_: Type = "text") -> Column:
        return Column(name, "each insertion", label, type_, lambda one: getattr(one, name) or None)

    return _named_once(
        [
            column("number", "Number of the insertion in the procedure", "whole"),
            column("at", mark.label if mark else "Insertion", "moment"),
            *(_value(p, key, "each insertion", _carried(p, key)) for key in carried),
            column("operator", "Who held the needle"),
            column("ended_by", "What came of it: the next mark that changed the state"),
            column("ended_at", "When that was", "moment"),
            column("ended_with", "What that mark carried"),
        ],
        OF_PROCEDURE,
    )


def _carried(p: Protocol, key: str) -> Callable[[Any], Any]:
    return lambda one: facts.fitting(p, key, one.carried.get(key))


def cells(session: Session) -> str:
    """A session's cells as JSON text (of Cells): small in memory, whatever the number of columns."""
    of_procedure, of_insertion = columns_of(session.protocol)
    found = Cells(_filled(of_procedure, Facts(session)), [_filled(of_insertion, one) for one in with_ends(session)])
    return msgspec.json.encode(found).decode()


_made: dict[int, tuple[Protocol, list[Column], list[Column]]] = {}


def columns_of(p: Protocol) -> tuple[list[Column], list[Column]]:
    """The columns of both tables, made once for each protocol in memory."""
    if id(p) not in _made:
        _made[id(p)] = (p, procedure(p), insertions(p))
    return _made[id(p)][1:]


def _filled(columns: list[Column], told_by: Any) -> dict[str, Any]:
    read = ((column.name, column.read(told_by)) for column in columns)
    return {name: found for name, found in read if found is not None}


def _head(p: Protocol) -> list[Column]:
    def column(name: str, label: str, type_: Type, read: Callable[[Session], Any], **more: Any) -> Column:
        return Column(name, "record", label, type_, head(read), **more)

    outcomes = tuple(Option(one.id, one.label) for one in p.outcome)
    return [
        column("session", "Id of the record", "text", lambda s: s.id),
        column("protocol", "Protocol", "text", lambda s: p.id),
        column("version", "Version of the protocol", "text", lambda s: p.version),
        column("patient", "Code of the patient", "text", lambda s: s.patient),
        column("dose", "Number of the dose", "whole", lambda s: s.dose),
        column("operator", "Who held the needle last", "text", lambda s: s.walk.operator),
        column("operators", "Everyone who held it", "text", lambda s: ", ".join(operators(s))),
        column("recorder", "Who recorded", "text", lambda s: s.walk.recorded_by),
        column("drill", "A drill: no procedure of a patient", "yesno", lambda s: s.drill),
        column("opened_at", "When the record was opened", "moment", lambda s: s.opened_at),
        column("outcome", "Outcome", "option", lambda s: s.walk.outcome, options=outcomes),
        column("state", "Where the procedure stands", "text", lambda s: p.state[s.walk.state].label),
        column("flags", "What marks the whole record", "text", lambda s: ", ".join(s.flags)),
        column("to_review", "Entries still to review", "whole", lambda s: len(s.walk.review)),
        column("reviewed", "Entries reviewed", "whole", lambda s: len(s.walk.reviewed)),
        column("review", "What is to review", "text", lambda s: " | ".join(sentence(s, one) for one in s.walk.review)),
        Column("notes", "record", "Notes", "text", told("note", "text")),
    ]


def _figures(p: Protocol) -> list[Column]:
    def column(name: str, label: str, type_: Type, read: Read, unit: str, source: str) -> Column:
        return Column(name, "figures", label, type_, read, unit, source=source)

    found = []
    for one in p.counter:
        if one.runs:
            by, per = f"{one.id}_by_{one.per}", p.value[one.per].label if one.per else ""
            used = one.runs.replace("_", " ").capitalize()
            found += [
                column(one.id, one.label, "whole", figure(one.id), "", one.source),
                column(by, f"{one.label} by {per}", "text", figure(by), "", one.source),
                column(one.runs, used, "whole", figure(one.runs), "", one.source),
            ]
    for clock in p.clock:
        if not clock.hidden:
            name = f"{clock.id}_time_s"
            found.append(column(name, clock.label, "whole", figure(name), "s", clock.source))
    for total in p.total:
        found.append(
            column(f"total_{total.id}", total.label, "number", facts.total(total.id), total.unit, total.source)
        )
    return found


def _value(p: Protocol, key: str, section: str, read: Callable[[Any], Any]) -> Column:
    value = p.value[key]
    kind: Type = "whole" if value.type == "number" and value.whole else value.type
    return Column(key, section, value.label, kind, read, value.unit, p.options(key), value.min, value.max, value.source)


def _marks(p: Protocol) -> list[Column]:
    found = []
    for id_, mark in p.mark.items():
        found += [
            Column(f"at_{id_}", "marks", f"{mark.label}: the first time", "moment", first("mark", id_)),
            Column(f"n_{id_}", "marks", f"{mark.label}: how often", "whole", times("mark", id_)),
        ]
    return found


def _checks(p: Protocol) -> list[Column]:
    return [
        Column(f"check_{id_}", "checks", check.label, "moment", first("check", id_), source=check.source)
        for id_, check in p.check.items()
    ]


def _events(p: Protocol) -> list[Column]:
    """Adverse events and prompts: how often each, and what was said of them."""
    adverse = [
        Column(f"adverse_{id_}", "adverse events", one.label, "whole", times("complication", id_), source=one.source)
        for id_, one in p.complication.items()
    ]
    prompts = [Column(f"prompt_{id_}", "prompts", one.label, "whole", raised(id_)) for id_, one in p.prompt.items()]
    in_words = Column("adverse_events", "adverse events", "In words", "text", told("complication", "text"))
    reasons = Column("reasons", "prompts", "Reasons given for going on", "text", told("answer", "reason"))
    return [*adverse, in_words, *prompts, reasons]


def _named_once(columns: list[Column], taken: Iterable[str] = ()) -> list[Column]:
    """A name that two columns would take, or that is taken already, gets its section before it: once, or more often
    where a protocol has that name too.
    """
    names = set(taken)
    unique = []
    for column in columns:
        name = column.name
        while name in names:
            name = f"{column.section.replace(' ', '_')}_{name}"
        names.add(name)
        unique.append(msgspec.structs.replace(column, name=name))
    return unique

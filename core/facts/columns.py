"""Columns of the tables of procedures and of insertions, made from the protocol's own tables, and their cells.

One definition serves CSV, REDCap and their data dictionaries. Cells are plain: numbers, texts, option ids, True or
False, moments in UTC ms; what was not recorded, or is of the wrong type, is None (a text says what is to review).
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from core.engine.sentences import sentence
from core.engine.session import Session
from core.facts import cells as facts
from core.facts.cells import Facts, Read, figure, first, head, in_words, raised, times
from core.facts.insertions import insertion_mark, operators, person, with_ends
from core.protocols.tables import Option, Protocol

# What a row of an insertion tells of its procedure: no column of its own takes these names.
OF_PROCEDURE = ("session", "protocol", "version", "patient", "dose", "drill", "outcome")
Type = Literal["text", "number", "whole", "option", "yesno", "moment"]


class Column(msgspec.Struct, frozen=True):
    """`read` takes Facts; for a column of insertions, an Insertion. `common`: every protocol means the same by it."""

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
    common: bool = False


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
        def read(insertion: Any) -> Any:
            return getattr(insertion, name) or None

        return Column(name, "each insertion", label, type_, read, common=True)

    return _named_once(
        [
            column("number", "Number of the insertion in the procedure", "whole"),
            column("at", "When the needle went in", "moment"),
            *(_value(p, key, "each insertion", _carried(p, key)) for key in carried),
            column("operator", "Who held the needle"),
            column("ended_by", "What came of it: the next mark that changed the state"),
            column("ended_at", "When that was", "moment"),
            column("ended_with", "What that mark carried"),
        ],
        OF_PROCEDURE,
    )


def _carried(p: Protocol, key: str) -> Callable[[Any], Any]:
    return lambda insertion: facts.fitting(p, key, insertion.carried.get(key))


def cells(session: Session) -> str:
    """A session's cells as JSON text (of Cells): small in memory, whatever the number of columns."""
    of_procedure, of_insertion = columns_of(session.protocol)
    of_record = Cells(
        _filled(of_procedure, Facts(session)), [_filled(of_insertion, insertion) for insertion in with_ends(session)]
    )
    return msgspec.json.encode(of_record).decode()


_columns: dict[int, tuple[Protocol, list[Column], list[Column]]] = {}


def columns_of(p: Protocol) -> tuple[list[Column], list[Column]]:
    """The columns of both tables, made once for each protocol in memory."""
    if id(p) not in _columns:
        _columns[id(p)] = (p, procedure(p), insertions(p))
    return _columns[id(p)][1:]


def _filled(columns: list[Column], source: Any) -> dict[str, Any]:
    read = ((column.name, column.read(source)) for column in columns)
    return {name: content for name, content in read if content is not None}


def _head(p: Protocol) -> list[Column]:
    def column(name: str, label: str, type_: Type, read: Callable[[Session], Any], **more: Any) -> Column:
        return Column(name, "record", label, type_, head(read), common=True, **more)

    outcomes = tuple(Option(outcome.id, outcome.label) for outcome in p.outcome)
    return [
        column("session", "Id of the record", "text", lambda s: s.id),
        column("protocol", "Protocol", "text", lambda s: p.id),
        column("version", "Version of the protocol", "text", lambda s: p.version),
        column("patient", "Code of the patient", "text", lambda s: s.patient),
        column("dose", "Number of the dose", "whole", lambda s: s.dose),
        column("operator", "Who held the needle last", "text", lambda s: person(s.walk.operator)),
        column("operators", "Everyone who held it", "text", lambda s: ", ".join(operators(s))),
        column("recorder", "Who recorded", "text", lambda s: person(s.walk.recorded_by)),
        column("drill", "A drill: no procedure of a patient", "yesno", lambda s: s.drill),
        column("opened_at", "When the record was opened", "moment", lambda s: s.opened_at),
        column("outcome", "Outcome", "option", lambda s: s.walk.outcome, options=outcomes),
        column("state", "Where the procedure stands", "text", lambda s: p.state[s.walk.state].label),
        column("flags", "What marks the whole record", "text", lambda s: ", ".join(s.flags)),
        column("to_review", "Entries still to review", "whole", lambda s: len(s.walk.review)),
        column("reviewed", "Entries reviewed", "whole", lambda s: len(s.walk.reviewed)),
        column(
            "review", "What is to review", "text", lambda s: " | ".join(sentence(s, item) for item in s.walk.review)
        ),
        Column("notes", "record", "Notes", "text", in_words("note", "text"), common=True),
    ]


def _figures(p: Protocol) -> list[Column]:
    def column(name: str, label: str, type_: Type, read: Read, unit: str, source: str) -> Column:
        return Column(name, "figures", label, type_, read, unit, source=source)

    columns = []
    for counter in p.counter:
        if counter.runs:
            by, per = f"{counter.id}_by_{counter.per}", p.value[counter.per].label if counter.per else ""
            used = counter.runs.replace("_", " ").capitalize()
            columns += [
                column(counter.id, counter.label, "whole", figure(counter.id), "", counter.source),
                column(by, f"{counter.label} by {per}", "text", figure(by), "", counter.source),
                column(counter.runs, used, "whole", figure(counter.runs), "", counter.source),
            ]
    for clock in p.clock:
        if not clock.hidden:
            name = f"{clock.id}_time_s"
            columns.append(column(name, clock.label, "whole", figure(name), "s", clock.source))
    for total in p.total:
        columns.append(
            column(f"total_{total.id}", total.label, "number", facts.total(total.id), total.unit, total.source)
        )
    return columns


def _value(p: Protocol, key: str, section: str, read: Callable[[Any], Any]) -> Column:
    value = p.value[key]
    kind: Type = "whole" if value.type == "number" and value.whole else value.type
    return Column(key, section, value.label, kind, read, value.unit, p.options(key), value.min, value.max, value.source)


def _marks(p: Protocol) -> list[Column]:
    columns = []
    for id_, mark in p.mark.items():
        columns += [
            Column(f"at_{id_}", "marks", f"{mark.label}: the first time", "moment", first("mark", id_)),
            Column(f"n_{id_}", "marks", f"{mark.label}: how often", "whole", times("mark", id_)),
        ]
    return columns


def _checks(p: Protocol) -> list[Column]:
    return [
        Column(f"check_{id_}", "checks", check.label, "moment", first("check", id_), source=check.source)
        for id_, check in p.check.items()
    ]


def _events(p: Protocol) -> list[Column]:
    """Adverse events and prompts: how often each, and what was said of them."""
    adverse = [
        Column(
            f"adverse_{id_}",
            "adverse events",
            complication.label,
            "whole",
            times("complication", id_),
            source=complication.source,
        )
        for id_, complication in p.complication.items()
    ]
    prompts = [
        Column(f"prompt_{id_}", "prompts", prompt.label, "whole", raised(id_)) for id_, prompt in p.prompt.items()
    ]

    def text(name: str, section: str, label: str, read: Read) -> Column:
        return Column(name, section, label, "text", read, common=True)

    described = text("adverse_events", "adverse events", "In words", in_words("complication", "text"))
    reasons = text("reasons", "prompts", "Reasons given for going on", in_words("answer", "reason"))
    return [*adverse, described, *prompts, reasons]


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

"""Codes and initials that look alike: one patient or colleague written in two ways, or two. A person says which.

The answer "another one" stands in the opening of the record that was opened with it (`another`), so that nobody is
asked the same again; "the same" needs none, as the code on record is taken. Pure.
"""

import re
from collections.abc import Iterable

from core import site
from core.facts.insertions import person
from core.protocols.tables import Protocol
from core.records.barred import barred
from core.records.history import codes, procedures
from core.records.row import Row

BETWEEN = re.compile(r"[^0-9a-z]")  # hyphens, dots, blanks
TAKEN_FOR = str.maketrans("oil", "011")  # what a hand or a spreadsheet makes of zero and one
LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def shape(text: str) -> str:
    """What is left of a code where letter case, O and 0, I, l and 1, hyphens, dots and leading zeros tell nothing."""
    return LEADING_ZEROS.sub("", BETWEEN.sub("", text.casefold()).translate(TAKEN_FOR))


def alike(text: str, known: Iterable[str], rows: list[Row]) -> list[str]:
    """Those of `known` that look like a text, are written otherwise, and of which nobody has said in `rows` that they
    are another's.
    """
    of_text = shape(text)
    same = [other for other in known if other != text and of_text and shape(other) == of_text]
    others = _others(text, rows) if same else set()
    return [other for other in same if other not in others]


def patients(code: str, rows: list[Row]) -> list[str]:
    """Patients on record who may be meant by a code."""
    return alike(code, codes(rows), rows)


def people(name: str, known: Iterable[str], rows: list[Row]) -> list[str]:
    """Colleagues on record who may be meant by initials; however `AK` is typed, it is `AK`."""
    return [other for other in alike(person(name), known, rows) if person(other) != person(name)]


def _others(text: str, rows: list[Row]) -> set[str]:
    """Who was said to be another than the one of this code or these initials, in a record of either."""
    others: set[str] = set()
    for row in rows:
        names = {row.patient, *row.people}
        if text in names or person(text) in names:
            others.update(row.another)
        elif text in row.another or person(text) in row.another:
            others.update(names)
    return others


def at_stake(code: str, rows: list[Row], protocols: Iterable[Protocol]) -> str:
    """What would be missed if a patient on record were taken for another: history, the last dose, what is barred."""
    own = procedures(rows, code)
    last = own[-1]
    size = f"{len(own)} procedure{'' if len(own) == 1 else 's'}"
    dose = f"dose {last.dose}" if last.dose is not None else "no dose number"
    stakes = [f"{size}, the last {site.local(last.opened_at):%a %-d %b %Y}, {dose}, {last.outcome_label}"]
    for p in protocols:
        for bar in barred(p, own):
            label = next((option.label for option in p.options(bar.key) if option.id == bar.option), bar.option)
            stakes.append(f"{p.value[bar.value].label}: {label}")
    return "; ".join(stakes)

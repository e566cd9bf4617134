"""The paper from raw taps: its headline figures and where it disagrees with its own data, beside what the events give.

What the paper says stands in core/reference/paper.toml; every other number is computed.
"""

import msgspec

from core.curves.cohort import published
from core.curves.publication.data import facts, paper_table


class Line(msgspec.Struct, frozen=True):
    """One headline figure: what it is, what the paper says and where, what the events give."""

    about: str
    paper: str
    where: str
    found: str

    @property
    def same(self) -> bool:
        return self.paper == self.found


class Difference(msgspec.Struct, frozen=True):
    """A place where the paper's text and its data differ."""

    about: str
    paper: str
    data: str


def events() -> int:
    """How many events the figures come from."""
    return sum(len(session.entries) for _, session in published.sessions())


def headlines() -> list[Line]:
    """The paper's headline figures, each beside what the events give."""
    lines = msgspec.convert(paper_table("headline"), list[Line])
    return [msgspec.structs.replace(line, found=line.found.format_map(facts())) for line in lines]


def differences() -> list[Difference]:
    """Where the paper disagrees with its own data."""
    lines = msgspec.convert(paper_table("difference"), list[Difference])
    return [msgspec.structs.replace(line, data=line.data.format_map(facts())) for line in lines]

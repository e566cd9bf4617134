"""The progress of a long job, after each record, so that a page can show it and stop."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


class Progress(NamedTuple):
    """`done` of `total` records; `problem`: why this one was left out, in a sentence."""

    done: int
    total: int
    problem: str = ""


def counted(items: Sequence[Item]) -> Iterator[tuple[Progress, Item]]:
    """Each item with the progress once it is done."""
    for n, item in enumerate(items, 1):
        yield Progress(n, len(items)), item


class BadImport(Exception):
    """Everything that is wrong, in sentences with their place; nothing was written."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems

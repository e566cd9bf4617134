"""A stored session, the answer to an append, and events as plain JSON."""

from dataclasses import dataclass
from typing import Any

import msgspec

from core.store.errors import StoreError

Json = dict[str, Any]


@dataclass(frozen=True)
class Appended:
    """The answer to an append: the version (number of events) after it, and what became of each event id."""

    version: int
    accepted: list[str]
    duplicates: list[str]


@dataclass(frozen=True)
class Record:
    """A session as stored: its head, and its events in order of arrival. The caller's own copy."""

    session: str
    head: Json
    version: int
    events: tuple[Json, ...]


def new_of(batch: list[Json], known: set[str]) -> tuple[list[Json], list[str]]:
    """The events that are not known yet, each id once, and the ids of the others."""
    new: dict[str, Json] = {}
    duplicates = []
    for event in batch:
        if event["id"] in known or event["id"] in new:
            duplicates.append(event["id"])
        else:
            new[event["id"]] = event
    return list(new.values()), duplicates


def plain(value: object, what: str) -> Json:
    """A copy as JSON gives it back, made before anything is written; StoreError if it is no JSON object."""
    try:
        return msgspec.json.decode(msgspec.json.encode(value), type=Json)
    except (TypeError, ValueError, OverflowError, RecursionError, msgspec.MsgspecError) as error:
        raise StoreError(f"Each {what} must be a plain JSON object, and one is not: nothing was stored.") from error

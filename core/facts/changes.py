"""Corrections of an entry, in the order in which they were made: who changed what to what, and why."""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.engine import words
from core.engine.log import Entry
from core.protocols.tables import Protocol

CORRECTIONS = ("undo", "detail", "amend", "review")


class Change(msgspec.Struct, frozen=True):
    """One correction: "Amended", "Added", "Undone", "Taken back", "Reviewed"; `content`: what became what."""

    what: str
    at: int
    who: str
    device: str
    content: str = ""
    reason: str = ""
    taken_back: bool = False


def changes_of(p: Protocol, entry: Entry, corrections: list[Entry]) -> Iterator[Change]:
    """The corrections of an entry in the order in which they were made."""
    now = {**entry.event.data, "at": entry.event.at}
    for correction in corrections:
        event, kind = correction.event, correction.event.kind
        of_entry = event.data.get("of") == entry.event.id
        what, became = {"review": "Reviewed", "amend": "Amended", "detail": "Added"}.get(kind, ""), ""
        if kind == "undo":
            what = "Undone" if of_entry else "Taken back"
        elif kind == "review":
            verdicts = {"same": "the same as the one before: counts once", "separate": "another one: both count"}
            became = verdicts.get(str(event.data.get("verdict")), "")
        else:
            new = event.data.get("set")
            changed = new if isinstance(new, dict) else {}
            became = "; ".join(_became(p, key, now.get(key), content) for key, content in changed.items())
            now |= {} if correction.undone else changed
        reason = text(event.data.get("reason")) or (text(event.data.get("text")) if kind == "review" else "")
        yield Change(what, event.tapped, event.by, event.device, became, reason, correction.undone)


def _became(p: Protocol, key: str, before: Any, after: Any) -> str:
    names = {"at": "Time", "another": "Another than"}
    name = names.get(key) or (p.value[key].label if key in p.value else key.capitalize())
    old, new = (_shown(p, key, content) for content in (before, after))
    return f"{name} {old} → {new}" if before not in (None, "") else f"{name} {new}"


def _shown(p: Protocol, key: str, content: Any) -> str:
    if key == "at" and isinstance(content, int | float):
        return f"{words.day(int(content))} {words.time(int(content))}"
    return words.shown(p, key, content)


def text(content: Any) -> str:
    """A text without the spaces around it; empty for what is none."""
    return content.strip() if isinstance(content, str) else ""

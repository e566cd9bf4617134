"""Cells of a session for the columns of a table: its figures, marks, checks and values, worked out once."""

from collections.abc import Callable, Iterable
from typing import Any

from core.engine.log import Entry
from core.engine.review import has_type
from core.engine.sentences import clock_time, label
from core.engine.session import Session
from core.engine.summary import figures
from core.protocols.tables import Protocol


class Facts:
    """A session with what many columns read from it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.figures = figures(session)
        entries = [entry for entry in session.entries if entry.counts]
        self.entries = {kind: _by_id(entries, kind) for kind in ("mark", "check", "complication")}
        self.values: dict[str, Any] = {}
        for entry in entries:
            carried = {entry.data.get("value"): entry.data.get("is")} if entry.event.kind == "value" else entry.data
            if entry.event.kind in ("value", "mark"):
                self.values |= {key: content for key, content in carried.items() if key in session.protocol.value}


Read = Callable[[Facts], Any]


def head(read: Callable[[Session], Any]) -> Read:
    """Something of the session itself; an empty text is nothing."""
    return lambda facts: None if (content := read(facts.session)) == "" else content


def figure(key: str) -> Read:
    """A figure of the protocol; numbers by group as "L2-L3: 3; L3-L4: 1"."""

    def read(facts: Facts) -> Any:
        content = facts.figures[key]
        if not isinstance(content, dict):
            return content
        return "; ".join(f"{group or 'none named'}: {times}" for group, times in content.items()) or None

    return read


def total(key: str) -> Read:
    """What a total adds up to."""
    return lambda facts: facts.session.walk.totals[key]


def value(key: str) -> Read:
    """A value as it was recorded last, on its own or carried by a mark; None where it is not of its type."""
    return lambda facts: fitting(facts.session.protocol, key, facts.values.get(key))


def fitting(p: Protocol, key: str, content: Any) -> Any:
    """The content of a value if it is of the declared type and, for options, one of them; else None."""
    if content is None or not has_type(p, key, content):
        return None
    offered = p.value[key].type != "option" or any(option.id == content for option in p.options(key))
    return content if offered else None


def first(kind: str, key: str) -> Read:
    """When an entry was made for the first time (UTC ms)."""
    return lambda facts: facts.entries[kind][key][0].at if key in facts.entries[kind] else None


def times(kind: str, key: str) -> Read:
    """How often an entry was made; None for never."""
    return lambda facts: len(facts.entries[kind].get(key, ())) or None


def raised(key: str) -> Read:
    """How often a prompt was raised; None for never."""
    return lambda facts: sum(prompt.kind == key for prompt in facts.session.walk.prompts) or None


def in_words(kind: str, word: str) -> Read:
    """Every entry of a kind with its time and the words that it carries under `word`."""
    return lambda facts: " | ".join(_in_words(facts.session, kind, word)) or None


def _in_words(session: Session, kind: str, word: str) -> Iterable[str]:
    for entry in session.entries:
        words = entry.data.get(word)
        if entry.event.kind == kind and entry.counts and (words or kind == "complication"):
            name = "" if kind == "note" else _named(session.protocol, entry)
            text = ": ".join(str(part) for part in (name, words) if part)
            yield f"{clock_time(entry.at, session.opened_at)} {text}"


def _named(p: Protocol, entry: Entry) -> str:
    prompt = entry.data.get("prompt")
    return p.prompt[prompt].label if isinstance(prompt, str) and prompt in p.prompt else label(p, entry)


def _by_id(entries: Iterable[Entry], kind: str) -> dict[str, list[Entry]]:
    entries_by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.event.kind == kind:
            entries_by_id.setdefault(str(entry.data.get(kind)), []).append(entry)
    return entries_by_id

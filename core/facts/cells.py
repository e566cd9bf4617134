"""What a session is asked for by the columns of a table: its figures, marks, checks, values, worked out once."""

from collections.abc import Callable, Iterable
from typing import Any

from core.engine.log import Line
from core.engine.review import has_type
from core.engine.sentences import clock_time, label
from core.engine.session import Session
from core.engine.summary import figures
from core.protocols.tables import Protocol


class Facts:
    """A session with what many columns ask of it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.figures = figures(session)
        lines = [line for line in session.lines if line.counts]
        self.entries = {kind: _by_id(lines, kind) for kind in ("mark", "check", "complication")}
        self.values: dict[str, Any] = {}
        for line in lines:
            told = {line.data.get("value"): line.data.get("is")} if line.event.kind == "value" else line.data
            if line.event.kind in ("value", "mark"):
                self.values |= {key: found for key, found in told.items() if key in session.protocol.value}


Read = Callable[[Facts], Any]


def head(read: Callable[[Session], Any]) -> Read:
    """Something of the session itself; an empty text is nothing."""
    return lambda facts: None if (found := read(facts.session)) == "" else found


def figure(key: str) -> Read:
    """A figure of the protocol; numbers by group as "L2-L3: 3; L3-L4: 1"."""

    def read(facts: Facts) -> Any:
        found = facts.figures[key]
        if not isinstance(found, dict):
            return found
        return "; ".join(f"{group or 'none named'}: {times}" for group, times in found.items()) or None

    return read


def total(key: str) -> Read:
    """What a total adds up to."""
    return lambda facts: facts.session.walk.totals[key]


def value(key: str) -> Read:
    """A value as it was recorded last, on its own or carried by a mark; None where it is none that can be."""
    return lambda facts: fitting(facts.session.protocol, key, facts.values.get(key))


def fitting(p: Protocol, key: str, found: Any) -> Any:
    """What was found for a value, if it is of its type and, of options, one; else None."""
    if found is None or not has_type(p, key, found):
        return None
    offered = p.value[key].type != "option" or any(option.id == found for option in p.options(key))
    return found if offered else None


def first(kind: str, key: str) -> Read:
    """When an entry was made for the first time (UTC ms)."""
    return lambda facts: facts.entries[kind][key][0].at if key in facts.entries[kind] else None


def times(kind: str, key: str) -> Read:
    """How often an entry was made; None for never."""
    return lambda facts: len(facts.entries[kind].get(key, ())) or None


def raised(key: str) -> Read:
    """How often a prompt was raised; None for never."""
    return lambda facts: sum(raised.kind == key for raised in facts.session.walk.prompts) or None


def told(kind: str, word: str) -> Read:
    """Every entry of a kind with its time and the words that it carries under `word`."""
    return lambda facts: " | ".join(_told(facts.session, kind, word)) or None


def _told(session: Session, kind: str, word: str) -> Iterable[str]:
    for line in session.lines:
        words = line.data.get(word)
        if line.event.kind == kind and line.counts and (words or kind == "complication"):
            named = "" if kind == "note" else _named(session.protocol, line)
            said = ": ".join(str(one) for one in (named, words) if one)
            yield f"{clock_time(line.at - session.opened_at)} {said}"


def _named(p: Protocol, line: Line) -> str:
    prompt = line.data.get("prompt")
    return p.prompt[prompt].label if isinstance(prompt, str) and prompt in p.prompt else label(p, line)


def _by_id(lines: Iterable[Line], kind: str) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.event.kind == kind:
            found.setdefault(str(line.data.get(kind)), []).append(line)
    return found

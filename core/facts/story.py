"""A record told in order: every entry with who made it, on which device, how late, and what was corrected since.

Corrections stand under the entry that they concern, with what stood there before; prompts behind the entry that raised
them, with what became of them. Nothing is left out: what was undone is told as undone. Pure; moments UTC ms.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from core.engine import words
from core.engine.log import Entry, by_tap
from core.engine.sentences import label, sentence
from core.engine.session import Session, closing
from core.engine.walk import Raised
from core.protocols.tables import Protocol

CORRECTIONS = ("undo", "detail", "amend", "review")


class Change(msgspec.Struct, frozen=True):
    """One correction: "Amended", "Added", "Undone", "Restored", "Reviewed"; `told`: what became what."""

    what: str
    at: int
    who: str
    device: str
    told: str = ""
    reason: str = ""
    taken_back: bool = False


class StoryEntry(msgspec.Struct, frozen=True):
    """One entry, or a prompt that it raised. `entered_at`: when it was entered, if later than it happened."""

    event: str
    kind: str  # of the event; "prompt"
    at: int
    label: str
    told: str
    brief: str  # the same without the names of the values
    who: str
    device: str
    reason: str = ""
    entered_at: int | None = None
    undone: bool = False
    amended: bool = False
    counts_once: bool = False
    two_devices: bool = False  # counts once, and the one that counts came from another device
    changes: list[Change] = []
    to_review: list[str] = []
    reviewed: list[str] = []


def story(session: Session) -> list[StoryEntry]:
    """The entries as they happened."""
    by_id = {entry.event.id: entry for entry in session.entries}
    corrections: dict[str, list[Entry]] = {}
    for entry in sorted(session.entries, key=lambda one: by_tap(one.event)):
        root = _root(entry, by_id)
        if root is not None:
            corrections.setdefault(root, []).append(entry)
    answers = {(entry.data.get("prompt"), entry.data.get("of")): entry for entry in session.entries if _answers(entry)}
    told: list[StoryEntry] = []
    for entry in session.entries:
        if _root(entry, by_id) is None and not _matched(session, entry):
            told.append(_entry(session, entry, corrections.get(entry.event.id, [])))
        raised = [one for one in session.walk.prompts if one.event == entry.event.id]
        told += [_prompt(session, one, answers.get((one.kind, one.event))) for one in raised]
    return told


def _root(entry: Entry, by_id: dict[str, Entry]) -> str | None:
    """The entry that a correction concerns in the end: an undo may undo an undo. None for what is no correction."""
    seen: set[str] = set()
    found: Entry | None = entry
    while found is not None and found.event.kind in CORRECTIONS and found.event.id not in seen:
        seen.add(found.event.id)
        found = by_id.get(str(found.data.get("of")))
    if entry.event.kind not in CORRECTIONS or found is None or found.event.kind in CORRECTIONS:
        return None
    return found.event.id


def _answers(entry: Entry) -> bool:
    return entry.event.kind == "answer" and entry.counts


def _matched(session: Session, entry: Entry) -> bool:
    """An answer that is told with its prompt."""
    asked = (entry.data.get("prompt"), entry.data.get("of"))
    return _answers(entry) and any((one.kind, one.event) == asked for one in session.walk.prompts)


def _entry(session: Session, entry: Entry, corrections: list[Entry]) -> StoryEntry:
    p, event = session.protocol, entry.event

    def sentences(items: list[Any]) -> list[str]:
        return [sentence(session, item, words.time(item.at)) for item in items if item.event == event.id]

    return StoryEntry(
        event=event.id,
        kind=event.kind,
        at=entry.at,
        label=_label(p, entry),
        told=told(p, event.kind, entry.data, words.one_line),
        brief=told(p, event.kind, entry.data, words.brief),
        who=event.by,
        device=event.device,
        reason=_text(entry.data.get("reason")),
        entered_at=event.tapped if entry.late else None,
        undone=entry.undone,
        amended=entry.amended,
        counts_once=entry.double_of is not None,
        two_devices=any(
            one.event.id == entry.double_of and one.event.device != event.device for one in session.entries
        ),
        changes=list(_changes(p, entry, corrections)),
        to_review=sentences(session.walk.review),
        reviewed=sentences(session.walk.reviewed),
    )


def _label(p: Protocol, entry: Entry) -> str:
    named = {"ack": "Alarm seen", "takeover": "Recording taken over", "opened": "Record opened"}
    return named.get(entry.event.kind) or label(p, entry)


def told(p: Protocol, kind: str, data: dict[str, Any], said: Callable[[Protocol, dict[str, Any]], str]) -> str:
    """What an entry says beyond its name; `said`: how its values are told."""
    if kind == "opened":
        return ", ".join(f"{key} {data[key]}" for key in ("operator", "recorder", "sheet") if data.get(key))
    if kind == "value":
        key = data.get("value")
        return words.shown(p, key, data.get("is")) if isinstance(key, str) else str(data.get("is"))
    carried = {key: found for key, found in data.items() if key not in ("reason", "value", "is")}
    parts = (_text(data.get("text")), said(p, carried))
    return ", ".join(part for part in parts if part)


def _changes(p: Protocol, entry: Entry, corrections: list[Entry]) -> Iterator[Change]:
    """The corrections of an entry in the order in which they were made."""
    now = {**entry.event.data, "at": entry.event.at}
    undos = 0
    for one in corrections:
        event, kind = one.event, one.event.kind
        of_entry = event.data.get("of") == entry.event.id
        what, said = {"review": "Reviewed", "amend": "Amended", "detail": "Added"}.get(kind, ""), ""
        if kind == "undo":
            what = "Undone" if of_entry else "Taken back"
            undos += 1
        elif kind == "review":
            verdicts = {"same": "the same as the one before: counts once", "separate": "another one: both count"}
            said = verdicts.get(str(event.data.get("verdict")), "")
        else:
            new = event.data.get("set")
            changed = new if isinstance(new, dict) else {}
            said = "; ".join(_became(p, key, now.get(key), found) for key, found in changed.items())
            now |= {} if one.undone else changed
        reason = _text(event.data.get("reason")) or (_text(event.data.get("text")) if kind == "review" else "")
        yield Change(what, event.tapped, event.by, event.device, said, reason, one.undone)


def _became(p: Protocol, key: str, before: Any, after: Any) -> str:
    named = "Time" if key == "at" else p.value[key].label if key in p.value else key.capitalize()
    old, new = (_shown(p, key, found) for found in (before, after))
    return f"{named} {old} → {new}" if before not in (None, "") else f"{named} {new}"


def _shown(p: Protocol, key: str, found: Any) -> str:
    if key == "at" and isinstance(found, int | float):
        return f"{words.day(int(found))} {words.time(int(found))}"
    return words.shown(p, key, found)


def _prompt(session: Session, raised: Raised, answer: Entry | None) -> StoryEntry:
    """A prompt, and whether it was passed, acted on, or waits."""
    table = session.protocol.prompt[raised.kind]
    became = "Passed" if answer is not None else "Waits for an answer" if raised.open else _answered_by(session, raised)
    at = f" {words.time(answer.at)}" if answer is not None else ""
    said = f"{words.prompt(session, raised)} {became}{at}."
    return StoryEntry(
        event=raised.event,
        kind="prompt",
        at=raised.at,
        label=table.label,
        told=said,
        brief=said,
        who=answer.event.by if answer else "",
        device=answer.event.device if answer else "",
        reason=_text(answer.data.get("reason")) if answer else "",
    )


def _answered_by(session: Session, raised: Raised) -> str:
    """Whether somebody did what was asked, or the end of the procedure alone put the prompt out."""
    p, entries = session.protocol, [entry for entry in session.entries if entry.counts and entry.event.kind == "mark"]
    proof = next(n for n, entry in enumerate(entries) if entry.event.id == raised.event)
    table = p.prompt[raised.kind]
    acts = set(table.clears) - set(closing(p))

    def acted(entry: Entry) -> bool:
        elsewhere = entry.data["mark"] == table.other_group and entry.data.get(p.group) != raised.group
        return entry.data["mark"] in acts or elsewhere

    return "Acted on" if any(map(acted, entries[proof + 1 :])) else "Closed with the procedure"


def _text(found: Any) -> str:
    return found.strip() if isinstance(found, str) else ""

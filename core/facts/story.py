"""The story of a record: every entry in order, who made it on which device, how late, and what was corrected since.

Corrections stand under the entry that they concern, with what stood there before; prompts behind the entry that raised
them, with what became of them. Nothing is left out: what was undone stands there as undone. Pure; moments UTC ms.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from core.engine import words
from core.engine.log import Entry, by_tap
from core.engine.sentences import label, sentence
from core.engine.session import Session, closing
from core.engine.walk import Raised
from core.facts.changes import CORRECTIONS, Change, changes_of, text
from core.protocols.tables import Protocol


class StoryEntry(msgspec.Struct, frozen=True):
    """One entry, or a prompt that it raised. `entered_at`: when it was entered, if later than it happened."""

    event: str
    kind: str  # of the event; "prompt"
    at: int
    label: str
    content: str
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
    for entry in sorted(session.entries, key=lambda entry: by_tap(entry.event)):
        root = _root(entry, by_id)
        if root is not None:
            corrections.setdefault(root, []).append(entry)
    answers = {(entry.data.get("prompt"), entry.data.get("of")): entry for entry in session.entries if _answers(entry)}
    story_entries: list[StoryEntry] = []
    for entry in session.entries:
        if _root(entry, by_id) is None and not _matched(session, entry):
            story_entries.append(_entry(session, entry, corrections.get(entry.event.id, [])))
        raised = [prompt for prompt in session.walk.prompts if prompt.event == entry.event.id]
        story_entries += [_prompt(session, prompt, answers.get((prompt.kind, prompt.event))) for prompt in raised]
    return story_entries


def _root(entry: Entry, by_id: dict[str, Entry]) -> str | None:
    """The entry that a correction concerns in the end: an undo may undo an undo. None for what is no correction."""
    seen: set[str] = set()
    root: Entry | None = entry
    while root is not None and root.event.kind in CORRECTIONS and root.event.id not in seen:
        seen.add(root.event.id)
        root = by_id.get(str(root.data.get("of")))
    if entry.event.kind not in CORRECTIONS or root is None or root.event.kind in CORRECTIONS:
        return None
    return root.event.id


def _answers(entry: Entry) -> bool:
    return entry.event.kind == "answer" and entry.counts


def _matched(session: Session, entry: Entry) -> bool:
    """An answer that stands with its prompt."""
    asked = (entry.data.get("prompt"), entry.data.get("of"))
    return _answers(entry) and any((prompt.kind, prompt.event) == asked for prompt in session.walk.prompts)


def _entry(session: Session, entry: Entry, corrections: list[Entry]) -> StoryEntry:
    p, event = session.protocol, entry.event

    def sentences(items: list[Any]) -> list[str]:
        return [sentence(session, item, words.time(item.at)) for item in items if item.event == event.id]

    return StoryEntry(
        event=event.id,
        kind=event.kind,
        at=entry.at,
        label=label(p, entry),
        content=content_of(p, event.kind, entry.data, words.one_line),
        brief=content_of(p, event.kind, entry.data, words.brief),
        who=event.by,
        device=event.device,
        reason=text(entry.data.get("reason")),
        entered_at=event.tapped if entry.late else None,
        undone=entry.undone,
        amended=entry.amended,
        counts_once=entry.double_of is not None,
        two_devices=any(
            other.event.id == entry.double_of and other.event.device != event.device for other in session.entries
        ),
        changes=list(changes_of(p, entry, corrections)),
        to_review=sentences(session.walk.review),
        reviewed=sentences(session.walk.reviewed),
    )


def content_of(
    p: Protocol, kind: str, data: dict[str, Any], in_words: Callable[[Protocol, dict[str, Any]], str]
) -> str:
    """What an entry says beyond its name; `in_words` words its values."""
    if kind == "opened":
        return ", ".join(f"{key} {data[key]}" for key in ("operator", "recorder", "sheet") if data.get(key))
    if kind == "value":
        key = data.get("value")
        return words.shown(p, key, data.get("is")) if isinstance(key, str) else words.plainly(data.get("is"))
    carried = {key: content for key, content in data.items() if key not in ("reason", "value", "is")}
    parts = (text(data.get("text")), in_words(p, carried))
    return ", ".join(part for part in parts if part)


def _prompt(session: Session, raised: Raised, answer: Entry | None) -> StoryEntry:
    """A prompt, and whether it was passed, acted on, or waits."""
    table = session.protocol.prompt[raised.kind]
    became = "Passed" if answer is not None else "Waits for an answer" if raised.open else _answered_by(session, raised)
    at = f" {words.time(answer.at)}" if answer is not None else ""
    prompted = f"{words.prompt(session, raised)} {became}{at}."
    return StoryEntry(
        event=raised.event,
        kind="prompt",
        at=raised.at,
        label=table.label,
        content=prompted,
        brief=prompted,
        who=answer.event.by if answer else "",
        device=answer.event.device if answer else "",
        reason=text(answer.data.get("reason")) if answer else "",
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

"""Whether a patient of a file is one on record whose code looks alike: asked before anything is imported.

"The same" imports under the code on record; "another" is kept with the record, and nobody is asked again.
"""

import msgspec

from core import clock, protocols
from core.engine import events, opening
from core.records import alike
from core.records.row import Row
from core.store import Store
from core.transfer.sheet_entries import digest


class Question(msgspec.Struct, frozen=True):
    """A code of the file, one on record (or earlier in the file) that it looks like, and what is at stake."""

    code: str
    other: str
    stakes: str

    @property
    def sentence(self) -> str:
        return f"{self.code} looks like {self.other} ({self.stakes}): expected whether they are the same patient"


class Answers(msgspec.Struct, frozen=True):
    """Code of the file → the code of the same patient; and (code, other) of those who are two patients."""

    same: dict[str, str] = {}
    another: frozenset[tuple[str, str]] = frozenset()

    def others(self, code: str) -> list[str]:
        """Of whom was said that they are other patients than the one of this code."""
        return sorted(other for asked, other in self.another if asked == code)


NO_ANSWERS = Answers()


def questions(found: list[str], rows: list[Row], answers: Answers = NO_ANSWERS) -> list[Question]:
    """What is still to be answered of the codes of a file, each code once."""
    shipped = [p for p, _ in protocols.shipped().values()]
    asked: list[Question] = []
    before: list[str] = []
    for code in dict.fromkeys(found):
        if code not in answers.same:
            for other in alike.patients(code, rows):
                asked.append(Question(code, other, alike.at_stake(code=other, rows=rows, protocols=shipped)))
            asked += [Question(code, other, "in this file") for other in alike.alike(code, before, rows)]
            before.append(code)
    seen: dict[tuple[str, str], Question] = {(question.code, question.other): question for question in asked}
    return [question for pair, question in seen.items() if pair not in answers.another]


def keep(store: Store, session: str, code: str, answers: Answers, device: str, by: str) -> None:
    """Adds what was answered to an imported record's opening, as a correction of it. Raises StoreError."""
    changed: dict[str, str] = {}
    if code in answers.same:
        changed["patient"] = answers.same[code]
    if others := answers.others(code):
        changed["another"] = opening.together(others)
    stored = store.load(session)
    first = next((entry for entry in stored.events if entry["kind"] == "opened"), None)
    if not changed or first is None:
        return
    now = clock.now_ms()
    reason = "said at the import: the same patient" if "patient" in changed else "said at the import: another patient"
    entry = {
        "id": f"alike-{digest(session, changed)}",
        "session": session,
        "kind": "amend",
        "at": now,
        "tapped": now,
        "device": device,
        "seq": 0,
        "by": by,
        "data": {"of": first["id"], "set": changed, "reason": reason},
    }
    store.append(session, [events.plain(events.read(entry))])

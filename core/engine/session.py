"""A session: what a log and its protocol say together, as the summary, the lists and the exports need it.

Twin of pages/board/model/model.js.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from core.engine.events import Event
from core.engine.log import Entry, settle
from core.engine.walk import Raised, Walk, walk_entries
from core.protocols.tables import Protocol


class Session(msgspec.Struct, frozen=True):
    """A session at one version of its log. `opened_at`: UTC ms, the zero of the times in its summary."""

    id: str
    protocol: Protocol
    entries: list[Entry]
    walk: Walk
    opened: dict[str, Any]  # protocol, version, hash, patient, dose, operator, recorder, drill
    opened_at: int

    @property
    def patient(self) -> str:
        return str(self.opened.get("patient", ""))

    @property
    def dose(self) -> int | None:
        dose = self.opened.get("dose")
        return dose if type(dose) is int else None

    @property
    def drill(self) -> bool:
        return self.opened.get("drill") is True

    @property
    def flags(self) -> list[str]:
        """What marks the whole record, in the protocol's words."""
        chosen = self.walk.values
        return [flag.label for flag in self.protocol.flag if chosen.get(flag.value) == flag.is_]

    @property
    def mistaken(self) -> bool:
        """Opened by mistake: no procedure of the patient."""
        return next(outcome for outcome in self.protocol.outcome if outcome.id == self.walk.outcome).closed

    @property
    def closed(self) -> bool:
        """Nothing more is awaited: opened by mistake, or at the end of its states."""
        return self.mistaken or self.protocol.state[self.walk.state].final

    @property
    def phase(self) -> str:
        """The first phase of the state with something left to tick, else its last."""
        p, phases = self.protocol, self.protocol.state[self.walk.state].phases
        unticked = {check.phase for id_, check in p.check.items() if id_ not in self.walk.checks}
        return next((phase for phase in phases if phase in unticked), phases[-1])


def fold(protocol: Protocol, session: str, events: Iterable[Event]) -> Session:
    """The session that a log makes. Total: a log without an opening has no patient and starts at its first entry."""
    entries = settle(events, protocol.recording.two_devices_s * 1000)
    opened = next((entry for entry in entries if entry.event.kind == "opened"), None)
    start = opened.at if opened else min((entry.at for entry in entries), default=0)
    return Session(session, protocol, entries, walk_entries(protocol, entries), opened.data if opened else {}, start)


def open_prompts(session: Session) -> list[Raised]:
    """Prompts that still wait for an answer, the oldest first."""
    return [prompt for prompt in session.walk.prompts if prompt.open]


def marked(session: Session, marks: tuple[str, ...]) -> list[Entry]:
    """The entries of these marks that count."""
    return [
        entry
        for entry in session.entries
        if entry.event.kind == "mark" and entry.counts and entry.data.get("mark") in marks
    ]


def closing(p: Protocol) -> list[str]:
    """The marks that end a procedure properly: they lead to a final state."""
    ends = [
        mark for state in p.state.values() for mark, to in state.open.items() if p.state[to].final and not state.final
    ]
    return list(dict.fromkeys(ends))

"""Finding records: filters over the rows of the index, the newest first."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from core.facts.insertions import person
from core.records.row import Row

DAY_MS = 24 * 3600 * 1000


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; what is left empty does not matter. `since` and `until`: UTC ms, `until` is not included."""

    patient: str = ""  # a part of the code, in small letters or capitals; or the id of a record, as its report has it
    operator: str = ""
    protocol: str = ""
    outcome: str = ""  # by its label: protocols may share one
    since: int | None = None
    until: int | None = None
    to_review: bool = False
    drills: bool = False
    mistaken: bool = True  # opened by mistake: kept, and shown unless left out

    def fits(self, row: Row) -> bool:
        """Whether a row is what is looked for."""
        return (
            (self.drills or not row.drill)
            and (self.mistaken or not row.mistaken)
            and (self.patient.lower() in row.patient.lower() or self.patient == row.session)
            and (not self.operator or person(self.operator) in row.operators)
            and (not self.protocol or self.protocol == row.protocol)
            and (not self.outcome or self.outcome == row.outcome_label)
            and (self.since is None or self.since <= row.opened_at)
            and (self.until is None or row.opened_at < self.until)
            and (not self.to_review or row.to_review > 0)
        )


def problem(since: date | None, until: date | None) -> str | None:
    """Why no record can be between these days, in a sentence."""
    if since and until and until < since:
        return f"Dates: expected the end on or after {since}, found {until}."
    return None


def find(rows: Iterable[Row], wanted: Wanted) -> list[Row]:
    """The rows that fit, the newest first."""
    return sorted(filter(wanted.fits, rows), key=lambda row: (row.opened_at, row.session), reverse=True)


def offered(rows: Iterable[Row], field: Literal["operators", "outcome_label", "protocol"]) -> list[str]:
    """What can be chosen for one of these, each once, in order."""
    choices: set[str] = set()
    for row in rows:
        choices.update(row.operators if field == "operators" else [getattr(row, field)])
    return sorted(filter(None, choices))

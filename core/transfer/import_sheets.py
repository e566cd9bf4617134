"""Back-filling: paper records from a CSV become sessions. Nothing is written until every row is valid.

What a sheet says happened keeps its own time; that it was entered now, by whom and on which device, is kept too. A
sheet's session and its entries are named by their content, so that importing a file again adds nothing.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from core import clock, protocols
from core.engine import opening, scenario
from core.engine.events import TEXT_MAX, Event
from core.engine.session import Session, fold
from core.protocols.tables import Protocol
from core.records import sessions
from core.store import Store
from core.transfer.progress import BadImport, Progress, counted
from core.transfer.same_patient import NO_ANSWERS, Answers
from core.transfer.sheet_entries import digest, entries_of
from core.transfer.sheets import ENTRY, HEAD, KINDS, Problem, SheetRow, cell, id_by_words, moment, read
from core.transfer.typed_cells import Order

LINES_NAMED = 5  # of those where the same is wrong
PLACE = re.compile(r"events\[0\]\.?(\w*): ")


class Sheet(msgspec.Struct):
    """One procedure of the file; `known`: it was imported before, and nothing is added."""

    line: int
    text: str
    session: Session
    entries: list[Event]
    known: bool


def plan(
    store: Store,
    data: bytes,
    where: tzinfo | None,
    device: str,
    by: str,
    answers: Answers = NO_ANSWERS,
    order: Order = "",
) -> list[Sheet]:
    """The procedures of a file; `where`: the zone of the ward's clock, None for this machine's; `answers`: of patients
    that look like one on record; `order` of a day with slashes. Raises BadImport.
    """
    faults = opening.faults({"recorder": by})
    if faults:
        raise BadImport([f"Who imports: expected {faults[0].expected}, found others."])
    sheets: dict[str, list[SheetRow]] = {}
    for row in read(data):
        sheets.setdefault(row.cells.get("sheet", ""), []).append(row)
    stored = {session.partition("-")[2]: session for session in store.sessions()}
    valid: list[Sheet] = []
    problems: list[Problem] = []
    for number, rows in sheets.items():
        reader = _Reader(number, rows, where, device, by, answers, order)
        sheet = reader.sheet(store, stored)
        problems += reader.problems
        valid += [sheet] if sheet else []
    if problems:
        raise BadImport(list(_by_cause(sorted(problems))))
    return valid


def _by_cause(problems: list[Problem]) -> Iterator[str]:
    """A sentence for each cause, at its first place, and the other lines where it is the same."""
    causes: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        causes.setdefault((problem.column, problem.sentence.partition(", found ")[0]), []).append(problem)
    for first, *others in causes.values():
        lines = ", ".join(str(problem.line) for problem in others[:LINES_NAMED])
        more = f" and {len(others) - LINES_NAMED} more" if len(others) > LINES_NAMED else ""
        yield first.with_place + (f" (the same in lines {lines}{more})" if others else "")


def patients(sheets: list[Sheet]) -> list[str]:
    """The codes of the sheets that are new."""
    return [sheet.session.patient for sheet in sheets if not sheet.known]


def write(store: Store, sheets: list[Sheet]) -> Iterator[Progress]:
    """Stores what is new, one procedure at a time, each whole or not at all. Raises StoreError."""
    for progress, sheet in counted([sheet for sheet in sheets if not sheet.known]):
        sessions.open_session(
            store, sheet.text, sheet.session.opened, sheet.entries, sheet.session.id, sheet.session.opened_at
        )
        yield progress


class _Reader:
    """Reads the rows of one sheet, noting what is wrong."""

    def __init__(
        self,
        number: str,
        rows: list[SheetRow],
        where: tzinfo | None,
        device: str,
        by: str,
        answers: Answers,
        order: Order,
    ) -> None:
        self.number, self.rows, self.where, self.device, self.by = number, rows, where, device, by
        self.answers, self.order = answers, order
        self.now = clock.now_ms()
        self.problems: list[Problem] = []

    def wrong(self, line: int, column: str, sentence: str) -> None:
        self.problems.append(Problem(line, column, sentence))

    def sheet(self, store: Store, stored: dict[str, str]) -> Sheet | None:
        """The sheet's procedure; None where something is wrong."""
        first, head = self.rows[0], self._head()
        shipped = protocols.shipped()
        if head is None or head["protocol"] not in shipped:
            return None
        p, text = shipped[head["protocol"]]
        moments = self._moments()
        data = [self._entry(p, head, row) for row in self.rows]
        if self.problems:
            return None
        sha = protocols.text_hash(text)
        others = self.answers.others(head["patient"])
        head["patient"] = self.answers.same.get(head["patient"], head["patient"])
        opened = {**head, "protocol": p.id, "version": p.version, "hash": sha, "drill": False, "sheet": self.number}
        opened |= {"another": opening.together(others)} if others else {}
        suffix = digest(p.id, self.number, head["patient"], head["dose"])
        day = datetime.fromtimestamp(moments[0] / 1000, UTC).strftime("%Y%m%d")
        session = f"{day}-{suffix}"
        contents = [("opened", opened), *((kind, content) for kind, content in data if kind)]
        entries = entries_of(session, head, contents, [moments[0], *moments], self.device, self.by, self.now)
        known = stored.get(suffix)
        if known is not None:
            ids = {entry["id"] for entry in store.load(known).events}
            if not {entry.id for entry in entries} <= ids:
                before = f"sheet {self.number} was imported before (record {known})"
                self.wrong(first.line, "sheet", f"{before} and differs: correct it in Records")
                return None
        return Sheet(first.line, text, fold(p, session, entries), entries, known is not None)

    def _head(self) -> dict[str, Any] | None:
        """Whose procedure it is, as the first row says and no other contradicts; read as a scenario's head is."""
        first = self.rows[0]
        if not self.number:
            for row in self.rows:
                self.wrong(row.line, "sheet", "expected the number of the paper sheet, found nothing")
        if len(self.number) > TEXT_MAX:
            self.wrong(first.line, "sheet", f"expected a number of at most {TEXT_MAX} characters, found more")
        offered = protocols.shipped()
        only = next(iter(offered)) if len(offered) == 1 else None
        head: dict[str, Any] = {"operator": "", "recorder": ""} | {key: first.cells.get(key, "") for key in HEAD[1:]}
        head["protocol"] = head["protocol"] or only or ""
        if head["protocol"] not in offered:
            self.wrong(first.line, "protocol", f"expected one of {', '.join(offered)}, found {head['protocol'][:60]!r}")
            return None
        p, _ = offered[head["protocol"]]
        holds = first.cells.get("operator", "")
        for row in self.rows[1:]:
            is_mark = row.cells.get("kind", "").lower() == "mark"
            if is_mark and id_by_words(p, "mark", row.cells.get("what", "")) == p.operator_mark:
                holds = row.cells.get("operator", holds)  # who takes the needle: no contradiction
            for key in HEAD[1:]:
                expected = first.cells.get(key, "")
                if row.cells.get(key, expected) not in (expected, holds if key == "operator" else expected):
                    same = f"what line {first.line} says of sheet {self.number[:40]} ({expected[:60]!r})"
                    self.wrong(row.line, key, f"expected {same}, found {row.cells[key][:60]!r}")
        head["dose"] = int(head["dose"]) if re.fullmatch(r"\d{1,7}", head["dose"]) else head["dose"]
        filled = {key: content for key, content in head.items() if content != "" or key in ("patient", "dose")}
        try:
            scenario.parse(json.dumps(filled | {"events": []}))
        except scenario.BadScenario as error:
            column, _, sentence = str(error).partition(": ")
            self.wrong(first.line, column, sentence)
        return head

    def _moments(self) -> list[int]:
        """When each row happened; a day is taken from the row above, and no row is before it."""
        date, last, moments = "", -1, []
        for row in self.rows:
            date = row.cells.get("date", date)
            at = moment(date, row.cells.get("time", ""), self.where, last, self.order)
            if isinstance(at, str):
                self.wrong(row.line, "date" if "a day" in at else "time", at)
                continue
            if at < last:
                self.wrong(row.line, "time", "expected a time not before the row above; after midnight give the date")
            if at > self.now:
                self.wrong(row.line, "time", f"expected a time that is past, found {date} {row.cells.get('time', '')}")
            last = at
            moments.append(at)
        return moments

    def _entry(self, p: Protocol, head: dict[str, Any], row: SheetRow) -> tuple[str, dict[str, Any]]:
        """(kind, data) of a row, read as an entry of a scenario is; ("", {}) where something is wrong."""
        kind, what = row.cells.get("kind", "").lower(), row.cells.get("what", "")
        if kind not in KINDS:
            self.wrong(row.line, "kind", f"expected one of {', '.join(KINDS)}, found {kind[:60]!r}")
            return "", {}
        entry: dict[str, Any] = {
            "t": "00:00:00",
            kind: row.cells.get("text", "") if kind == "note" else id_by_words(p, kind, what),
        }
        if "reason" in row.cells:
            entry["reason"] = row.cells["reason"]
        if kind == "complication" and "text" in row.cells:
            entry["text"] = row.cells["text"]
        if kind == "value" and "is" in row.cells:
            entry["is"] = (
                cell(p, entry[kind], row.cells["is"], self.where, row.comma, self.order)
                if entry[kind] in p.value
                else row.cells["is"]
            )
        mark = p.mark.get(entry[kind]) if kind == "mark" else None
        carries = (*mark.needs, *mark.may) if mark else ()
        for key, content in row.cells.items():
            if key in carries:
                entry[key] = cell(p, key, content, self.where, row.comma, self.order)
            elif key not in (*HEAD, *ENTRY) and (mark or kind != "mark"):
                self.wrong(row.line, key, f"expected nothing, as {what or kind} carries none, found {content[:60]!r}")
        try:
            read_ = scenario.parse(json.dumps(self._alone(head) | {"events": [entry]}))
        except scenario.BadScenario as error:
            self._refused(row, kind, str(error))
            return "", {}
        return kind, read_.entries[-1].data

    def _alone(self, head: dict[str, Any]) -> dict[str, Any]:
        return {"protocol": head["protocol"], "patient": "P", "dose": 1}

    def _refused(self, row: SheetRow, kind: str, error: str) -> None:
        match = PLACE.match(error)
        key = match[1] if match else ""
        column = {kind: "text" if kind == "note" else "what", "": "what"}.get(key, key)
        self.wrong(row.line, column, error[match.end() :] if match else error)

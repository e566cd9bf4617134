"""`python -m core export` and `import`: records leave and come back without a browser."""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from core import paths, protocols, site
from core.engine import words
from core.records import index
from core.records import sessions as records
from core.records.find import Wanted, find, offered
from core.records.row import Row
from core.store import Corrupt, Store, StoreError
from core.transfer import archive_file, export_json, exports, import_archive, import_sheets
from core.transfer.progress import BadImport, Progress

DEVICE = "command-line"
STEP = 500  # records between two tellings of the progress


def add_export(parser: argparse.ArgumentParser) -> None:
    """The arguments of `export`."""
    parser.add_argument("--format", choices=["json", *exports.FORMATS], required=True)
    parser.add_argument("--dictionary", action="store_true", help="print what its columns or keys mean instead")
    parser.add_argument("--session", metavar="ID", help="this record only")
    parser.add_argument("--drills", action="store_true", help="drills too; without it only a drill that is named")
    for name, about in (
        ("patient", "a part of the code"),
        ("operator", "who held the needle"),
        ("protocol", "the id of the protocol"),
        ("outcome", "its words, as 'Success'"),
    ):
        parser.add_argument(f"--{name}", default="", help=f"only records with {about}")
    parser.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="opened on this day (UTC) or later")
    parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="opened on this day (UTC) or before")
    parser.add_argument("--to-review", action="store_true", help="only records with something to review")


def add_import(parser: argparse.ArgumentParser) -> None:
    """The arguments of `import`."""
    parser.add_argument("file", type=Path, help="an archive (.json), or paper records (.csv)")
    parser.add_argument("--zone", help="the zone of the clock on paper, as Europe/Berlin; without it the site's")
    parser.add_argument("--by", default="", help="who imports")
    parser.add_argument("--check", action="store_true", help="only say what it would do")


class BadFilter(Exception):
    """Why nothing can be looked for."""


def check(given: argparse.Namespace) -> None:
    """Refuses what no record could ever fit, as none found would look like none there. Raises BadFilter."""
    if given.since and given.until and given.since > given.until:
        raise BadFilter(f"--until: expected {given.since} (--since) or a later day, found {given.until}")
    fields: dict[str, Literal["protocol", "outcome_label"]] = {"protocol": "protocol", "outcome": "outcome_label"}
    for name, field in fields.items():
        wanted = getattr(given, name)
        if wanted and wanted not in (known := _offered(field)):
            raise BadFilter(f"--{name}: expected one of {', '.join(known)}, found {wanted[:60]!r}")


def _offered(field: Literal["protocol", "outcome_label"]) -> list[str]:
    """The protocols or outcomes that are shipped, and those of stored records made with others."""
    shipped = [p for p, _ in protocols.shipped().values()]
    known = [p.id for p in shipped] if field == "protocol" else [one.label for p in shipped for one in p.outcome]
    return list(dict.fromkeys([*known, *offered(index.index().rows(), field)]))


def filtered(given: argparse.Namespace) -> bool:
    """Whether anything but the format was asked for."""
    named = (given.patient, given.operator, given.protocol, given.outcome, given.since, given.until, given.to_review)
    return any(named)


def sessions(given: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """The rows of the records that were asked for, the oldest first, and why others could not be read."""
    rows, unreadable = index.index().rows(), index.index().unreadable()
    if given.session is not None:
        found = [row for row in rows if row.session == given.session]
        if not found:
            records.read(records.store(), given.session)  # says why
            raise Corrupt(next((why for one, why in unreadable if one == given.session), "It cannot be read."))
        return found, []
    wanted = Wanted(
        patient=given.patient,
        operator=given.operator,
        protocol=given.protocol,
        outcome=given.outcome,
        since=_midnight(given.since),
        until=_midnight(given.until and given.until + timedelta(days=1)),
        to_review=given.to_review,
        drills=given.drills,
    )
    return find(rows, wanted)[::-1], [f"{session}: {why}" for session, why in unreadable]


def export(given: argparse.Namespace) -> int:
    """Prints records in a standard's format; the exit status. Raises StoreError."""
    rows, problems = sessions(given)
    if given.dictionary:
        text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        exports.write_dictionary("archive" if given.format == "json" else given.format, records.store(), rows, text)
        text.detach()
    else:
        problems += _followed(exports.write(given.format, records.store(), rows, sys.stdout.buffer))
    sys.stdout.buffer.flush()
    return _said(problems)


def import_(given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """Imports a file; what it did, and the exit status. Raises BadImport, StoreError."""
    try:
        data = given.file.read_bytes()
    except OSError as error:
        raise BadImport([f"{given.file.name}: expected a readable file, found: {error.strerror}"]) from None
    kept = Store(paths.data_folder())
    try:
        read = _archive if archive_file.is_one(data) else _paper
        return read(kept, data, given)
    except BadImport as error:
        raise BadImport([f"{given.file.name}: {problem}" for problem in error.problems]) from None


def _archive(kept: Store, data: bytes, given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    made = next(step for step in import_archive.plan(kept, data) if isinstance(step, import_archive.Plan))
    if not given.check:
        _followed(import_archive.write(kept, made))
    told = {"added": len(made.of("new")), "completed": len(made.of("more")), "unchanged": len(made.of("same"))}
    refused = [one.why for one in made.of("refused")]
    return told | {"refused": len(refused)}, _said(refused)


def _paper(kept: Store, data: bytes, given: argparse.Namespace) -> tuple[dict[str, Any], int]:
    where = words.zone(given.zone) if given.zone else site.zone()
    if where is None and given.zone:
        raise BadImport([f"expected a time zone like Europe/Berlin, found {given.zone[:60]!r}"])
    sheets = import_sheets.plan(kept, data, where, DEVICE, given.by)
    if not given.check:
        _followed(import_sheets.write(kept, sheets))
    known = sum(sheet.known for sheet in sheets)
    return {"added": len(sheets) - known, "unchanged": known}, 0


def _followed(steps: Iterable[Progress]) -> list[str]:
    """Runs a long job to its end, telling how far it is to whoever watches; what was left out and why."""
    problems = []
    for step in steps:
        if step.problem:
            problems.append(step.problem)
        if sys.stderr.isatty() and step.done % STEP == 0:
            print(f"{step.done} of {step.total}", file=sys.stderr)
    return problems


def _said(problems: list[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _midnight(day: date | None) -> int | None:
    return None if day is None else round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def exported(given: argparse.Namespace) -> Iterator[dict[str, Any] | StoreError]:
    """The records that were asked for as `--format json` prints them; in place of one that cannot be read, why."""
    rows, problems = sessions(given)
    yield from (Corrupt(problem) for problem in problems)
    for row in rows:
        try:
            yield export_json.export(records.store(), row.session)
        except StoreError as error:
            yield error

"""`python -m core export` and `import`: records leave and come back without a browser."""

import argparse
import io
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from core import paths, protocols, site
from core.engine import opening, words
from core.records import index
from core.records import sessions as records
from core.records.find import Wanted, find, offered
from core.records.row import Row
from core.store import Corrupt, Store, StoreError
from core.transfer import archive_file, export_json, exports, import_archive, import_sheets, same_patient
from core.transfer.progress import BadImport, Progress
from core.transfer.same_patient import Answers

DEVICE = "command-line"
STEP = 500  # records between two lines of progress


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
    parser.add_argument(
        "--days", choices=["dmy", "mdy"], default="", help="how days with slashes are meant: 31/1 or 1/31"
    )
    parser.add_argument("--by", default="", help="who imports")
    parser.add_argument(
        "--same",
        action="append",
        default=[],
        metavar="CODE=CODE",
        help="the first, of the file, is the second's patient",
    )
    parser.add_argument(
        "--another", action="append", default=[], metavar="CODE", help="this one, of the file, is like no other patient"
    )
    parser.add_argument("--check", action="store_true", help="only say what it would do")


class BadFilter(Exception):
    """Why a filter of the export cannot be used."""


def check(arguments: argparse.Namespace) -> None:
    """Refuses a filter that no record can match: an empty export would look as if there were none. Raises BadFilter."""
    if arguments.since and arguments.until and arguments.since > arguments.until:
        raise BadFilter(f"--until: expected {arguments.since} (--since) or a later day, found {arguments.until}")
    fields: dict[str, Literal["protocol", "outcome_label"]] = {"protocol": "protocol", "outcome": "outcome_label"}
    for name, field in fields.items():
        wanted = getattr(arguments, name)
        if wanted and wanted not in (known := _offered(field)):
            raise BadFilter(f"--{name}: expected one of {', '.join(known)}, found {wanted[:60]!r}")


def _offered(field: Literal["protocol", "outcome_label"]) -> list[str]:
    """The protocols or outcomes that are shipped, and those of stored records made with others."""
    shipped = [p for p, _ in protocols.shipped().values()]
    known = (
        [p.id for p in shipped] if field == "protocol" else [outcome.label for p in shipped for outcome in p.outcome]
    )
    return list(dict.fromkeys([*known, *offered(index.index().rows(), field)]))


def filtered(arguments: argparse.Namespace) -> bool:
    """Whether anything but the format was asked for."""
    filters = (
        arguments.patient,
        arguments.operator,
        arguments.protocol,
        arguments.outcome,
        arguments.since,
        arguments.until,
        arguments.to_review,
    )
    return any(filters)


def sessions(arguments: argparse.Namespace) -> tuple[list[Row], list[str]]:
    """The rows of the records that were asked for, the oldest first, and why others could not be read."""
    rows, unreadable = index.index().rows(), index.index().unreadable()
    if arguments.session is not None:
        found = [row for row in rows if row.session == arguments.session]
        if not found:
            records.read(records.store(), arguments.session)  # says why
            raise Corrupt(
                next((why for unread, why in unreadable if unread == arguments.session), "It cannot be read.")
            )
        return found, []
    wanted = Wanted(
        patient=arguments.patient,
        operator=arguments.operator,
        protocol=arguments.protocol,
        outcome=arguments.outcome,
        since=_midnight(arguments.since),
        until=_midnight(arguments.until and arguments.until + timedelta(days=1)),
        to_review=arguments.to_review,
        drills=arguments.drills,
    )
    return find(rows, wanted)[::-1], [f"{session}: {why}" for session, why in unreadable]


def export(arguments: argparse.Namespace) -> int:
    """Prints records in a standard's format; the exit status. Raises StoreError."""
    rows, problems = sessions(arguments)
    if arguments.dictionary:
        text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        exports.write_dictionary(
            "archive" if arguments.format == "json" else arguments.format, records.store(), rows, text
        )
        text.detach()
    else:
        problems += _run(exports.write(arguments.format, records.store(), rows, sys.stdout.buffer))
    sys.stdout.buffer.flush()
    return _print_problems(problems)


def import_(arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    """Imports a file; what it did, and the exit status. Raises BadImport, StoreError."""
    try:
        data = arguments.file.read_bytes()
    except OSError as error:
        raise BadImport([f"{arguments.file.name}: expected a readable file, found: {error.strerror}"]) from None
    store = Store(paths.data_folder())
    try:
        read = _archive if archive_file.is_archive(data) else _paper
        return read(store, data, arguments)
    except BadImport as error:
        raise BadImport([f"{arguments.file.name}: {problem}" for problem in error.problems]) from None


def _archive(store: Store, data: bytes, arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    plan = next(step for step in import_archive.plan(store, data) if isinstance(step, import_archive.ImportPlan))
    answers = _answered(plan.patients, arguments)
    if not arguments.check:
        _run(import_archive.write(store, plan, answers, DEVICE, arguments.by))
    counts = {"added": len(plan.of("new")), "completed": len(plan.of("more")), "unchanged": len(plan.of("same"))}
    refused = [record.why for record in plan.of("refused")]
    return counts | {"refused": len(refused)}, _print_problems(refused)


def _paper(store: Store, data: bytes, arguments: argparse.Namespace) -> tuple[dict[str, Any], int]:
    where = words.zone(arguments.zone) if arguments.zone else site.zone()
    if where is None and arguments.zone:
        raise BadImport([f"expected a time zone like Europe/Berlin, found {arguments.zone[:60]!r}"])
    sheets = import_sheets.plan(store, data, where, DEVICE, arguments.by, order=arguments.days)
    answers = _answered(import_sheets.patients(sheets), arguments)
    sheets = import_sheets.plan(store, data, where, DEVICE, arguments.by, answers, arguments.days)
    if not arguments.check:
        _run(import_sheets.write(store, sheets))
    known = sum(sheet.known for sheet in sheets)
    return {"added": len(sheets) - known, "unchanged": known}, 0


def _answered(found: list[str], arguments: argparse.Namespace) -> Answers:
    """What --same and --another say of the codes of a file. Raises BadImport with the questions that are open."""
    rows = index.index().rows()
    same = {}
    for pair in arguments.same:
        code, equals, other = pair.partition("=")
        if not equals or opening.sentences({"patient": code}) or opening.sentences({"patient": other}):
            raise BadImport([f"--same: expected two codes like 7=007, found {pair[:60]!r}"])
        same[code] = other
    asked = same_patient.questions(found, rows)
    another = frozenset((question.code, question.other) for question in asked if question.code in arguments.another)
    answers = Answers(same, another)
    if waiting := same_patient.questions(found, rows, answers):
        raise BadImport(
            [
                f"{question.sentence}, found no answer. Say --same {question.code}={question.other} or "
                f"--another {question.code}"
                for question in waiting
            ]
        )
    return answers


def _run(steps: Iterable[Progress]) -> list[str]:
    """Runs a long job to its end and prints how far it is on a terminal; what was left out and why."""
    problems = []
    for step in steps:
        if step.problem:
            problems.append(step.problem)
        if sys.stderr.isatty() and step.done % STEP == 0:
            print(f"{step.done} of {step.total}", file=sys.stderr)
    return problems


def _print_problems(problems: list[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _midnight(day: date | None) -> int | None:
    return None if day is None else round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def exported(arguments: argparse.Namespace) -> Iterator[dict[str, Any] | StoreError]:
    """The records that were asked for as `--format json` prints them; in place of one that cannot be read, why."""
    rows, problems = sessions(arguments)
    yield from (Corrupt(problem) for problem in problems)
    for row in rows:
        try:
            yield export_json.export(records.store(), row.session)
        except StoreError as error:
            yield error

"""The command line: `python -m core replay | check | export | report | paper | drill | import | cohort`.

The result alone on stdout, sentences on stderr.

Exit status: 0 done; 1 something in it is wrong or could not be read; 2 bad input, nothing written.
"""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core import clock, paths, protocols
from core.curves.cohort import published
from core.drills import case, own
from core.drills.drill import DrillError
from core.engine import scenario
from core.engine.session import fold
from core.engine.summary import summary
from core.facts import report, report_pdf
from core.records import sessions
from core.store import Store, StoreError, new_session_id
from core.transfer import blank_page, command, export_json, shared_table
from core.transfer.progress import BadImport

DAY_MS = 24 * 3600 * 1000
READER_GONE = 128 + 13  # as the shell tells of a command that SIGPIPE ended


def main(words: list[str] | None = None) -> int:
    """Runs one command; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    replay = commands.add_parser("replay", help="run a scenario through the engine and print its summary")
    replay.add_argument("file", type=Path)
    replay.add_argument("--save", action="store_true", help="also store it as a session and print its id")
    check = commands.add_parser("check", help="say what is wrong in a protocol file")
    check.add_argument("file", type=Path)
    export = commands.add_parser("export", help="print stored records")
    command.add_export(export)
    reporting = commands.add_parser("report", help="print a record's report as a short text, or write it as PDF")
    reporting.add_argument("session", metavar="ID")
    reporting.add_argument("--pdf", type=Path, metavar="FILE", help="write it as a PDF file instead")
    paper = commands.add_parser("paper", help="print a protocol's blank paper sheet as HTML, or write it as PDF")
    paper.add_argument("protocol", metavar="PROTOCOL", help="its id, or a protocol file")
    paper.add_argument("--pdf", type=Path, metavar="FILE", help="write it as a PDF file instead")
    paper.add_argument("--paper", choices=blank_page.PAPERS, default=blank_page.PAPERS[0], help="for the PDF file")
    drilling = commands.add_parser("drill", help="print a record as the script of a drill, without whose it was")
    drilling.add_argument("session", metavar="ID")
    drilling.add_argument("--save", action="store_true", help="offer it at Start > Drill instead, print its id")
    importing = commands.add_parser("import", help="import an archive, or paper records as CSV or workbook")
    command.add_import(importing)
    cohort = commands.add_parser("cohort", help="print the published punctures as scenarios")
    cohort.add_argument("--save", action="store_true", help="store them as sessions instead, print their ids")
    arguments = parser.parse_args(words)
    try:
        status = COMMANDS[arguments.command](arguments)
        sys.stdout.flush()  # here, where a reader that has gone can still be noticed
        return status
    except BrokenPipeError:  # `| head`: the reader has what it wanted; Python flushes once more as it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except (scenario.BadScenario, StoreError, BadImport, command.BadFilter, report_pdf.PdfUnavailable) as error:
        return _say(str(error), 2)
    except KeyboardInterrupt:
        return _say("Cancelled: what was printed is not whole.", 130)


def _replay(arguments: argparse.Namespace) -> int:
    read = scenario.read(arguments.file)
    session = new_session_id(clock.now_ms())
    start = clock.now_ms() - read.length if read.start is None else read.start
    entries = read.events(session, start)
    replayed = fold(read.protocol, session, entries)
    if arguments.save:
        if start + read.length > clock.now_ms() + DAY_MS:
            began = datetime.fromtimestamp(start / 1000, UTC).isoformat()
            scenario.bad(f"{arguments.file.name}: start", "a record that ends at most 24 h from now", began)
        session = sessions.open_session(Store(paths.data_folder()), read.text, read.opened, entries, session, start)
        return _print(summary(replayed, saved_as=session))
    return _print(summary(replayed))


def _check(arguments: argparse.Namespace) -> int:
    try:
        read, text = protocols.load(arguments.file)
    except protocols.ProtocolError as error:
        for problem in error.problems:
            _say(problem, 1)
        return 1 if error.readable else 2
    folder = paths.data_folder()
    store = Store(folder) if folder.exists() else None
    if others := shared_table.of_version(store, read, protocols.text_hash(text)):
        hashes = ", ".join(sha[:8] for sha in others)
        _say(
            f"Warning: {read.id} {read.version} is another text already ({hashes}). Raise `version`: what now means "
            "something else gets columns of its own in exports, and nobody can tell the two apart by version.",
            0,
        )
    return _print({"id": read.id, "version": read.version, "problems": []})


def _export(arguments: argparse.Namespace) -> int:
    command.check(arguments)
    if arguments.format != "json" or arguments.dictionary:
        return command.export(arguments)
    store = Store(paths.data_folder())
    if arguments.session is not None:
        return _print([export_json.export(store, arguments.session)])
    status, exported = 0, []
    filtered = command.filtered(arguments)
    for record in command.exported(arguments) if filtered else export_json.export_all(store, arguments.drills):
        if isinstance(record, StoreError):
            status = _say(str(record), 1)
        else:
            exported.append(record)
    _print(exported)
    return status


def _report(arguments: argparse.Namespace) -> int:
    session = sessions.read(Store(paths.data_folder()), arguments.session)
    if arguments.pdf is None:
        print(report.plain(report.report(session)), end="")
        return 0
    return _written(arguments.pdf, report_pdf.report_pdf(session))


def _paper(arguments: argparse.Namespace) -> int:
    name, ours = arguments.protocol, protocols.shipped()
    if name not in ours and not Path(name).is_file():
        return _say(f"PROTOCOL: expected a file or one of {', '.join(ours)}, found {name[:60]!r}", 2)
    try:
        p, _ = ours[name] if name in ours else protocols.load(Path(name))
    except protocols.ProtocolError as error:
        return _say(str(error), 2)
    if arguments.pdf is None:
        print(blank_page.html(p))
        return 0
    return _written(arguments.pdf, blank_page.pdf(p, arguments.paper))


def _drill(arguments: argparse.Namespace) -> int:
    session = sessions.read(Store(paths.data_folder()), arguments.session)
    try:
        print(own.keep(session).id + "\n" if arguments.save else own.text(case.as_drill(session)), end="")
    except (case.NoDrill, DrillError) as error:
        return _say(str(error), 1)
    return 0


def _written(path: Path, content: bytes) -> int:
    try:
        path.write_bytes(content)
    except OSError as error:
        return _say(f"{path}: {error.strerror}", 2)
    return 0


def _import(arguments: argparse.Namespace) -> int:
    counts, status = command.import_(arguments)
    _print(counts)
    return status


def _cohort(arguments: argparse.Namespace) -> int:
    if not arguments.save:
        return _print([published.as_scenario(row) for row in published.punctures()])
    store = Store(paths.data_folder())
    return _print([_stored(store, row) for row in published.punctures()])


def _stored(store: Store, row: published.Row) -> str:
    """A published puncture as a session, under the same id every time: a second command stores no second copy."""
    read = published.as_read(row)
    start = read.start or 0
    session = f"{datetime.fromtimestamp(start / 1000, UTC):%Y%m%d}-{published.name(row).replace('-', '')}"
    return sessions.open_session(store, read.text, read.opened, read.events(session, start), session, start)


COMMANDS = {
    "replay": _replay,
    "check": _check,
    "export": _export,
    "report": _report,
    "paper": _paper,
    "drill": _drill,
    "import": _import,
    "cohort": _cohort,
}


def _print(result: Any) -> int:
    json.dump(result, sys.stdout, indent=2)
    print()
    return 0


def _say(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())

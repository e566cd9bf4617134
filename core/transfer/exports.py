"""Every format in which records leave: what it is called, how it is written, and its data dictionary beside it."""

import io
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, TextIO

import msgspec

from core.records.row import Row
from core.store import Store
from core.transfer import export_archive, export_csv, export_events, export_redcap
from core.transfer.progress import Progress

Write = Callable[[Store, list[Row], BinaryIO], Iterator[Progress]]
Describe = Callable[[Store, list[Row], TextIO], None]
DICTIONARY = "dictionary"


class Format(msgspec.Struct, frozen=True):
    """`files`: what a download holds, by name, and the `dictionaries` beside them."""

    label: str
    about: str
    files: dict[str, Write]
    dictionaries: dict[str, Describe] = {}
    every: int = 20  # records between two drawings of the bar: each is also where a tap on Stop is heard
    plain: str = ""  # the ending of the one file that is saved as it is, with its dictionary in it
    bom: bool = False  # for people: Excel shows other signs than were written without it


def _text(write: Callable[[Store, list[Row], TextIO], Iterator[Progress]]) -> Write:
    """A writer of text as one of bytes."""

    def written(store: Store, rows: list[Row], out: BinaryIO) -> Iterator[Progress]:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        try:
            yield from write(store, rows, text)
        finally:
            text.detach()

    return written


def _by_session(write: Callable[[Store, list[str], BinaryIO], Iterator[Progress]]) -> Write:
    return lambda kept, rows, out: write(kept, [row.session for row in rows], out)


def _fhir(kept: Store, rows: list[Row], out: BinaryIO) -> Iterator[Progress]:
    from core.transfer import export_fhir  # heavy: only who exports FHIR pays for it

    return export_fhir.write(kept, [row.session for row in rows], out)


def _fhir_transaction(kept: Store, rows: list[Row], out: BinaryIO) -> Iterator[Progress]:
    from core.transfer import export_fhir

    return export_fhir.write(kept, [row.session for row in rows], out, export_fhir.TRANSACTION)


def _fhir_dictionary(store: Store, rows: list[Row], out: TextIO) -> None:
    from core.transfer import export_fhir

    export_fhir.write_dictionary(store, rows, out)


def _archive_dictionary(store: Store, rows: list[Row], out: TextIO) -> None:
    export_csv.write_rows(out, ("key", "meaning"), export_archive.DICTIONARY.items())


def _workbook(store: Store, rows: list[Row], out: BinaryIO) -> Iterator[Progress]:
    from core.transfer import workbook

    return workbook.write(store, rows, out)


def _table(kind: Any) -> Write:
    return _text(lambda store, rows, out: export_csv.write(store, rows, out, kind))


def _described(kind: Any) -> Describe:
    return lambda store, rows, out: export_csv.write_dictionary(store, rows, out, kind)


FORMATS = {
    "csv": Format(
        "CSV, a row a procedure",
        "For a spreadsheet or statistics: every figure, value, time, check and adverse event.",
        {"procedures.csv": _table("whole")},
        {"procedures_dictionary.csv": _described("whole")},
        bom=True,
    ),
    "csv-insertions": Format(
        "CSV, a row an insertion",
        "Where, by whom, and what came of it.",
        {"insertions.csv": _table("each")},
        {"insertions_dictionary.csv": _described("each")},
        bom=True,
    ),
    "xlsx": Format(
        "Excel workbook",
        "Procedures, insertions and what each column means, on three sheets.",
        {"records.xlsx": _workbook},
        {"procedures_dictionary.csv": _described("whole")},
        plain=".xlsx",
    ),
    "redcap": Format(
        "REDCap",
        "The data dictionary to set the project up, and the file to import; insertions repeat.",
        {"redcap_import.csv": _text(export_redcap.write)},
        {"redcap_data_dictionary.csv": export_redcap.write_dictionary},
    ),
    "fhir": Format(
        "HL7 FHIR R4B",
        "One Bundle to keep or to look into, the reports in it as PDF files.",
        {"bundle.json": _fhir},
        {"fhir_dictionary.csv": _fhir_dictionary},
        every=1,  # a report takes a second to draw
    ),
    "fhir-transaction": Format(
        "HL7 FHIR R4B, transaction",
        "One Bundle to send to a FHIR server: sent twice, it doubles nothing.",
        {"transaction.json": _fhir_transaction},
        {"fhir_dictionary.csv": _fhir_dictionary},
        every=1,
    ),
    "events": Format(
        "Event log, CSV",
        "For process mining: every tap and every correction, with who and when.",
        {"events.csv": _text(export_events.write_csv)},
        {"events_dictionary.csv": export_events.write_dictionary},
        bom=True,
    ),
    "xes": Format(
        "Event log, XES",
        "The same as IEEE 1849: a trace a procedure.",
        {"events.xes": _text(export_events.write_xes)},
        {"events_dictionary.csv": export_events.write_dictionary},
    ),
    "archive": Format(
        "JSON archive",
        "Everything, the protocols too: another Interspace reads it back to equal records.",
        {"interspace.json": _by_session(export_archive.write)},
        {"archive_dictionary.csv": _archive_dictionary},
    ),
}


def write(format_: str, store: Store, rows: list[Row], out: BinaryIO) -> Iterator[Progress]:
    """Writes the records as the command line prints them. Raises StoreError, OSError."""
    (writer,) = FORMATS[format_].files.values()
    return writer(store, rows, out)


def write_dictionary(format_: str, store: Store, rows: list[Row], out: TextIO) -> None:
    """Writes what the columns or keys of that format mean. Raises StoreError."""
    (describe,) = FORMATS[format_].dictionaries.values()
    describe(store, rows, out)


def download(format_: str, store: Store, rows: list[Row], out: BinaryIO) -> Iterator[Progress]:
    """Writes what a browser saves: a zip with the records and their dictionary, or one file with both in it."""
    chosen = FORMATS[format_]
    if chosen.plain:
        yield from write(format_, store, rows, out)
        return
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, describe in chosen.dictionaries.items():
            text = io.StringIO(newline="")
            describe(store, rows, text)
            archive.writestr(name, (export_csv.BOM if chosen.bom else "") + text.getvalue())
        for name, writer in chosen.files.items():
            with archive.open(name, "w", force_zip64=True) as file:
                file.write(export_csv.BOM.encode() if chosen.bom else b"")
                yield from writer(store, rows, file)  # type: ignore[arg-type]


def saved_as(format_: str, day: str) -> str:
    """What the browser calls the file: interspace-csv-2026-01-31.zip."""
    return f"interspace-{format_}-{day}{FORMATS[format_].plain or '.zip'}"

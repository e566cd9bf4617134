"""An archive's file: its size, its JSON or the zip around it, its format. Its records are read later."""

import io
import zipfile
import zlib
from typing import Any

import msgspec

from core.engine import events
from core.protocols import shape
from core.protocols.tables import FileId
from core.transfer.export_archive import FORMAT, SCHEMA
from core.transfer.grid import is_workbook
from core.transfer.progress import BadImport

BYTES_MAX = 400 * 1024 * 1024  # eight thousand long records; Streamlit shows half a GB and more as a whole one
BOM = b"\xef\xbb\xbf"
CHUNK = 1024 * 1024
HEAD_BYTES = 64  # at which a file's kind is told
ENCRYPTED = 1  # the flag of a zip's member
NAMED = 5  # files of a zip in a sentence
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others cannot be unpacked piece by piece


class Head(msgspec.Struct, forbid_unknown_fields=True):
    session: str
    protocol: FileId
    hash: str
    opened: events.Moment


class Archived(msgspec.Struct, forbid_unknown_fields=True):
    session: str
    head: Head
    events: list[dict[str, Any]]
    summary: Any = None


class Archive(msgspec.Struct, forbid_unknown_fields=True):
    format: str
    schema: int
    records: list[msgspec.Raw]
    protocols: dict[str, str]
    count: int
    exported_at: int = 0
    dictionary: Any = None


def is_archive(data: bytes) -> bool:
    """Whether a file can only be meant as an archive: JSON, or a zip that is no workbook."""
    if is_workbook(data):
        return False
    if data.startswith(b"PK"):
        return True
    begun = data[:HEAD_BYTES].decode(_encoding(data), "ignore")
    return begun.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def _encoding(data: bytes) -> str:
    """How the text of a file is written: some programs save JSON as UTF-16, with a byte-order mark or without."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    odd, even = data[1:HEAD_BYTES:2], data[0:HEAD_BYTES:2]
    if odd and not any(odd):
        return "utf-16-le"
    return "utf-16-be" if even and not any(even) else "utf-8"


def _unzipped(data: bytes) -> bytearray:
    """The archive in the zip that a browser saved; its size is looked at before anything is unpacked, and no
    more than it states is: read in chunks, as a single read would hold it twice.
    """
    unpacked = bytearray()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = [member.filename for member in packed.infolist() if not _is_of_mac(member.filename)]
            members = [member for member in packed.infolist() if member.filename in names and _is_json(member.filename)]
            if len(members) != 1:
                others = f": {', '.join(names[:NAMED])[:200]}" if names else ""
                raise BadImport([f"Expected a zip with one .json file in it, found {len(members)}{others}."])
            if members[0].flag_bits & ENCRYPTED:
                raise BadImport(
                    ["Expected a zip without a password, found one with: unpack it, import the .json file."]
                )
            if members[0].compress_type not in PLAIN:
                raise BadImport(["Expected a zip packed in the common way (deflate), found another: pack it anew."])
            stated = members[0].file_size
            _check_size(stated)
            with packed.open(members[0]) as file:
                while chunk := file.read(min(CHUNK, stated + 1 - len(unpacked))):
                    unpacked += chunk
            return unpacked
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadImport([f"Expected a whole zip, found: {error}. It may have been cut off: export it again."]) from None


def _is_of_mac(name: str) -> bool:
    """What macOS adds to a zip beside each file."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".") or name.endswith("/")


def _is_json(name: str) -> bool:
    return name.lower().endswith(".json")


def _check_size(size: int) -> None:
    if size > BYTES_MAX:
        raise BadImport([f"Expected at most {BYTES_MAX // 2**20} MB, found {size // 2**20} MB: export in parts."])


def _plain(text: bytes | bytearray) -> bytes | bytearray:
    """The text as UTF-8 without a byte-order mark; what cannot be read otherwise is left as it is."""
    encoding = _encoding(bytes(text[:HEAD_BYTES]))
    if encoding != "utf-8":
        try:
            return text.decode(encoding).lstrip("\ufeff").encode()
        except UnicodeDecodeError:
            return text
    return text[len(BOM) :] if text.startswith(BOM) else text


def read(data: bytes) -> Archive:
    """The archive, its records not looked at yet. Raises BadImport."""
    _check_size(len(data))
    text = _plain(_unzipped(data) if data.startswith(b"PK") else data)
    if not text or text.isspace():
        raise BadImport(["Expected an archive of Interspace, found an empty file."])
    try:
        parts = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        form = msgspec.json.decode(parts.get("format", msgspec.Raw(b"null")))
        schema = msgspec.json.decode(parts.get("schema", msgspec.Raw(b"null")))
    except msgspec.ValidationError:
        raise BadImport(["Expected an archive of Interspace (a JSON object), found other JSON."]) from None
    except RecursionError:
        raise BadImport(["Expected an archive of Interspace, found JSON that is nested too deep to read."]) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error).rstrip(".")
        cut = " It may have been cut off while it was copied: export it again." if "truncated" in reason else ""
        raise BadImport(
            [f"Expected an archive of Interspace, found text that is no whole JSON: {reason}.{cut}"]
        ) from None
    if form != FORMAT:
        raise BadImport([f'Expected an archive of Interspace ("format": "{FORMAT}"), found other JSON.'])
    if schema != SCHEMA:
        version = str(schema)[:20]
        raise BadImport(
            [f"Expected an archive of schema {SCHEMA}, found {version}: a later Interspace may have made it."]
        )
    try:
        archive = msgspec.json.decode(text, type=Archive)
    except msgspec.ValidationError as error:
        raise BadImport([f"Expected an archive of Interspace, found: {shape.sentence(error, None)}."]) from None
    if archive.count != len(archive.records):
        raise BadImport([f"Expected {archive.count} records, found {len(archive.records)}: nothing was imported."])
    return archive

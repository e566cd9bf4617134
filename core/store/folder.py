"""Where things are in the data folder, and what may be a name there."""

import os
import re
import secrets
import string
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from core.store import disk
from core.store.disk import Stamp
from core.store.errors import NotFound, StoreError

_SESSION = re.compile(r"[0-9]{8}-[A-Za-z0-9]{4,40}")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_HASH = re.compile(r"[0-9a-f]{64}")
# A listing may miss a file that is replaced meanwhile (tmpfs does, ext4 does not): a folder that moved is listed again.
LOOKS = 3
_LETTERS = string.ascii_lowercase + string.digits


def new_session_id(now_ms: int) -> str:
    """An id that no other tablet will make: the UTC date, then ten random letters and digits."""
    day = datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y%m%d")
    return f"{day}-{''.join(secrets.choice(_LETTERS) for _ in range(10))}"


def make_ready(folder: Path) -> None:
    """Make the folders, clear up after writers that died; StoreError if this cannot be."""
    try:
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            disk.sync_folder(folder.parent)
        for name in ("sessions", "protocols", "locks", "index"):
            disk.make_folder(folder / name)
        disk.sweep(folder)
    except OSError as error:
        raise StoreError(f"The data folder {folder} cannot be used: {error.strerror}.") from error


def session_path(folder: Path, session: object) -> Path:
    """The file of a session, told by its id alone. What is no id is NotFound, so no id leads out of the folder."""
    if not isinstance(session, str) or not _SESSION.fullmatch(session):
        raise NotFound(f"A session id looks like 20261120-k3v9x2m8qa; {str(session)[:60]!r} does not.")
    return folder / "sessions" / _month(session) / f"{session}.json"


def protocol_path(folder: Path, sha256_hex: str) -> Path:
    """The file of a protocol's text; NotFound if this is no SHA-256."""
    if not _HASH.fullmatch(sha256_hex):
        raise NotFound(f"A protocol is kept under 64 hexadecimal digits; {sha256_hex[:70]!r} is something else.")
    return folder / "protocols" / f"{sha256_hex}.toml"


def protocols(folder: Path) -> list[Path]:
    """The files of all protocols' texts; other files among them are none of ours."""
    return [path for path in (folder / "protocols").glob("*.toml") if _HASH.fullmatch(path.stem)]


def where(folder: Path, path: Path) -> str:
    """How a sentence names a file."""
    return path.relative_to(folder).as_posix()


def months(folder: Path) -> dict[str, int]:
    """Each month that has a folder, newest first, and when a file was last put into it (ns since 1970)."""
    with os.scandir(folder / "sessions") as entries:
        folders = (entry for entry in entries if _MONTH.fullmatch(entry.name) and entry.is_dir())
        changed = {entry.name: entry.stat().st_mtime_ns for entry in folders}
    return dict(sorted(changed.items(), reverse=True))


def stamps(folder: Path, month: str) -> dict[str, Stamp]:
    """The sessions of a month (`2026-11`), each with the stamp of its file."""
    path = folder / "sessions" / month
    stamped: dict[str, Stamp] = {}
    for _ in range(LOOKS):
        before = path.stat().st_mtime_ns
        stamped |= _listed(path)
        if path.stat().st_mtime_ns == before:
            break
    return stamped


def _listed(path: Path) -> dict[str, Stamp]:
    stamped = {}
    with os.scandir(path) as entries:
        for entry in entries:
            session, extension = os.path.splitext(entry.name)
            if (
                extension == ".json"
                and entry.is_file()
                and _SESSION.fullmatch(session)
                and _month(session) == path.name
            ):
                with suppress(FileNotFoundError):  # taken away by hand a moment ago
                    stamped[session] = disk.stamp(entry.stat())
    return stamped


def _month(session: str) -> str:
    return f"{session[:4]}-{session[4:6]}"

"""Files and folders that survive a power cut: whole or not at all, private, and with some space kept for bad days."""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from core import clock
from core.store.errors import Full

RESERVE_BYTES = 16 * 1024 * 1024
TEMPORARY = ".tmp"
TEMPORARY_KEPT_MS = 3_600_000


class Stamp(NamedTuple):
    """Tells two states of a file apart without reading it."""

    inode: int
    size: int
    mtime_ns: int


def stamp(stat: os.stat_result) -> Stamp:
    """The stamp of a file that was just looked at."""
    return Stamp(stat.st_ino, stat.st_size, stat.st_mtime_ns)


def make_folder(path: Path) -> None:
    """Make a folder that only its owner can enter, and its name durable even if another process had just made it."""
    path.mkdir(mode=0o700, exist_ok=True)
    path.chmod(0o700)  # one that came back from a backup may be wider
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Flush the names in a folder: a file renamed into it is not durable before."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def replace(path: Path, data: bytes, *, durable: bool) -> Stamp:
    """Put `data` in place of a file, mode 0600; readers see the old one or the new one whole. OSError if refused.

    An error after the rename (the last flush) leaves the new file in place: true, but not promised.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=TEMPORARY, dir=path.parent)
    try:
        try:
            _write_all(handle, data)
            if durable:
                os.fsync(handle)
            written = stamp(os.fstat(handle))
        finally:
            os.close(handle)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    if durable:
        sync_folder(path.parent)
    return written


def _write_all(handle: int, data: bytes) -> None:
    """os.write may take only a part, as it does just before a disk is full."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def sweep(folder: Path) -> None:
    """Remove what writers that died left behind. Files of the last hour stay: their writer may be alive."""
    for place, _, names in os.walk(folder):
        for name in names:
            if name.startswith(".") and name.endswith(TEMPORARY):
                path = Path(place, name)
                with suppress(OSError):  # another process may sweep too
                    # The system stamped this file, so its age is told by the system's clock.
                    if clock.now_ms() - path.stat().st_mtime_ns // 1_000_000 > TEMPORARY_KEPT_MS:
                        path.unlink()


class Reserve:
    """16 MB held back from the disk, given up when it is full so that running procedures can finish."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self) -> None:
        """Take the space if there is room for it; a disk without it must not stop the ward from starting."""
        if self.left():
            return
        with suppress(OSError):
            replace(self._path, bytes(RESERVE_BYTES), durable=False)

    def release(self) -> None:
        """Give the space back to the disk."""
        with suppress(OSError):
            self._path.unlink()

    def left(self) -> bool:
        """Whether the space is still held back; if not, the disk was full."""
        with suppress(OSError):
            return self._path.stat().st_size == RESERVE_BYTES
        return False

    def save(self, path: Path, where: str, data: bytes) -> Stamp:
        """Replace a file durably; if the disk refuses, try once more, with the reserve's space if it was full. Full."""
        try:
            return replace(path, data, durable=True)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                self.release()
        try:
            return replace(path, data, durable=True)
        except OSError as error:
            raise refused(where, error) from error


def refused(where: str, error: OSError) -> Full:
    """The sentence for a write that the disk did not take."""
    return Full(f"{where} could not be written ({error.strerror}): nothing was acknowledged, send it again.")

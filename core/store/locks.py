"""Two locks round each read-modify-write: one between the threads of a process, one between processes.

There are 64 fixed lock files, never one a session and never unlinked: whoever holds an unlinked file and whoever
opens its successor would both believe that they are alone. Readers take no lock.
"""

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from core.store.errors import StoreError

try:
    import fcntl
except ImportError as missing:
    raise ImportError(
        "Interspace needs flock to keep its log safe between processes, and Python has none on this platform: "
        "run it on Linux or macOS, or in a container."
    ) from missing

STRIPES = 64


class Locks:
    """The locks in one folder. A name always falls on the same stripe, in every process.

    Hold one name at a time: a second one may share the stripe of the first.
    """

    def __init__(self, folder: Path) -> None:
        """Open the lock files; StoreError if this folder's file system does not keep a second holder out."""
        _probe(folder)
        self._folder = folder
        self._threads: list[threading.Lock] = []
        self._files: list[int] = []
        self._open()
        weakref.finalize(self, _close, self._files)
        _alive.add(self)

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Be the only one in any process who holds `name`, for the length of a `with`."""
        stripe = crc32(name.encode()) % STRIPES
        with self._threads[stripe]:
            file = self._files[stripe]
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
            except OSError as error:
                raise StoreError(f"locks/{stripe:02}.lock could not be locked: {error.strerror}.") from error
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def _open(self) -> None:
        self._threads = [threading.Lock() for _ in range(STRIPES)]
        for stripe in range(STRIPES):
            self._files.append(_open_file(self._folder / f"{stripe:02}.lock"))

    def reopen(self) -> None:
        """Start afresh in a forked child: a flock is shared with the parent and would not keep it out."""
        _close(self._files)
        self._open()


def _open_file(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"locks/{path.name} could not be opened: {error.strerror}.") from error


def _close(files: list[int]) -> None:
    while files:
        os.close(files.pop())


def _probe(folder: Path) -> None:
    """Refuse a folder (some network and FUSE mounts) where flock fails or lets two holders in."""
    first, second = _open_file(folder / "probe.lock"), _open_file(folder / "probe.lock")
    try:
        fcntl.flock(first, fcntl.LOCK_EX)
        try:
            fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        raise StoreError(_REFUSAL + "two holders got the same lock.")
    except OSError as error:
        raise StoreError(_REFUSAL + f"{error.strerror}.") from error
    finally:
        _close([first, second])


_REFUSAL = "The data folder must be on a disk where flock works (a local disk does); on this one it does not: "
_alive: weakref.WeakSet[Locks] = weakref.WeakSet()


def _reopen_all() -> None:
    for locks in list(_alive):
        locks.reopen()


os.register_at_fork(after_in_child=_reopen_all)

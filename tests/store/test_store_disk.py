"""The store and its disk: full, failing, shared, private; and the protocols kept beside the sessions."""

import errno
import fcntl
import hashlib
import itertools
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core import clock
from core.store import Corrupt, Full, NotFound, Store, StoreError
from core.store import disk as store_disk
from core.store.locks import Locks

SESSION = "20261120-k3v9x2m8qa"
SCAN = {"id": "e1", "kind": "mark"}
LONG = {"id": "e2", "kind": "note", "text": "x" * 20_000}
ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "data")
    store.create({"session": SESSION}, [SCAN])
    return store


def month_of(store: Store) -> Path:
    return store.folder / "sessions" / "2026-11"


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The kernel takes a write up to `size` bytes, cuts it there, and refuses the rest."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_only_half_a_write_acknowledges_nothing_and_harms_nothing(store: Store) -> None:
    before = (month_of(store) / f"{SESSION}.json").read_bytes()
    with no_file_larger_than(8192):
        with pytest.raises(Full, match=f"sessions/2026-11/{SESSION}.json could not be written"):
            store.append(SESSION, [LONG])
        with pytest.raises(Full):
            store.create({"session": "20261120-another"}, [LONG])
        assert store.append(SESSION, [{"id": "small"}]).version == 2
    assert [path.name for path in month_of(store).iterdir()] == [f"{SESSION}.json"]
    assert len(before) < (month_of(store) / f"{SESSION}.json").stat().st_size < 8192
    assert store.append(SESSION, [LONG]).accepted == ["e2"]
    assert [event["id"] for event in Store(store.folder).load(SESSION).events] == ["e1", "small", "e2"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 20 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", disk], capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def fill(disk: Path, name: str) -> None:
    with pytest.raises(OSError, match="No space left on device"):
        (disk / name).write_bytes(bytes(25_000_000))


def test_on_a_full_disk_the_reserve_lets_running_procedures_finish(small_disk: Path) -> None:
    store = Store(small_disk / "data")
    store.create({"session": SESSION}, [SCAN])
    assert not store.low_on_space()
    fill(small_disk, "filler")
    assert store.append(SESSION, [LONG]).accepted == ["e2"]
    assert store.low_on_space()


def test_when_the_reserve_is_used_up_a_tap_is_refused_and_the_log_stays_whole(small_disk: Path) -> None:
    store = Store(small_disk / "data")
    store.create({"session": SESSION}, [SCAN])
    (small_disk / "data" / "reserve").unlink()
    fill(small_disk, "filler")
    with pytest.raises(Full, match="No space left on device"):
        store.append(SESSION, [LONG])
    with pytest.raises(Full):
        store.create({"session": "20261220-another"}, [SCAN])
    assert [event["id"] for event in Store(small_disk / "data").load(SESSION).events] == ["e1"]
    assert [path.name for path in month_of(store).iterdir()] == [f"{SESSION}.json"]
    (small_disk / "filler").unlink()
    assert store.append(SESSION, [LONG]).accepted == ["e2"]
    assert not Store(small_disk / "data").low_on_space()


def test_a_disk_without_room_for_the_reserve_can_still_be_used(small_disk: Path) -> None:
    fill(small_disk, "filler")
    os.truncate(small_disk / "filler", 10_000_000)
    store = Store(small_disk / "data")
    assert store.low_on_space()
    assert store.create({"session": SESSION}, [SCAN]) == SESSION
    assert [path.name for path in store.folder.iterdir() if path.is_file()] == ["namespace"]


def test_no_session_is_missing_from_a_listing_while_others_are_written(small_disk: Path) -> None:
    """On tmpfs, as its listings miss most files that are replaced meanwhile."""
    store = Store(small_disk)
    (small_disk / "reserve").unlink()
    month = month_of(store)
    month.mkdir()
    for number in range(2000):
        (month / f"20261120-n{number:04}.json").touch()
    stop = threading.Event()

    def write() -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            store_disk.replace(month / f"20261120-n{number * 7 % 2000:04}.json", b"x", durable=False)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert {len(list(store.sessions())) for _ in range(60)} == {2000}
    finally:
        stop.set()
        writer.join()


@pytest.fixture
def flushes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is flushed and renamed from here on, in order; everything really happens too."""
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(handle: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        fsync(handle)
        done.append("flush folder" if path.is_dir() else "flush file")

    def noted_replace(old: str, new: Path) -> None:
        replace(old, new)
        done.append("rename")

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    return done


def test_a_tap_is_flushed_then_renamed_then_its_folder_is_flushed_before_it_is_acknowledged(
    store: Store, flushes: list[str]
) -> None:
    store.append(SESSION, [LONG])
    assert flushes == ["flush file", "rename", "flush folder"]


def test_a_tap_that_is_already_there_is_acknowledged_only_after_a_flush_of_its_folder(
    store: Store, flushes: list[str]
) -> None:
    store.append(SESSION, [SCAN])
    store.create({"session": SESSION}, [SCAN])
    assert flushes == ["flush folder", "flush folder"]


def test_the_first_session_of_a_month_makes_the_months_name_durable_before_its_own(
    store: Store, flushes: list[str]
) -> None:
    store.create({"session": "20261201-december"}, [SCAN])
    assert flushes == ["flush folder", "flush file", "rename", "flush folder"]


def failing(times: int, real: Callable[[int], None]) -> Callable[[int], None]:
    """An fsync that fails so many times, as a dying disk does."""
    left = [times]

    def fsync(handle: int) -> None:
        if left[0]:
            left[0] -= 1
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(handle)

    return fsync


def test_a_disk_that_fails_once_is_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", failing(1, os.fsync))
    assert store.append(SESSION, [LONG]).accepted == ["e2"]
    assert not store.low_on_space()
    assert Store(store.folder).load(SESSION).version == 2


@pytest.mark.parametrize("event", [SCAN, LONG], ids=["already there", "new"])
def test_a_disk_that_fails_to_flush_acknowledges_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, event: dict[str, str]
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(os, "fsync", failing(2, os.fsync))
        with pytest.raises(Full, match="Input/output error"):
            store.append(SESSION, [event])
    assert Store(store.folder).load(SESSION).version == 1
    assert [path.name for path in month_of(store).iterdir()] == [f"{SESSION}.json"]


def test_only_the_owner_can_enter_a_folder_or_read_a_file_whatever_the_umask(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        store = Store(tmp_path / "data")
        store.create({"session": SESSION}, [SCAN])
        store.append(SESSION, [LONG])
        store.keep_protocol(hashlib.sha256(b"x").hexdigest(), "x")
    finally:
        os.umask(umask)
    paths = [store.folder, *store.folder.rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_dir()} == {"0o700"}
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_file()} == {"0o600"}
    assert len(paths) > 70


def test_a_start_removes_temporaries_of_dead_writers_and_leaves_those_of_the_last_hour(store: Store) -> None:
    old, young = month_of(store) / ".a.json.x.tmp", month_of(store) / ".b.json.y.tmp"
    for path, age_s in ((old, 3660), (young, 3540)):
        path.write_text("{")
        os.utime(path, (clock.now_ms() / 1000 - age_s,) * 2)
    Store(store.folder)
    assert (old.exists(), young.exists()) == (False, True)
    assert list(store.sessions()) == [SESSION]


def test_a_start_holds_16_mb_back_from_the_disk(store: Store) -> None:
    assert (store.folder / "reserve").stat().st_blocks * 512 >= 16 * 1024 * 1024


def test_a_folder_that_cannot_be_made_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "data")


def test_a_folder_where_flock_lets_two_in_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fcntl, "flock", lambda file, how: None)
    with pytest.raises(StoreError, match="two holders got the same lock"):
        Store(tmp_path)


def test_a_folder_where_flock_fails_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(file: int, how: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(StoreError, match="must be on a disk where flock works"):
        Store(tmp_path)


def test_a_platform_without_flock_is_refused_in_a_sentence() -> None:
    code = "import sys; sys.modules['fcntl'] = None; import core.store"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode != 0
    assert "run it on Linux or macOS" in run.stderr.splitlines()[-1]


def fork_that_locks(locks: Locks, name: str) -> tuple[int, int]:
    """A forked child that takes a lock once a byte comes through a pipe: its process id, and the pipe's end."""
    wait, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(wait, 1)
        signal.alarm(1)  # ends a child that is kept out
        with locks.hold(name):
            os._exit(0)
    os.close(wait)
    return child, go


def outcome(child: int, go: int) -> int:
    """Let the child go on: 0 if it got the lock, minus SIGALRM if it was kept out."""
    os.write(go, b".")
    os.close(go)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_forked_process_is_kept_out_of_what_its_parent_holds(tmp_path: Path) -> None:
    locks = Locks(tmp_path)
    child, go = fork_that_locks(locks, SESSION)
    with locks.hold(SESSION):
        assert outcome(child, go) == -signal.SIGALRM


def test_a_process_forked_during_a_write_can_write_after_it(tmp_path: Path) -> None:
    locks = Locks(tmp_path)
    with locks.hold(SESSION):
        child, go = fork_that_locks(locks, SESSION)
    assert outcome(child, go) == 0


def test_locks_are_64_files_whatever_the_number_of_sessions(store: Store) -> None:
    before = {path.name: path.stat().st_ino for path in (store.folder / "locks").iterdir()}
    for number in range(100):
        store.create({"session": f"20261120-s{number:03}"})
    Store(store.folder)
    assert {path.name: path.stat().st_ino for path in (store.folder / "locks").iterdir()} == before
    assert len(before) == 64 + 1


TEXT = 'id = "lumbar-nusinersen"\nnote = "µ – ≥"\r\n'
HASH = hashlib.sha256(TEXT.encode()).hexdigest()


def test_a_protocol_comes_back_letter_for_letter_and_is_written_once(store: Store) -> None:
    store.keep_protocol(HASH, TEXT)
    inode = (store.folder / "protocols" / f"{HASH}.toml").stat().st_ino
    store.keep_protocol(HASH, TEXT)
    assert (store.folder / "protocols" / f"{HASH}.toml").stat().st_ino == inode
    assert Store(store.folder).protocol(HASH) == TEXT


def test_a_protocol_edited_by_hand_is_corrupt_until_its_text_is_kept_again(store: Store) -> None:
    store.keep_protocol(HASH, TEXT)
    (store.folder / "protocols" / f"{HASH}.toml").write_text(TEXT.replace("lumbar", "lumbal"))
    with pytest.raises(Corrupt, match=f"protocols/{HASH}.toml"):
        store.protocol(HASH)
    store.keep_protocol(HASH, TEXT)
    assert store.protocol(HASH) == TEXT


def test_a_protocol_is_not_kept_under_the_hash_of_another(store: Store) -> None:
    with pytest.raises(StoreError, match="another hash"):
        store.keep_protocol(HASH, TEXT + " ")
    with pytest.raises(NotFound):
        store.protocol(HASH)


@pytest.mark.parametrize("name", ["", "../sessions/x", "a" * 63, "A" * 64, HASH + "/.."])
def test_what_is_no_hash_names_no_protocol(store: Store, name: str) -> None:
    with pytest.raises(NotFound):
        store.protocol(name)
    with pytest.raises(NotFound):
        store.keep_protocol(name, TEXT)

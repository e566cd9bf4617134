"""What several processes do to the store at the same time, and what dying at any moment leaves behind."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tinydb import TinyDB

from core import clock
from core.store import Store

WRITER = Path(__file__).parents[1] / "helpers" / "store_writer.py"
KILLS = 120


def start(folder: Path, tag: str, threads: int, taps: int, *sessions: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), str(folder), tag, str(threads), str(taps), *sessions]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def kill_after(delay_s: float, folder: Path, tag: str, *sessions: str) -> list[str]:
    """The lines that a writer printed before SIGKILL hit it, `delay_s` after its first acknowledgement."""
    writer = start(folder, tag, 3, 0, *sessions)
    assert writer.stdout is not None
    first = writer.stdout.readline()
    time.sleep(delay_s)
    writer.kill()
    rest = writer.stdout.read()
    writer.stdout.close()
    assert writer.wait() == -signal.SIGKILL, "the writer ended by itself"
    return [line for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]


def by_session(lines: list[str]) -> dict[str, list[str]]:
    """The acknowledged event ids of each session."""
    acknowledged = defaultdict(list)
    for line in lines:
        session, event = line.split()
        acknowledged[session].append(event)
    return acknowledged


def stored(store: Store, session: str) -> list[str]:
    """The event ids of a session, which must read the same through the store and through a plain TinyDB."""
    record = store.load(session)
    with TinyDB(store.folder / "sessions" / f"{session[:4]}-{session[4:6]}" / f"{session}.json", access_mode="r") as db:
        documents = db.table("events").all()
        assert [head["head"]["session"] for head in db.table("meta")] == [session]
        assert [check["count"] for check in db.table("check")] == [len(documents)]
    assert [document.doc_id for document in documents] == list(range(1, record.version + 1)), "a gap in the sequence"
    assert [document["id"] for document in documents] == [event["id"] for event in record.events]
    return [event["id"] for event in record.events]


def assert_each_thread_left_no_hole(ids: list[str]) -> None:
    """A thread taps 0, 1, 2, … : what is stored of it must be that, in that order, up to where it died."""
    threads = defaultdict(list)
    for event in ids:
        thread, _, number = event.rpartition("-")
        threads[thread].append(int(number))
    for thread, numbers in threads.items():
        assert numbers == list(range(len(numbers))), thread


@pytest.fixture(scope="module")
def after_the_kills(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]]]:
    """A folder in which 120 writers, two at a time, were killed, and what they had acknowledged."""
    folder = tmp_path_factory.mktemp("killed")
    chance = random.Random(20261120)
    delays = [chance.uniform(0.005, 0.060) for _ in range(KILLS)]

    def killed(number: int) -> list[str]:
        shared = f"20261120-shared{number // 12:02}"
        return kill_after(delays[number], folder, f"k{number:03}", shared, f"20261120-own{number:03}")

    with ThreadPoolExecutor(2) as pool:
        lines = [line for printed in pool.map(killed, range(KILLS)) for line in printed]
    return folder, by_session(lines)


def test_no_acknowledged_event_is_lost_when_the_writer_is_killed_at_any_moment(
    after_the_kills: tuple[Path, dict[str, list[str]]],
) -> None:
    folder, acknowledged = after_the_kills
    assert len({event.split("-")[0] for events in acknowledged.values() for event in events}) == KILLS
    store = Store(folder)
    for session, events in acknowledged.items():
        assert set(events) <= set(stored(store, session)), session


def test_no_kill_leaves_a_torn_file_a_gap_or_an_event_stored_twice(
    after_the_kills: tuple[Path, dict[str, list[str]]],
) -> None:
    folder, acknowledged = after_the_kills
    store = Store(folder)
    sessions = list(store.sessions())
    assert set(acknowledged) <= set(sessions)
    for session in sessions:
        ids = stored(store, session)
        assert len(ids) == len(set(ids)), session
        if session.startswith("20261120"):
            assert_each_thread_left_no_hole(ids)


def test_what_killed_writers_leave_behind_is_swept_at_a_later_start(
    after_the_kills: tuple[Path, dict[str, list[str]]],
) -> None:
    folder, _ = after_the_kills
    month = folder / "sessions" / "2026-11"
    (month / ".20261120-own000.json.by_hand.tmp").write_text("{")  # in case no kill hit between writing and renaming
    left = [path for path in month.iterdir() if path.suffix != ".json"]
    assert all(path.name.startswith(".") and path.suffix == ".tmp" for path in left), left
    two_hours_ago = clock.now_ms() / 1000 - 7200
    for path in left:
        os.utime(path, (two_hours_ago, two_hours_ago))
    Store(folder)
    assert [path.name for path in month.iterdir() if path.suffix != ".json"] == []


def test_a_session_goes_on_after_its_writer_was_killed(after_the_kills: tuple[Path, dict[str, list[str]]]) -> None:
    folder, acknowledged = after_the_kills
    store = Store(folder)
    for session in acknowledged:
        before = store.load(session).version
        assert store.append(session, [{"id": "after-0-0"}]).version == before + 1


def test_two_processes_of_four_threads_in_one_session_lose_nothing_and_store_nothing_twice(tmp_path: Path) -> None:
    session = "20261120-shared"
    writers = [start(tmp_path, tag, 4, 60, session) for tag in ("left", "right")]
    lines = [line for writer in writers for line in writer.communicate()[0].splitlines()]
    assert [writer.returncode for writer in writers] == [0, 0]
    expected = {f"{tag}-{thread}-{n}" for tag in ("left", "right") for thread in range(4) for n in range(60)}
    ids = stored(Store(tmp_path), session)
    assert set(by_session(lines)[session]) == expected
    assert sorted(ids) == sorted(expected)
    assert_each_thread_left_no_hole(ids)


def test_an_event_that_two_processes_send_at_once_is_accepted_once(tmp_path: Path) -> None:
    session = "20261120-shared"
    writers = [start(tmp_path, "same", 4, 40, session) for _ in range(2)]
    lines = [line for writer in writers for line in writer.communicate()[0].splitlines()]
    assert [writer.returncode for writer in writers] == [0, 0]
    accepted = by_session(lines)[session]
    assert sorted(accepted) == sorted(stored(Store(tmp_path), session)) == sorted({*accepted})
    assert len(accepted) == 160


def test_readers_never_see_an_error_or_a_step_back_while_writers_write(tmp_path: Path) -> None:
    session = "20261120-shared"
    store = Store(tmp_path)
    store.create({"session": session})
    writers = [start(tmp_path, tag, 2, 100, session) for tag in ("left", "right")]
    versions: dict[str, list[int]] = {"one": [], "two": []}
    trouble: list[Exception] = []

    def read(name: str) -> None:
        while any(writer.poll() is None for writer in writers):
            try:
                versions[name].append(store.load(session).version)
                assert session in list(store.sessions())
            except Exception as error:
                trouble.append(error)
                return

    readers = [threading.Thread(target=read, args=(name,)) for name in versions]
    for reader in readers:
        reader.start()
    for writer in writers:
        writer.communicate()
    for reader in readers:
        reader.join()
    assert trouble == []
    assert all(seen == sorted(seen) and len(set(seen)) > 1 for seen in versions.values())
    assert store.load(session).version == 400

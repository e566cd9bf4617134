"""The index of summaries: always what the logs say, whatever happened to its files."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import clock
from core.records.index import Index
from core.records.row import Row
from core.store import Record, Store
from tests.helpers.rows import a_row

SESSIONS = ["20261120-bbbb", "20261119-aaaa", "20250301-cccc"]


class Summary:
    """Derives a row, remembers which sessions it was asked for, and can be told to fail on some."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.fails_on: set[str] = set()

    def __call__(self, record: Record) -> Row:
        self.asked.append(record.session)
        if record.session in self.fails_on:
            raise ValueError("patient P-001")
        return row(record.session, record.version)


@pytest.fixture
def summary() -> Summary:
    return Summary()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path)
    for session in SESSIONS:
        store.create({"session": session, "patient": "P-001"}, [{"id": "e1"}])
    return store


def row(session: str, taps: int) -> Row:
    return a_row(session=session, version=taps, failed=[("L3-L4", 3)])


ROWS = [row(session, 1) for session in SESSIONS]


def path_of(store: Store, session: str) -> Path:
    return store.folder / "sessions" / f"{session[:4]}-{session[4:6]}" / f"{session}.json"


def let_it_rest(store: Store) -> None:
    """Make the month folders look as if nothing had been written into them for a minute."""
    for month in (store.folder / "sessions").iterdir():
        os.utime(month, (clock.now_ms() / 1000 - 60,) * 2)


def saved(store: Store) -> Iterator[Path]:
    return (store.folder / "index").glob("*.json")


def test_each_session_has_one_row_newest_first(store: Store, summary: Summary) -> None:
    index = Index(store, summary, "1")
    assert index.rows() == ROWS
    assert index.unreadable() == []


def test_a_tap_is_in_the_very_next_rows_and_only_its_session_is_read_again(store: Store, summary: Summary) -> None:
    index = Index(store, summary, "1")
    index.rows()
    for taps in range(2, 30):
        summary.asked.clear()
        store.append(SESSIONS[1], [{"id": f"e{taps}"}])
        assert index.rows() == [ROWS[0], row(SESSIONS[1], taps), ROWS[2]]
        assert summary.asked == [SESSIONS[1]]


def test_a_tap_in_a_month_that_had_rested_is_in_the_very_next_rows(store: Store, summary: Summary) -> None:
    index = Index(store, summary, "1")
    let_it_rest(store)
    index.rows()
    store.append(SESSIONS[2], [{"id": "e2"}])
    assert index.rows() == [*ROWS[:2], row(SESSIONS[2], 2)]


def test_a_write_that_leaves_the_folders_stamp_as_it_was_a_moment_ago_is_not_missed(
    store: Store, summary: Summary
) -> None:
    index = Index(store, summary, "1")
    month = path_of(store, SESSIONS[0]).parent
    index.rows()
    stamp = month.stat()
    store.append(SESSIONS[0], [{"id": "e2"}])
    os.utime(month, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # as a disk with coarse stamps does
    assert index.rows()[0] == row(SESSIONS[0], 2)


def test_a_new_session_and_a_new_month_appear_and_a_session_taken_away_goes(store: Store, summary: Summary) -> None:
    index = Index(store, summary, "1")
    index.rows()
    store.create({"session": "20261201-dddd", "patient": "P-001"})
    path_of(store, SESSIONS[1]).unlink()
    assert index.rows() == [row("20261201-dddd", 0), ROWS[0], ROWS[2]]


def test_the_version_changes_with_any_row_and_with_nothing_else(store: Store, summary: Summary) -> None:
    index = Index(store, summary, key="1")
    first = index.version()
    assert index.version() == first
    path_of(store, SESSIONS[1]).with_suffix(".json~").write_bytes(b"")  # the folder's stamp alone
    path_of(store, SESSIONS[2]).with_name("20250302-torn.json").write_bytes(b"{")  # not settled: looked at every time
    assert index.version() == first
    store.append(SESSIONS[0], [{"id": "e2"}])
    second = index.version()
    assert second != first
    store.create({"session": "20240101-dddd", "patient": "P-001"}, [{"id": "e1"}])
    third = index.version()
    assert third not in (first, second)
    path_of(store, SESSIONS[1]).unlink()
    assert index.version() not in (first, second, third)
    assert len(index.rows()) == 3


def test_after_a_start_unchanged_sessions_are_not_read_again(store: Store, summary: Summary) -> None:
    let_it_rest(store)
    Index(store, summary, "1").rows()
    summary.asked.clear()
    assert Index(store, summary, "1").rows() == ROWS
    assert summary.asked == []


def test_after_a_start_what_changed_meanwhile_is_read_again(store: Store, summary: Summary) -> None:
    let_it_rest(store)
    Index(store, summary, "1").rows()
    Store(store.folder).append(SESSIONS[2], [{"id": "e2"}])
    summary.asked.clear()
    assert Index(store, summary, "1").rows() == [*ROWS[:2], row(SESSIONS[2], 2)]
    assert summary.asked == [SESSIONS[2]]


def test_many_new_sessions_are_written_down_at_once_even_if_the_ward_never_rests(
    store: Store, summary: Summary
) -> None:
    for number in range(70):
        store.create({"session": f"20261120-n{number:03}", "patient": "P-001"})
    Index(store, summary, "1").rows()
    summary.asked.clear()
    assert len(Index(store, summary, "1").rows()) == 73
    assert summary.asked == [SESSIONS[2]]


def test_another_version_of_the_rules_reads_every_session_again(store: Store, summary: Summary) -> None:
    let_it_rest(store)
    Index(store, summary, "1").rows()
    summary.asked.clear()
    assert Index(store, summary, "2").rows() == ROWS
    assert sorted(summary.asked) == sorted(SESSIONS)


@pytest.mark.parametrize("damage", ["torn", "empty", "other digits", "removed", "a folder"])
def test_a_damaged_index_is_rebuilt_without_a_word(store: Store, summary: Summary, damage: str) -> None:
    let_it_rest(store)
    Index(store, summary, "1").rows()
    files = list(saved(store))
    assert len(files) == 2
    for path in files:
        whole = path.read_bytes()
        path.unlink()
        if damage == "torn":
            path.write_bytes(whole[: len(whole) // 2])
        elif damage == "empty":
            path.write_bytes(b"")
        elif damage == "other digits":
            path.write_bytes(whole.replace(b'"taps":1', b'"taps":7'))
        elif damage == "a folder":
            path.mkdir()
    assert Index(store, summary, "1").rows() == ROWS


def test_a_torn_session_is_listed_as_unreadable_and_hides_no_other(store: Store, summary: Summary) -> None:
    index = Index(store, summary, "1")
    whole = path_of(store, SESSIONS[0]).read_bytes()
    path_of(store, SESSIONS[0]).write_bytes(whole[:50])
    assert index.rows() == ROWS[1:]
    [(session, sentence)] = index.unreadable()
    assert session == SESSIONS[0]
    assert f"sessions/2026-11/{SESSIONS[0]}.json" in sentence
    let_it_rest(store)
    assert index.unreadable() == [(session, sentence)]
    path_of(store, SESSIONS[0]).write_bytes(whole)
    let_it_rest(store)
    assert index.rows() == ROWS
    assert index.unreadable() == []


def test_a_session_that_the_rules_choke_on_is_listed_without_patient_data_and_hides_no_other(
    store: Store, summary: Summary
) -> None:
    summary.fails_on = {SESSIONS[1]}
    let_it_rest(store)
    index = Index(store, summary, "1")
    assert index.rows() == [ROWS[0], ROWS[2]]
    assert index.unreadable() == [(SESSIONS[1], f"The summary of {SESSIONS[1]} could not be derived (ValueError).")]
    assert Index(store, summary, "1").unreadable() == index.unreadable()
    summary.fails_on = set()
    assert index.rows() == ROWS


def test_a_full_disk_keeps_no_one_from_the_rows(store: Store, summary: Summary) -> None:
    let_it_rest(store)
    (store.folder / "index").rmdir()
    assert Index(store, summary, "1").rows() == ROWS


def test_rows_of_a_month_that_was_taken_away_do_not_stay_in_the_index(store: Store, summary: Summary) -> None:
    let_it_rest(store)
    Index(store, summary, "1").rows()
    path_of(store, SESSIONS[2]).unlink()
    path_of(store, SESSIONS[2]).parent.rmdir()
    Index(store, summary, "1")
    assert [path.name for path in saved(store)] == ["2026-11.json"]


def test_the_index_is_private_and_leaves_no_temporaries(store: Store, summary: Summary) -> None:
    let_it_rest(store)
    Index(store, summary, "1").rows()
    assert {(path.suffix, path.stat().st_mode & 0o777) for path in (store.folder / "index").iterdir()} == {
        (".json", 0o600)
    }


def test_rows_asked_for_by_many_threads_during_taps_never_miss_an_acknowledged_one(
    store: Store, summary: Summary
) -> None:
    index = Index(store, summary, "1")
    missed: list[tuple[int, int]] = []

    def tap(thread: int) -> None:
        for number in range(25):
            version = store.append(SESSIONS[0], [{"id": f"{thread}-{number}"}]).version
            seen = index.rows()[0].version
            if seen < version:
                missed.append((version, seen))

    threads = [threading.Thread(target=tap, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert missed == []
    assert index.rows()[0].version == 101

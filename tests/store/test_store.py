"""What the store promises about one session: what was acknowledged is there, whole, once, and nobody can alter it."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB
from tinydb.table import Document

from core.store import Corrupt, Newer, NotFound, Store, StoreError, new_session_id

NOW = 1_795_168_800_000
SESSION = "20261120-k3v9x2m8qa"
OTHER = "20261120-otherone"
HEAD = {"session": SESSION, "patient": "P-001", "protocol": {"id": "lumbar", "version": 1}}
SCAN = {"id": "e1", "kind": "mark", "data": {"mark": "scan_started"}}
PUNCTURE = {"id": "e2", "kind": "mark", "data": {"mark": "skin_puncture", "note": "Zwischenraum L3–L4 µ"}}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path, now=lambda: NOW)


def file_of(store: Store, session: str = SESSION) -> Path:
    return store.folder / "sessions" / "2026-11" / f"{session}.json"


def everything_in(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_a_session_comes_back_with_its_head_and_its_events_in_order_of_arrival(store: Store) -> None:
    assert store.create(HEAD, [SCAN]) == SESSION
    assert store.append(SESSION, [PUNCTURE]).version == 2
    record = store.load(SESSION)
    assert (record.session, record.head, record.version) == (SESSION, HEAD, 2)
    assert record.events == (SCAN | {"received": NOW}, PUNCTURE | {"received": NOW})


def test_another_start_of_the_app_finds_the_same_session(store: Store) -> None:
    store.create(HEAD, [SCAN, PUNCTURE])
    assert Store(store.folder).load(SESSION) == store.load(SESSION)


def test_creating_a_session_again_changes_nothing(store: Store) -> None:
    store.create(HEAD, [SCAN])
    before = file_of(store).read_bytes()
    assert store.create(HEAD | {"patient": "P-002"}, [PUNCTURE]) == SESSION
    assert file_of(store).read_bytes() == before


def test_an_event_sent_again_is_stored_once_and_named_a_duplicate(store: Store) -> None:
    store.create(HEAD, [SCAN])
    answer = store.append(SESSION, [SCAN, PUNCTURE, PUNCTURE])
    assert (answer.version, answer.accepted, answer.duplicates) == (2, ["e2"], ["e1", "e2"])
    again = store.append(SESSION, [PUNCTURE])
    assert (again.version, again.accepted, again.duplicates) == (2, [], ["e2"])
    assert [event["id"] for event in store.load(SESSION).events] == ["e1", "e2"]


def test_an_event_twice_among_the_first_events_is_stored_once(store: Store) -> None:
    store.create(HEAD, [SCAN, SCAN])
    assert store.load(SESSION).version == 1


def test_a_time_of_receipt_that_an_event_brings_is_kept(store: Store) -> None:
    store.create(HEAD, [SCAN | {"received": 5}])
    assert store.load(SESSION).events[0]["received"] == 5


def test_a_plain_tinydb_reads_a_session(store: Store) -> None:
    store.create(HEAD, [SCAN])
    store.append(SESSION, [PUNCTURE])
    with TinyDB(file_of(store), encoding="utf-8") as db:
        assert db.tables() == {"meta", "events", "check"}
        assert [meta["head"] for meta in db.table("meta")] == [HEAD]
        events = db.table("events").all()
        assert [(event.doc_id, event["id"]) for event in events] == [(1, "e1"), (2, "e2")]
        assert events[1]["data"] == PUNCTURE["data"]
        assert [check["count"] for check in db.table("check")] == [2]


def test_what_the_caller_changes_afterwards_never_reaches_the_log(store: Store) -> None:
    mine: dict[str, Any] = copy.deepcopy(SCAN)
    store.create(HEAD, [mine])
    mine["data"]["mark"] = "changed by the sender"
    store.load(SESSION).events[0]["data"]["mark"] = "changed by a reader"
    store.append(SESSION, [PUNCTURE])
    assert [Store(store.folder).load(SESSION).events[0]["data"], store.load(SESSION).events[0]["data"]] == [
        SCAN["data"],
        SCAN["data"],
    ]


def test_a_store_sees_at_once_what_another_process_wrote(store: Store) -> None:
    other = Store(store.folder)
    store.create(HEAD, [SCAN])
    assert other.append(SESSION, [PUNCTURE]).version == 2
    assert store.load(SESSION).version == 2
    assert store.append(SESSION, [PUNCTURE]).duplicates == ["e2"]


@pytest.mark.parametrize(
    "event", [{}, {"id": ""}, {"id": 7}, {"id": "x", "data": {1, 2}.union}, {"id": "\ud800"}, ["id"], "id"]
)
def test_an_event_without_an_id_or_that_is_no_plain_json_is_refused_with_all_that_came_with_it(
    store: Store, event: Any
) -> None:
    store.create(HEAD, [SCAN])
    with pytest.raises(StoreError, match="nothing was stored"):
        store.append(SESSION, [PUNCTURE, event])
    assert store.load(SESSION).version == 1


NO_IDS = [
    "",
    "..",
    "../../etc/passwd",
    "20261120-../../../x",
    "20261120-abc",
    "20261120-" + "a" * 41,
    "20261120-abcd/e",
    "20261120-abcd\n",
    "20261120-abcd\x00",
    "２０２６1120-abcd",
    "20261120_abcd",
    "x20261120-abcd",
    None,
    7,
]


@pytest.mark.parametrize("no_id", NO_IDS)
def test_what_is_no_session_id_is_not_found_and_leads_to_no_file(store: Store, no_id: Any) -> None:
    before = everything_in(store.folder.parent)
    with pytest.raises(NotFound):
        store.load(no_id)
    with pytest.raises(NotFound):
        store.append(no_id, [SCAN])
    with pytest.raises(NotFound):
        store.create({"session": no_id}, [SCAN])
    assert everything_in(store.folder.parent) == before


def test_a_session_that_does_not_exist_is_not_found_and_is_not_made(store: Store) -> None:
    with pytest.raises(NotFound):
        store.load(SESSION)
    with pytest.raises(NotFound):
        store.append(SESSION, [SCAN])
    assert list(store.sessions()) == []


def test_a_new_session_id_carries_the_utc_date_and_is_never_the_same_twice(store: Store) -> None:
    just_after_midnight = 1_795_132_800_001
    ids = {new_session_id(just_after_midnight) for _ in range(200)}
    assert len(ids) == 200
    assert {session[:9] for session in ids} == {"20261120-"}
    assert {session[:9] for session in (new_session_id(just_after_midnight - 2),)} == {"20261119-"}
    for session in ids:
        with pytest.raises(NotFound, match="no such session"):
            store.load(session)


def test_sessions_are_listed_newest_first(store: Store) -> None:
    ids = ["20261101-aaaa", "20251231-bbbb", "20261120-cccc", "20260115-dddd"]
    for session in ids:
        store.create({"session": session})
    assert list(store.sessions()) == sorted(ids, reverse=True)


def refuses(store: Store, error: type[StoreError]) -> None:
    """The file of the session is refused by every call, left as it is, and hinders no other session."""
    before = file_of(store).read_bytes()
    with pytest.raises(error, match=f"sessions/2026-11/{SESSION}.json") as caught:
        store.load(SESSION)
    with pytest.raises(error):
        store.append(SESSION, [{"id": "e9"}])
    with pytest.raises(error):
        store.create(HEAD, [{"id": "e9"}])
    with pytest.raises(error):
        Store(store.folder).load(SESSION)
    assert "P-001" not in str(caught.value)
    assert "Zwischenraum" not in str(caught.value)
    assert file_of(store).read_bytes() == before
    assert store.append(OTHER, [PUNCTURE]).version == 2
    assert sorted(store.sessions()) == [SESSION, OTHER]


@pytest.fixture
def two(store: Store) -> Store:
    """A store with a session to damage and another to leave alone."""
    store.create(HEAD, [SCAN, PUNCTURE])
    store.create(HEAD | {"session": OTHER}, [SCAN])
    return store


@pytest.mark.parametrize("length", [0, 1, 30, 100, 200, -40, -2, -1])
def test_a_torn_file_is_corrupt_for_that_session_only_and_is_left_as_it_is(two: Store, length: int) -> None:
    file_of(two).write_bytes(file_of(two).read_bytes()[:length])
    refuses(two, Corrupt)


def test_a_file_of_zeros_as_a_power_cut_leaves_it_is_corrupt(two: Store) -> None:
    file_of(two).write_bytes(bytes(len(file_of(two).read_bytes())))
    refuses(two, Corrupt)


def alter_event(tables: dict[str, Any]) -> None:
    tables["events"]["1"]["data"]["mark"] = "skin_puncture"


def drop_event(tables: dict[str, Any]) -> None:
    del tables["events"]["2"]


def swap_events(tables: dict[str, Any]) -> None:
    tables["events"]["1"], tables["events"]["2"] = tables["events"]["2"], tables["events"]["1"]


def renumber_event(tables: dict[str, Any]) -> None:
    tables["events"]["3"] = tables["events"].pop("2")


def alter_patient(tables: dict[str, Any]) -> None:
    tables["meta"]["1"]["head"]["patient"] = "P-002"


def drop_check(tables: dict[str, Any]) -> None:
    del tables["check"]


def lists_for_tables(tables: dict[str, Any]) -> None:
    tables["events"] = list(tables["events"].values())


@pytest.mark.parametrize(
    "edit", [alter_event, drop_event, swap_events, renumber_event, alter_patient, drop_check, lists_for_tables]
)
def test_a_file_edited_by_hand_is_corrupt_for_that_session_only_and_is_left_as_it_is(two: Store, edit: Any) -> None:
    tables = json.loads(file_of(two).read_text())
    edit(tables)
    file_of(two).write_text(json.dumps(tables))
    refuses(two, Corrupt)


def test_an_event_added_by_a_plain_tinydb_is_not_taken_for_a_tap(two: Store) -> None:
    with TinyDB(file_of(two), encoding="utf-8") as db:
        db.table("events").insert(Document({"id": "e3"}, doc_id=3))
    refuses(two, Corrupt)


def test_a_session_copied_under_another_name_is_corrupt(two: Store) -> None:
    file_of(two).write_bytes(file_of(two, OTHER).read_bytes())
    refuses(two, Corrupt)


def test_a_file_with_other_spacing_and_order_of_keys_is_the_same_session(two: Store) -> None:
    before = two.load(SESSION)
    tables = json.loads(file_of(two).read_text())
    file_of(two).write_text(json.dumps(tables, indent=2, sort_keys=True))
    assert two.load(SESSION) == before


def test_one_flipped_bit_never_changes_what_is_read(store: Store) -> None:
    store.create(HEAD, [SCAN])
    whole, record = file_of(store).read_bytes(), store.load(SESSION)
    for place in range(len(whole)):
        file_of(store).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            assert store.load(SESSION) == record, place
        except (Corrupt, Newer):
            continue


def test_a_session_of_a_later_version_is_refused_as_newer_and_left_as_it_is(two: Store) -> None:
    tables = json.loads(file_of(two).read_text())
    tables["meta"]["1"] = {"schema": 2, "something": "unknown"}
    del tables["check"]
    file_of(two).write_text(json.dumps(tables))
    refuses(two, Newer)


def test_a_listener_hears_each_write_after_it_and_not_after_unsubscribing(store: Store) -> None:
    heard = []
    stop = store.listen(lambda session, version: heard.append((session, version, store.load(session).version)))
    store.create(HEAD, [SCAN])
    store.append(SESSION, [PUNCTURE])
    store.append(SESSION, [PUNCTURE])
    assert heard == [(SESSION, 1, 1), (SESSION, 2, 2)]
    stop()
    stop()
    store.append(SESSION, [{"id": "e3"}])
    assert len(heard) == 2


def test_a_listener_that_fails_or_taps_itself_hinders_no_tap(store: Store) -> None:
    heard = []

    def fail(session: str, version: int) -> None:
        raise RuntimeError

    def tap_once_more(session: str, version: int) -> None:
        heard.append(version)
        if version == 2:
            store.append(session, [{"id": "e3"}])

    store.listen(fail)
    store.listen(tap_once_more)
    store.create(HEAD, [SCAN])
    assert store.append(SESSION, [PUNCTURE]).version == 2
    assert heard == [1, 2, 3]
    assert store.load(SESSION).version == 3

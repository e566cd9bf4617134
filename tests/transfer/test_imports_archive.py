"""The archive: out of one data folder, into another, equal; and every way in which a file may not be one."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core import clock, protocols
from core.records import index
from core.records import sessions as records
from core.store import Store
from core.transfer import archive_file, export_archive, export_json, exports, import_archive
from core.transfer.import_archive import ImportPlan
from core.transfer.progress import BadImport
from tests.helpers.kept import AFTER, INJECTED, add, cervical, keep, stored, with_everything
from tests.helpers.tables import LUMBAR, LUMBAR_TEXT

Json = dict[str, Any]


def archive(*sessions: str) -> bytes:
    out = io.BytesIO()
    assert [step.problem for step in export_archive.write(records.store(), list(sessions), out)] == [""] * len(sessions)
    return out.getvalue()


@pytest.fixture
def other(tmp_path: Path) -> Store:
    """The empty store of another Interspace."""
    return Store(tmp_path / "other")


def planned(kept: Store, data: bytes) -> ImportPlan:
    *_, made = import_archive.plan(kept, data)
    assert isinstance(made, ImportPlan)
    return made


def imported(kept: Store, data: bytes) -> ImportPlan:
    made = planned(kept, data)
    steps = list(import_archive.write(kept, made))
    assert [step.done for step in steps] == list(range(1, len(made.of("new")) + len(made.of("more")) + 1))
    return made


def changed(data: bytes, change: Callable[[Json], Any]) -> bytes:
    content = json.loads(data)
    change(content)
    return json.dumps(content).encode()


def test_records_come_back_equal_with_heads_entries_times_of_receipt_and_protocols(data: Path, other: Store):
    sessions = [with_everything(), cervical(), keep([*INJECTED, *AFTER], drill=True)]
    plan = imported(other, archive(*sessions))
    assert len(plan.of("new")) == 3
    assert stored(other.folder) == stored(data)
    for session in sessions:
        assert export_json.export(other, session) == export_json.export(records.store(), session)
        assert records.read(other, session) == records.read(records.store(), session)


def test_exporting_what_was_imported_gives_the_same_file(data: Path, other: Store):
    first = archive(with_everything(), cervical())
    imported(other, first)
    out = io.BytesIO()
    list(export_archive.write(other, [record["session"] for record in json.loads(first)["records"]], out))
    again = json.loads(out.getvalue())
    assert again | {"exported_at": 0} == json.loads(first) | {"exported_at": 0}


def test_importing_a_second_time_adds_nothing(data: Path, other: Store):
    packed = archive(with_everything(), cervical())
    imported(other, packed)
    before = stored(other.folder)
    assert len(imported(other, packed).of("same")) == 2
    assert stored(other.folder) == before


def test_entries_that_a_record_lacks_are_added_and_those_that_only_it_has_stay(data: Path, other: Store):
    session = keep(INJECTED)
    imported(other, archive(session))
    add(session, {"kind": "note", "at": 700, "data": {"text": "here"}})
    theirs = other.load(session).events[-1] | {"id": "theirs", "kind": "note", "data": {"text": "there"}}
    other.append(session, [theirs])
    (more,) = imported(other, archive(session)).of("more")
    assert more.entries == 1
    assert [entry["data"].get("text") for entry in other.load(session).events if entry["kind"] == "note"] == [
        "there",
        "here",
    ]


def test_an_entry_that_differs_from_the_stored_one_is_refused_and_neither_is_changed(data: Path, other: Store):
    session, fine = keep(INJECTED), cervical()
    content = archive(session, fine)
    imported(other, content)
    before = stored(other.folder)

    def change(content: Json) -> None:
        content["records"][0]["events"][-1]["at"] += 1

    (refused,) = imported(other, changed(content, change)).of("refused")
    assert f"Record 1 ({session}): its entry scenario-" in refused.why
    assert "differs from the stored one" in refused.why
    assert stored(other.folder) == before


def test_a_record_stored_under_another_version_of_its_protocol_is_refused(data: Path, other: Store):
    session = keep(INJECTED)
    text = LUMBAR_TEXT.replace('version = "', 'version = "site-', 1)
    sha, head = protocols.text_hash(text), records.store().load(session).head
    other.keep_protocol(sha, text)
    other.create(head | {"hash": sha}, [])
    (refused,) = planned(other, archive(session)).of("refused")
    assert "stored here under another version of its protocol" in refused.why


def zipped(how: int = zipfile.ZIP_DEFLATED, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("_", "."), content)
    return out.getvalue()


def test_the_zip_that_a_browser_saved_comes_back_too(data: Path, other: Store):
    cervical()
    out = io.BytesIO()
    list(exports.download("archive", records.store(), index.index().rows(), out))
    imported(other, out.getvalue())
    assert stored(other.folder) == stored(data)


def test_a_zip_that_would_unpack_to_more_than_is_allowed_is_refused_unread(
    other: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(archive_file, "BYTES_MAX", 1_000_000)
    with pytest.raises(BadImport, match="Expected at most 0 MB, found 1 MB: export in parts"):
        planned(other, zipped(a_json=b" " * 2_000_000))


def test_a_small_zip_is_unpacked_into_no_more_than_what_is_in_it(other: Store):
    size = 32 * 2**20
    packed = zipped(a_json=b'{"format":' + b" " * size)
    tracemalloc.start()
    try:
        with pytest.raises(BadImport, match="no whole JSON"):
            planned(other, packed)
        assert tracemalloc.get_traced_memory()[1] < 1.5 * size
    finally:
        tracemalloc.stop()


def test_a_zip_that_states_less_than_it_holds_is_refused(other: Store):
    packed, size = zipped(a_json=b" " * 1_000_000), (1_000_000).to_bytes(4, "little")
    assert size in packed
    with pytest.raises(BadImport, match="Expected a whole zip"):
        planned(other, packed.replace(size, (1000).to_bytes(4, "little")))


WHOLE = {
    "a zip cut off": (lambda packed: zipped(a_json=packed)[:-40], "Expected a whole zip"),
    "a zip without an archive": (
        lambda packed: zipped(a_csv=packed),
        "Expected a zip with one .json file in it, found 0",
    ),
    "a zip of two": (lambda packed: zipped(a_json=packed, b_json=packed), "with one .json file in it, found 2"),
    "a zip of another packing": (lambda packed: zipped(zipfile.ZIP_BZIP2, a_json=packed), "packed in the common way"),
    "a zip of something else": (lambda packed: zipped(a_json=b"{}"), "found other JSON"),
    "an empty file": (lambda packed: b"", "found an empty file"),
    "cut off": (lambda packed: packed[: len(packed) // 2], "It may have been cut off while it was copied"),
    "no JSON": (lambda packed: b"session;patient\r\n1;P-006", "found text that is no whole JSON"),
    "other JSON": (lambda packed: b'{"resourceType": "Bundle"}', "found other JSON"),
    "a list": (lambda packed: b"[1, 2]", "found other JSON"),
    "a later schema": (
        lambda packed: changed(packed, lambda content: content.update(schema=2)),
        "found 2: a later Interspace",
    ),
    "a key that is none": (
        lambda packed: changed(packed, lambda content: content.update(surprise=1)),
        "unknown field `surprise`",
    ),
    "a record lost": (
        lambda packed: changed(packed, lambda content: content["records"].pop()),
        "Expected 2 records, found 1",
    ),
    "brackets in brackets": (lambda packed: b'{"format":' + b"[" * 200_000, "nested too deep"),
    "bytes of an image": (lambda packed: b"\x89PNG\r\n\x1a\n\x00\x00", "no whole JSON"),
}


@pytest.mark.parametrize(("spoil", "words"), WHOLE.values(), ids=WHOLE)
def test_a_file_that_is_no_whole_archive_gets_one_sentence_and_nothing_is_written(
    data: Path, other: Store, spoil: Callable[[bytes], bytes], words: str
):
    packed = archive(with_everything(), cervical())
    with pytest.raises(BadImport) as error:
        planned(other, spoil(packed))
    (sentence,) = error.value.problems
    assert words in sentence
    assert sentence.startswith("Expected ")
    assert stored(other.folder) == {}


def hostile_protocol(content: Json) -> None:
    text = LUMBAR_TEXT.replace('start = "ready"', 'start = "nowhere"', 1)
    sha = protocols.text_hash(text)
    content["protocols"] = {sha: text}
    content["records"][0]["head"]["hash"] = sha
    content["records"][0]["events"][0]["data"]["hash"] = sha


def of(*path: str | int, to: Any) -> Callable[[Json], None]:
    """A change of one place of the first record."""

    def change(content: Json) -> None:
        place: Any = content["records"][0]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


RECORDS = {
    "a name as an id": (of("session", to="../../etc/passwd"), "expected the head of session ../../etc"),
    "an id that leads out": (lambda t: leads_out(t), "session id looks like"),
    "no events": (of("events", to=None), "expected a record, found: events"),
    "an entry that is none": (of("events", 3, "kind", to="surprise"), "This entry cannot be read: kind"),
    "a moment that is text": (of("events", 3, "at", to="now"), "This entry cannot be read: at"),
    "an entry of another session": (of("events", 3, "session", to="20260101-other"), "found one of 20260101-other"),
    "an entry twice": (lambda t: t["records"][0]["events"].append(t["records"][0]["events"][2]), "found an id twice"),
    "no opening": (lambda t: t["records"][0]["events"].pop(0), "expected one opening, found 0"),
    "a dose that is none": (of("events", 0, "data", "dose", to=-4), "Dose: expected a whole number from 1 to"),
    "a dose that is text": (of("events", 0, "data", "dose", to="2"), "Dose: expected a whole number from 1 to"),
    "a patient's name": (of("events", 0, "data", "patient", to="Anna <b>Schmidt</b>"), "Patient code: expected a code"),
    "no patient": (lambda t: t["records"][0]["events"][0]["data"].pop("patient"), "Patient code: expected a code"),
    "an operator of two lines": (of("events", 0, "data", "operator", to="AK\nBL"), "Operator: expected initials"),
    "a name by amendment": (lambda t: amended(t, patient="Anna Schmidt"), "Patient code: expected a code"),
    "an opening of another version": (of("events", 0, "data", "hash", to="0" * 64), "its opening names another"),
    "a time in the future": (of("events", 3, "at", to=clock.now_ms() * 2), "an entry of the future"),
    "a protocol that was changed": (lambda t: t["protocols"].update({LUMBAR_SHA: "id = 1"}), "does not match its hash"),
    "a protocol left out": (lambda t: t["protocols"].clear(), "found none"),
    "a protocol that is none": (lambda t: another_text(t, "id = 1"), "its protocol cannot be read"),
    "a protocol whose states lead nowhere": (hostile_protocol, "cannot be read with its protocol"),
    "another protocol's name": (of("head", "protocol", to="thoracic"), "found the text of lumbar-nusinersen"),
}
LUMBAR_SHA = protocols.text_hash(LUMBAR_TEXT)


def amended(content: Json, **opening: Any) -> None:
    """Adds an amendment of the first record's opening."""
    entries = content["records"][0]["events"]
    data = {"of": entries[0]["id"], "set": opening, "reason": "typed"}
    entries.append(entries[-1] | {"id": "amendment", "kind": "amend", "data": data})


def leads_out(content: Json) -> None:
    for path in (("session",), ("head", "session")):
        of(*path, to="../../x")(content)


def another_text(content: Json, text: str) -> None:
    sha = protocols.text_hash(text)
    content["protocols"][sha] = text
    of("head", "hash", to=sha)(content)
    of("events", 0, "data", "hash", to=sha)(content)


@pytest.mark.parametrize(("spoil", "words"), RECORDS.values(), ids=RECORDS)
def test_a_record_that_cannot_be_read_is_refused_with_a_sentence_and_the_others_come_in(
    data: Path, other: Store, spoil: Callable[[Json], Any], words: str
):
    bad, good = keep(INJECTED, patient="P-001"), cervical()
    packed = archive(bad, good)
    left = json.loads(packed)["protocols"]
    for sha in left:
        if sha != LUMBAR_SHA:
            other.keep_protocol(sha, left[sha])
    plan = imported(other, changed(packed, spoil))
    (refused,) = plan.of("refused")
    assert refused.why.startswith("Record 1")
    assert words in refused.why
    assert list(stored(other.folder)) == [good]


def test_a_record_that_stands_twice_in_the_file_is_taken_once(data: Path, other: Store):
    packed = changed(
        archive(keep(INJECTED)),
        lambda content: (content["records"].append(content["records"][0]), content.update(count=2)),
    )
    plan = imported(other, packed)
    assert [record.state for record in plan.records] == ["new", "refused"]
    assert "stands twice in this file" in plan.records[1].why


def test_a_record_that_cannot_be_read_is_left_out_of_the_archive_and_told(data: Path, other: Store):
    good, torn = keep(INJECTED, patient="P-001"), keep(INJECTED, patient="P-002")
    path = next(data.glob(f"sessions/*/{torn}.json"))
    path.write_bytes(path.read_bytes()[:200])
    out = io.BytesIO()
    problems = [step.problem for step in export_archive.write(records.store(), [torn, good], out)]
    assert torn in problems[0]
    assert problems[1] == ""
    imported(other, out.getvalue())
    assert list(stored(other.folder)) == [good]


def test_its_dictionary_names_every_key_of_a_record_and_of_an_entry(data: Path):
    content = json.loads(archive(with_everything()))
    (record,) = content["records"]
    keys = {f"event.{key}" for event in record["events"] for key in event} - {"event.session"}
    assert keys <= set(content["dictionary"])
    assert set(record) - {"session"} <= set(content["dictionary"])
    assert LUMBAR.id in content["protocols"][LUMBAR_SHA]


# ------------------------------------------------------------------------------- what other programs make of an archive
def in_a_zip(data: bytes, *others: str, name: str = "archive.json") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, data)
        for other in others:
            packed.writestr(other, b"\x00\x05\x16\x07")
    return out.getvalue()


TOUCHED: dict[str, Callable[[bytes], bytes]] = {
    "a byte-order mark": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "UTF-16, no mark": lambda data: data.decode().encode("utf-16-le"),
    "UTF-16, the other way round": lambda data: b"\xfe\xff" + data.decode().encode("utf-16-be"),
    "line ends": lambda data: b"\r\n " + data + b"\r\n",
    "zipped on a Mac": lambda data: in_a_zip(data, "__MACOSX/._archive.json", ".DS_Store"),
    "a folder zipped": lambda data: in_a_zip(data, "records/", "__MACOSX/records/._a.json", name="records/a.JSON"),
    "a mark within a zip": lambda data: in_a_zip(b"\xef\xbb\xbf" + data),
    "UTF-16 within a zip": lambda data: in_a_zip(data.decode().encode("utf-16")),
}


@pytest.mark.parametrize("touch", TOUCHED.values(), ids=TOUCHED)
def test_an_archive_that_another_program_has_saved_is_read(data: Path, other: Store, touch: Callable[[bytes], bytes]):
    sessions = [with_everything()]
    touched = touch(archive(*sessions))
    assert archive_file.is_archive(touched)
    assert len(imported(other, touched).of("new")) == 1
    assert export_json.export(other, sessions[0]) == export_json.export(records.store(), sessions[0])


@pytest.mark.parametrize(
    ("touched", "sentence"),
    [
        (in_a_zip(b"{}", name="archive.zip"), "one .json file in it, found 0: archive.zip"),
        (in_a_zip(b"{}", "other.json"), "found 2: archive.json, other.json"),
        (in_a_zip(b"{}", name="__MACOSX/._a.json"), "one .json file in it, found 0."),
    ],
)
def test_a_zip_that_holds_something_else_says_what(other: Store, touched: bytes, sentence: str):
    with pytest.raises(BadImport) as error:
        planned(other, touched)
    assert sentence in error.value.problems[0]


def test_a_zip_with_a_password_says_so(other: Store):
    locked = bytearray(in_a_zip(b"{}"))
    for header, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(header) + flag] |= 1
    with pytest.raises(BadImport) as error:
        planned(other, bytes(locked))
    assert "without a password" in error.value.problems[0]

"""Every scenario that cannot be read: exit 2, one sentence with file and place, nothing printed, nothing stored."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from tests.helpers.tables import HEAD, mark

PUNCTURE = mark(0, "skin_puncture", interspace="L2-L3")
NOTE = {"t": "00:00:00", "note": "x"}
GOOD: dict[str, Any] = HEAD | {"events": [NOTE]}
TEXT = json.dumps(GOOD)


def without(content: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != key}


# what it is: (the file's text, or its keys; the place in the sentence)
FILES: dict[str, tuple[str | bytes | dict[str, Any] | list[Any], str]] = {
    "nothing": ("", "line 1"),
    "no JSON": ('{"protocol": ', "line 1, column 14"),
    "two documents": (TEXT + TEXT, "line 1"),
    "no object": ([GOOD], "the file"),
    "not UTF-8": (TEXT.encode().replace(b"P-001", b"P-\xff"), "byte"),
    "a byte order mark": (b"\xef\xbb\xbf" + TEXT.encode(), "line 1"),
    "a key twice": (TEXT.replace('"dose": 1', '"dose": 1, "dose": 2'), '"dose"'),
    "a key of an entry twice": (TEXT.replace('"note": "x"', '"note": "x", "note": "y"'), '"note"'),
    "NaN": (TEXT.replace('"dose": 1', '"dose": NaN'), '"NaN"'),
    "Infinity": (TEXT.replace('"dose": 1', '"dose": -Infinity'), '"-Infinity"'),
    "deep nesting": (TEXT.replace('"x"', "[" * 100_000), "nested too deep"),
    "nesting that can be read": (TEXT.replace('"x"', "[" * 300 + "]" * 300), "events[0].note"),
    "a number of thousands of digits": (TEXT.replace('"dose": 1', f'"dose": {"9" * 5000}'), "readable size"),
    "a number beyond all numbers": (TEXT.replace('"dose": 1', '"dose": 1e999'), "dose"),
    "a huge dose": (GOOD | {"dose": 10**30}, "dose"),
    **{f"no {key}": (without(GOOD, key), key) for key in ("protocol", "patient", "dose", "events")},
    "an unknown key": (GOOD | {"doses": 1}, '"doses"'),
    "an unknown protocol": (GOOD | {"protocol": "cervical"}, "protocol"),
    "a protocol that is a list": (GOOD | {"protocol": ["lumbar-nusinersen"]}, "protocol"),
    "a patient's name": (GOOD | {"patient": "Ann Lee"}, "patient"),
    "a patient's code that begins with a dash": (GOOD | {"patient": "-1"}, "patient"),
    "a patient's code of 33 characters": (GOOD | {"patient": "P" * 33}, "patient"),
    "a patient's code that ends in a line break": (GOOD | {"patient": "P-1\n"}, "patient"),
    "a patient's code in other letters": (GOOD | {"patient": "Ｐ１"}, "patient"),
    "a patient that is a number": (GOOD | {"patient": 6}, "patient"),
    "dose 0": (GOOD | {"dose": 0}, "dose"),
    "dose true": (GOOD | {"dose": True}, "dose"),
    "dose 1.0": (GOOD | {"dose": 1.0}, "dose"),
    "dose as text": (GOOD | {"dose": "1"}, "dose"),
    "an operator that is a number": (GOOD | {"operator": 1}, "operator"),
    "an operator with a control character": (GOOD | {"operator": "A\x07K"}, "operator"),
    "a recorder on two lines": (GOOD | {"recorder": "A\nB"}, "recorder"),
    "a drill that is 1": (GOOD | {"drill": 1}, "drill"),
    "a start without zone": (GOOD | {"start": "2026-01-31T09:00:00"}, "start"),
    "a start that is not UTC": (GOOD | {"start": "2026-01-31T09:00:00+01:00"}, "start"),
    "a start that is a number": (GOOD | {"start": 1_700_000_000}, "start"),
    "values that are a list": (GOOD | {"values": []}, "values"),
    "an unknown value": (GOOD | {"values": {"height": 1}}, "values.height"),
    "a value of the wrong type": (GOOD | {"values": {"weight_kg": "34"}}, "values.weight_kg"),
    "a number that is true": (GOOD | {"values": {"weight_kg": True}}, "values.weight_kg"),
    "yes or no that is 1": (GOOD | {"values": {"sedation": 1}}, "values.sedation"),
    "half a point": (GOOD | {"values": {"chop_intend": 31.5}}, "values.chop_intend"),
    "a huge value": (GOOD | {"values": {"weight_kg": 10**400}}, "values.weight_kg"),
    "a value that is null": (GOOD | {"values": {"weight_kg": None}}, "values.weight_kg"),
    "events that are an object": (GOOD | {"events": {}}, "events"),
}
# what it is: (the entries, the place in the sentence)
EVENTS: dict[str, tuple[list[Any], str]] = {
    "an entry that is a text": (["scan_started"], "events[0]"),
    "an entry of no kind": ([{"t": "00:00:00"}], "events[0]"),
    "two kinds in one entry": ([NOTE, NOTE | {"mark": "scan_started"}], "events[1]"),
    "no t": ([{"note": "x"}], "events[0]"),
    "an unknown key in an entry": ([NOTE | {"colour": "red"}], "events[0]"),
    "t in other digits": ([NOTE | {"t": "００:00:00"}], "events[0].t"),
    "t without seconds": ([NOTE | {"t": "00:00"}], "events[0].t"),
    "t with 60 seconds": ([NOTE | {"t": "00:00:60"}], "events[0].t"),
    "t below zero": ([NOTE | {"t": "-00:00:01"}], "events[0].t"),
    "t with a line break": ([NOTE | {"t": "00:00:00\n"}], "events[0].t"),
    "t as a number": ([NOTE | {"t": 0}], "events[0].t"),
    "t that decreases": ([NOTE | {"t": "00:00:02"}, NOTE | {"t": "00:00:01"}], "events[1].t"),
    "at after t": ([NOTE | {"t": "00:00:02", "at": "00:00:03"}], "events[0].at"),
    "at that is no time": ([NOTE | {"at": "earlier"}], "events[0].at"),
    "an unknown mark": ([mark(0, "scan_begun")], "events[0].mark"),
    "a mark that is a list": ([{"t": "00:00:00", "mark": ["scan_started"]}], "events[0].mark"),
    "a key that this mark does not carry": ([mark(0, "withdrawn", interspace="L2-L3")], "events[0]"),
    "a puncture without interspace": ([mark(0, "skin_puncture")], "events[0].interspace"),
    "a puncture of no interspace": ([mark(0, "skin_puncture", interspace=None)], "events[0].interspace"),
    "an interspace that is not offered": ([mark(0, "skin_puncture", interspace="T12-L1")], "events[0].interspace"),
    "a cervical interspace": ([mark(0, "skin_puncture", interspace="C5-C6")], "events[0].interspace"),
    "an interspace in small letters": ([mark(0, "skin_puncture", interspace="l2-l3")], "events[0].interspace"),
    "an unknown approach": ([PUNCTURE | {"approach": "midline"}], "events[0].approach"),
    "a change to nobody": ([mark(0, "operator_changed")], "events[0].operator"),
    "an amount that is a text": ([mark(0, "lidocaine_given", lidocaine_ml="3")], "events[0].lidocaine_ml"),
    "an amount that is true": ([mark(0, "csf_collected", csf_ml=True)], "events[0].csf_ml"),
    "an unknown check": ([{"t": "00:00:00", "check": "everything"}], "events[0].check"),
    "an unknown complication": ([{"t": "00:00:00", "complication": "bad luck"}], "events[0].complication"),
    "a complication's text that is a number": (
        [{"t": "00:00:00", "complication": "other", "text": 1}],
        "events[0].text",
    ),
    "a value without is": ([{"t": "00:00:00", "value": "weight_kg"}], "events[0].is"),
    "is of the wrong type": ([{"t": "00:00:00", "value": "weight_kg", "is": [34]}], "events[0].is"),
    "is where it does not belong": ([NOTE | {"is": 3}], "events[0]"),
    "a note that is a number": ([NOTE | {"note": 1}], "events[0].note"),
    "a note of 2001 characters": ([NOTE | {"note": "x" * 2001}], "events[0].note"),
    "a note with a control character": ([NOTE | {"note": "a\x1b[2Jb"}], "events[0].note"),
    "a note with half a character": ([NOTE | {"note": "\ud83d"}], "events[0].note"),
    "a reason that is a list": ([NOTE | {"reason": []}], "events[0].reason"),
    "a device with a space": ([NOTE | {"device": "tablet 1"}], "events[0].device"),
    "by that is too long": ([NOTE | {"by": "x" * 65}], "events[0].by"),
    "an undo of itself": ([NOTE, {"t": "00:00:00", "undo": 1}], "events[1].undo"),
    "an undo of a later one": ([{"t": "00:00:00", "undo": 1}, NOTE], "events[0].undo"),
    "an undo of -1": ([NOTE, {"t": "00:00:00", "undo": -1}], "events[1].undo"),
    "an undo of true": ([NOTE, NOTE, {"t": "00:00:00", "undo": True}], "events[2].undo"),
    "an undo of 0.0": ([NOTE, {"t": "00:00:00", "undo": 0.0}], "events[1].undo"),
}
CASES = [*FILES.items(), *((name, (GOOD | {"events": events}, place)) for name, (events, place) in EVENTS.items())]


@pytest.mark.parametrize(("content", "place"), [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_it_is_refused_in_one_sentence_and_leaves_no_trace(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str | bytes | dict[str, Any],
    place: str,
):
    monkeypatch.setenv("INTERSPACE_DATA", str(tmp_path / "data"))
    path = tmp_path / "scenario.json"
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    for words in (["replay", str(path)], ["replay", "--save", str(path)]):
        assert main(words) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert len(err.splitlines()) == 1
        assert err.startswith("scenario.json: ")
        assert place in err
        assert "expected" in err
        assert "found" in err
    assert not (tmp_path / "data").exists()


def test_what_all_of_these_were_made_from_is_a_good_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "scenario.json"
    for events in ([NOTE], [PUNCTURE]):
        path.write_text(json.dumps(GOOD | {"events": events}))
        assert main(["replay", str(path)]) == 0
        assert capsys.readouterr().err == ""


def test_a_file_that_is_missing_and_a_folder_are_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for path, reason in ((tmp_path / "absent.json", "No such file"), (tmp_path, "directory")):
        assert main(["replay", str(path)]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"{path.name}: expected a readable file, found: ")
        assert reason in err

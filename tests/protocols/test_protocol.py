"""The protocol file: what ships is sound, and the loader refuses a bad one in sentences.

Bad files are the shipped text with one small replacement.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core import protocols
from core.__main__ import main
from core.protocols import wording
from tests.helpers.tables import LUMBAR, LUMBAR_TEXT

LIMIT_SOURCE = "source = \"P: 'If it failed thrice"
WINDOW = '[[window]]\nid = "injection_fast"\nclock = "injection"\nbelow_s = 60\n'
WEIGHT = 'unit = "kg"\nmin = 1\nmax = 250\nstep = 0.1\nsource = "site"\n'

NUMBERS = (
    "limit",
    "groups",
    "min",
    "max",
    "usual",
    "red_below",
    "amber_below",
    "below_s",
    "above_s",
    "advise_s",
    "hours",
    "factor",
    "at_least",
    "two_devices_s",
    "late_h",
    "ahead_s",
    "forgotten_h",
    "left_h",
    "same_tablet_s",
)

# (what it is, the text that is replaced, by what, parts of the sentence: place, what was expected, what was found)
REFUSED = [
    (
        "an unknown key at the top",
        'region = "lumbar"',
        'region = "lumbar"\nlimits = 3',
        ["[limits]", "expected one of", "unknown key"],
    ),
    (
        "an unknown key in a table",
        'label = "Skin puncture"',
        'labl = "Skin puncture"',
        ["[mark.skin_puncture]", "expected", "found 'labl'"],
    ),
    (
        "an unknown key in an array table",
        "limit = 3\n",
        "limt = 3\n",
        ["[[counter]] 2 'failures'", "expected", "found 'limt'"],
    ),
    (
        "an unknown key in a ceiling",
        "limit = 300\n",
        "limit = 300\nlimt = 3\n",
        ["[[total]] 1 'lidocaine'", "ceiling", "expected", "found 'limt'"],
    ),
    (
        "an id that is no id",
        "[mark.withdrawn]",
        '[mark."With drawn"]',
        ["[mark.With drawn]", "expected an id", "found"],
    ),
    (
        "an id twice in an array of tables",
        'id = "injection_slow"',
        'id = "injection_fast"',
        ["[[window]] 'injection_fast'", "expected every id once", "found it 2 times"],
    ),
    (
        "a counter and a run of the same name",
        'runs = "interspaces_used"',
        'runs = "failures"',
        ["summary", "expected every name once", "'failures' 2 times"],
    ),
    (
        "an option twice",
        '{ id = "L1-L2", label = "L1–L2" }',
        '{ id = "L2-L3", label = "L1–L2" }',
        ["[value.interspace] options", "expected every id once", "found 'L2-L3' 2 times"],
    ),
    (
        "a table declared twice",
        "[mark.withdrawn]",
        "[mark.skin_puncture]",
        ["expected every id once", "found it twice", "skin_puncture", "line"],
    ),
    (
        "a mark that nothing defines, in a state",
        'open = { scan_started = "scanned"',
        'open = { scan_begun = "scanned"',
        ["[state.ready].open", "expected a mark that is defined", "found 'scan_begun'"],
    ),
    (
        "a mark that nothing defines, in a counter",
        'counts = "withdrawn"',
        'counts = "withdraw"',
        ["[[counter]] 'failures'.counts", "expected a mark that is defined", "found 'withdraw'"],
    ),
    (
        "a mark that nothing defines, in a clock",
        'to = "csf_outflow"',
        'to = "outflow"',
        ["[[clock]] 'puncture'.to", "expected a mark that is defined", "found 'outflow'"],
    ),
    (
        "a state that nothing defines",
        'start = "ready"',
        'start = "begin"',
        ["start", "expected a state that is defined", "found 'begin'"],
    ),
    (
        "a state that nothing reaches",
        "[state.done]",
        '[state.lost]\nlabel = "lost"\nphases = ["after"]\n\n[state.done]',
        ["[state.lost]", "expected a mark that leads to it", "never reached"],
    ),
    (
        "a mark that can never be tapped",
        "[mark.withdrawn]",
        '[mark.rested]\nlabel = "Rested"\n\n[mark.withdrawn]',
        ["[mark.rested]", "expected a state in which it is open", "never be tapped"],
    ),
    (
        "a mark open twice over in one state",
        'open = { needle_removed = "needle_out" }',
        'open = { needle_removed = "needle_out", withdrawn = "needle_out" }',
        ["[state.injected]", "expected 'withdrawn' once", "found it as open and again as astray"],
    ),
    (
        "two marks on a button that never follow each other",
        'marks = ["compression_ended", "supine_started"]',
        'marks = ["compression_ended", "csf_outflow"]',
        ["[[action]] 'end_compression_start_supine'", "expected 'csf_outflow' to be open", "found no state"],
    ),
    (
        "a limit without a source",
        LIMIT_SOURCE,
        f"# {LIMIT_SOURCE}",
        ["[[counter]] 2 'failures'", "expected", "'source'", "found none"],
    ),
    (
        "a window without a source",
        'cue = true }\nsource = "L: 60 to 180 s"\n',
        "cue = true }\n",
        ["[[window]] 1 'injection_fast'", "expected", "'source'", "found none"],
    ),
    (
        "a range without a source",
        WEIGHT,
        WEIGHT.replace('source = "site"\n', ""),
        ["[value.weight_kg]", "expected a source", "found none"],
    ),
    (
        "a usual amount without a source",
        'usual = 5\nsource = "P: 5 mL; range: site"\n',
        "usual = 5\n",
        ["[value.csf_ml]", "expected a source", "found none"],
    ),
    (
        "a source that is not listed",
        'source = "L: use within 4 h',
        'source = "K: use within 4 h',
        ["[[window]] 'drug_old'.source", "expected it to begin with one of", "found 'K: use"],
    ),
    (
        "seconds of recording from nowhere",
        'source = "site: a tap reaches',
        'source = "someone: a tap reaches',
        ["[recording].source", "expected it to begin with one of", "found 'someone"],
    ),
    (
        "a limit without a unit",
        'unit = "unsuccessful insertions"\n',
        "",
        ["[[counter]] 'failures'", "expected a unit", "found none"],
    ),
    (
        "a range without a unit",
        WEIGHT,
        WEIGHT.replace('unit = "kg"\n', ""),
        ["[value.weight_kg]", "expected a unit", "found none"],
    ),
    (
        "a value upside down",
        WEIGHT,
        WEIGHT.replace("max = 250", "max = 0.5"),
        ["[value.weight_kg]", "expected min ≤", "found 1, 0.5", "upside down"],
    ),
    (
        "an amber bound below the red one",
        "red_below = 40",
        "red_below = 60",
        ["[value.platelets]", "expected min ≤ red_below ≤ amber_below", "upside down"],
    ),
    (
        "windows of one clock upside down",
        "above_s = 180",
        "above_s = 59",
        ["[[window]] 'injection_slow'", "expected above_s of more than 60", "found 59", "upside down"],
    ),
    (
        "advice upside down",
        "advise_s = [60, 120]",
        "advise_s = [120, 60]",
        ["[[window]] 'injection_advised'", "expected advise_s from low to high", "found 120 to 60", "upside down"],
    ),
    (
        "a usual amount out of its range",
        "usual = 3\n",
        "usual = 30\n",
        ["[value.lidocaine_ml]", "expected usual between 0 and 20", "found 30"],
    ),
    (
        "text where a number belongs",
        "limit = 3\n",
        'limit = "3"\n',
        ["[[counter]] 2 'failures'", "limit", "expected `int", "found '3'"],
    ),
    (
        "True where a number belongs",
        "limit = 3\n",
        "limit = true\n",
        ["[[counter]] 2 'failures'", "limit", "expected `int", "found 'True'"],
    ),
    (
        "True where seconds belong",
        "below_s = 1200",
        "below_s = true",
        ["[[window]] 4 'compression_short'", "below_s", "expected `float", "found 'True'"],
    ),
    (
        "a limit of nothing",
        "limit = 3\n",
        "limit = 0\n",
        ["[[counter]] 2 'failures'", "limit", "expected", "found '0'"],
    ),
    (
        "a bound without end",
        "max = 250\nstep = 0.1",
        "max = inf\nstep = 0.1",
        ["[value.weight_kg]", "max", "expected a finite number", "found inf"],
    ),
    (
        "a bound that is no number",
        "at_least = 18",
        "at_least = nan",
        ["[[total]] 1 'lidocaine'", "at_least", "expected a finite number", "found nan"],
    ),
    (
        "a date where words belong",
        f'version = "{LUMBAR.version}"',
        "version = 2026-01-31",
        ["version", "expected `str`", "found '2026-01-31'"],
    ),
    (
        "a prompt that is not defined",
        'prompt = "change_interspace"',
        'prompt = "change_level"',
        ["[[counter]] 'failures'.prompt", "expected a prompt that is defined", "found 'change_level'"],
    ),
    (
        "a phase that is not defined",
        'phases = ["preparation", "positioning"]',
        'phases = ["preparing"]',
        ["[state.ready].phases", "expected a phase that is defined", "found 'preparing'"],
    ),
    (
        "a clock that is not defined",
        WINDOW,
        WINDOW.replace('"injection"', '"inject"'),
        ["[[window]] 'injection_fast'.clock", "expected a clock that is defined", "found 'inject'"],
    ),
    (
        "a value that is not defined",
        'needs = ["interspace"]',
        'needs = ["level"]',
        ["[mark.skin_puncture].needs", "expected a value that is defined", "found 'level'"],
    ),
    (
        "an unknown word in a prompt",
        "{count} unsuccessful",
        "{number} unsuccessful",
        ["[prompt.change_interspace].text", "expected one of {bound}, {count}", "found '{number}'"],
    ),
    (
        "a form on a word in a prompt",
        "{count} unsuccessful",
        "{count:zz} unsuccessful",
        ["[prompt.change_interspace].text", "expected one of", "found '{count:zz}'"],
    ),
    (
        "an unknown word in a hint",
        'hint = "use within {drug_old}"',
        'hint = "use within {drug_new}"',
        ["[mark.drug_drawn].hint", "expected one of", "found '{drug_new}'"],
    ),
    (
        "an unknown word in a review",
        'double = "{what} at {t}',
        'double = "{what} at {time}',
        ["[review].double", "expected one of", "found '{time}'"],
    ),
    (
        "a brace left open",
        "{count} unsuccessful",
        "{count unsuccessful",
        ["[prompt.change_interspace].text", "expected", "found"],
    ),
    ("a missing key at the top", 'region = "lumbar"\n', "", ["expected the key 'region'", "found none"]),
    (
        "a missing key in a table",
        'label = "Skin puncture"\n',
        "",
        ["[mark.skin_puncture]", "expected the key 'label'", "found none"],
    ),
    (
        "a missing review sentence",
        'double = "{what}',
        '# double = "{what}',
        ["review", "expected the key 'double'", "found none"],
    ),
    (
        "limit without prompt",
        'prompt = "change_interspace"\n',
        "",
        ["[[counter]] 'failures'", "expected limit and prompt together", "found one without the other"],
    ),
    (
        "a window of two bounds",
        "below_s = 1200",
        "below_s = 1200\nabove_s = 1300",
        ["[[window]] 'compression_short'", "expected one of below_s, above_s, advise_s", "found 2"],
    ),
    (
        "options on a number",
        'type = "number"\nunit = "kg"',
        'type = "number"\noptions_of = "interspace"\nunit = "kg"',
        ["[value.weight_kg]", "expected no options", "found some"],
    ),
    (
        "a value named like a key of every entry",
        "[value.surgery_date]",
        "[value.device]",
        ["[value.device]", "expected another id", "found 'device'"],
    ),
    ("another schema", "schema = 1", "schema = 2", ["schema", "expected 1", "found 2"]),
]
UNREADABLE = [
    ("no TOML", "schema = 1", "schema = ", ["expected TOML", "found", "line 12"]),
    ("brackets without end", "schema = 1", f"schema = {'[' * 5000}", ["expected TOML", "found"]),
    ("a number of thousands of digits", "schema = 1", f"schema = {'9' * 5000}", ["expected TOML", "found"]),
]


def test_the_shipped_protocol_has_nothing_to_complain_of():
    assert protocols.parse(LUMBAR_TEXT) == LUMBAR


def test_every_number_of_the_shipped_protocol_has_a_source_beside_it():
    sourced = list(numbered(msgspec.to_builtins(LUMBAR), "lumbar"))
    assert {re.split(r"\W", place)[1] for place, _ in sourced} == {
        "recording",
        "ward",
        "value",
        "counter",
        "window",
        "total",
        "follow_up",
    }
    assert [place for place, source in sourced if not source.startswith((*LUMBAR.source, "site"))] == []


@pytest.mark.parametrize(("old", "new", "parts"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_the_loader_refuses_and_names_file_place_expected_and_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, parts: list[str]
):
    assert main(["check", str(edited(tmp_path, old, new))]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert any(all(part in line for part in ["lumbar.toml: ", *parts]) for line in err.splitlines()), err


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [case[1:] for case in UNREADABLE],
    ids=[case[0] for case in UNREADABLE],
)
def test_a_file_that_is_no_toml_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, parts: list[str]
):
    cannot_be_read(edited(tmp_path, old, new), capsys, ["lumbar.toml", *parts])


def test_a_file_that_is_not_utf_8_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "latin.toml"
    path.write_bytes(LUMBAR_TEXT.encode().replace("Nash–Moe".encode(), "Nash–Moe".encode("cp1252")))
    cannot_be_read(path, capsys, ["latin.toml", "expected UTF-8", "found byte"])


def test_a_missing_file_and_a_folder_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    cannot_be_read(tmp_path / "absent.toml", capsys, ["absent.toml", "expected a readable file", "found: No such file"])
    cannot_be_read(tmp_path, capsys, [tmp_path.name, "expected a readable file", "found: Is a directory"])


def test_every_problem_of_a_file_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "lumbar.toml"
    text = replaced(LUMBAR_TEXT, "advise_s = [60, 120]", "advise_s = [120, 60]")
    path.write_text(replaced(text, 'unit = "kg"\n', ""), encoding="utf-8")
    assert main(["check", str(path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("lumbar.toml: ") for line in lines)


def test_checking_the_shipped_file_prints_json_alone_and_ends_with_0(data: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["check", str(protocols.FOLDER / "lumbar-nusinersen.toml")]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"id": LUMBAR.id, "version": LUMBAR.version, "problems": []}
    assert err == ""


def test_a_hint_speaks_with_the_bound_that_the_protocol_holds():
    stricter = protocols.parse(replaced(LUMBAR_TEXT, "below_s = 1200", "below_s = 1500"))
    assert wording.filled(stricter, stricter.mark["compression_started"].hint) == "25 min"
    assert wording.filled(LUMBAR, LUMBAR.mark["injection_started"].hint) == "5 mL over 1 to 2 min"


def numbered(table: Any, place: str) -> Iterator[tuple[str, str]]:
    """(place, source) of every table that holds a clinical number."""
    if isinstance(table, dict):
        if any(table.get(key) is not None for key in NUMBERS):
            yield place, table.get("source", "")
        for key, inner in table.items():
            yield from numbered(inner, f"{place}.{key}")
    elif isinstance(table, list | tuple):
        for n, inner in enumerate(table, 1):
            yield from numbered(inner, f"{place}[{n}]")


def replaced(text: str, old: str, new: str) -> str:
    changed = text.replace(old, new, 1)
    assert changed != text, f"the shipped protocol holds no {old!r}"
    return changed


def edited(folder: Path, old: str, new: str) -> Path:
    path = folder / "lumbar.toml"
    path.write_text(replaced(LUMBAR_TEXT, old, new), encoding="utf-8")
    return path


def cannot_be_read(path: Path, capsys: pytest.CaptureFixture[str], parts: list[str]) -> None:
    assert main(["check", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert all(part in err for part in parts), err

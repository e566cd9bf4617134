"""The loader's sentences about evidence, what goes together, flags and the hand-over of the needle.

Bad files are the shipped cervical text with one small replacement.
"""

from pathlib import Path

import pytest

from core import protocols
from core.__main__ import main
from tests.helpers.tables import CERVICAL, CERVICAL_TEXT
from tests.protocols.test_protocol import replaced

EXPECT = 'mark = "level_imaged"\nbefore'
# (what it is, the text that is replaced, by what, parts of the sentence: place, what was expected, what was found)
REFUSED = [
    (
        "evidence that is both a mark and a check",
        EXPECT,
        f'check = "identity"\n{EXPECT}',
        ["[[expect]] 'level_image'", "expected one of mark, check, value", "found mark and check"],
    ),
    (
        "evidence that is nothing",
        EXPECT,
        "before",
        ["[[expect]] 'level_image'", "expected one of mark, check, value", "found none"],
    ),
    (
        "evidence by a mark that nothing defines",
        EXPECT,
        'mark = "level_seen"\nbefore',
        ["[[expect]] 'level_image'.mark", "expected a mark that is defined", "found 'level_seen'"],
    ),
    (
        "evidence before a mark that nothing defines",
        'before = "injectate_started"',
        'before = "injected"',
        ["[[expect]] 'level_image'.before", "expected a mark that is defined", "found 'injected'"],
    ),
    (
        "evidence made anew after a mark that nothing defines",
        'anew = ["target_changed"]',
        'anew = ["moved"]',
        ["[[expect]] 'level_image'.anew", "expected a mark that is defined", "found 'moved'"],
    ),
    (
        "evidence without its reason",
        'why = "The level is',
        'source2 = "The level is',
        ["[[expect]] 1 'level_image'", "expected", "found 'source2'"],
    ),
    (
        "evidence without a source",
        'can miscount it."\nsource = "F"',
        'can miscount it."',
        ["[[expect]] 1 'level_image'", "expected the key 'source'", "found none"],
    ),
    (
        "evidence twice",
        'id = "tip_image"',
        'id = "level_image"',
        ["[[expect]] 'level_image'", "expected every id once", "found it 2 times"],
    ),
    (
        "a level that is not offered goes with a target",
        '"C6-C7", "C7-T1"] }',
        '"C6-C7", "T1-T2"] }',
        ["[[fit]] 1.allowed", "expected an option of 'level'", "found 'T1-T2'"],
    ),
    (
        "levels of a target that is not offered",
        '"nerve root" = [',
        '"disc" = [',
        ["[[fit]] 1.allowed", "expected an option of 'target'", "found 'disc'"],
    ),
    (
        "what goes together with a value that nothing defines",
        'with = "target"',
        'with = "aim"',
        ["[[fit]] 1.with", "expected a value that is defined", "found 'aim'"],
    ),
    (
        "a flag for a choice that is not offered",
        'is = "ultrasound alone"',
        'is = "landmarks alone"',
        ["[[flag]] 'ultrasound_alone'.is", "expected an option of 'guidance'", "found 'landmarks alone'"],
    ),
    (
        "a flag whose reason nothing defines",
        'needs = "alone_reason"',
        'needs = "excuse"',
        ["[[flag]] 'ultrasound_alone'.needs", "expected a value that is defined", "found 'excuse'"],
    ),
    (
        "a change of operator that does not say to whom",
        'needs = ["operator"]',
        "needs = []",
        ["[mark.operator_changed].needs", "expected 'operator'", "found none"],
    ),
    (
        "levels of a value that nothing defines",
        'levels = ["level"]',
        'levels = ["height"]',
        ["levels", "expected a value that is defined", "found 'height'"],
    ),
    (
        "an alarm of a state with an unknown priority",
        'alarm = { priority = "high"',
        'alarm = { priority = "loud"',
        ["[state.blind]", "alarm.priority", "found 'loud'"],
    ),
]


def test_the_shipped_cervical_protocol_has_nothing_to_complain_of():
    assert protocols.parse(CERVICAL_TEXT) == CERVICAL


@pytest.mark.parametrize(("old", "new", "parts"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_the_loader_refuses_and_names_file_place_expected_and_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, parts: list[str]
):
    path = tmp_path / "neck.toml"
    path.write_text(replaced(CERVICAL_TEXT, old, new), encoding="utf-8")
    assert main(["check", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert any(all(part in line for part in ["neck.toml: ", *parts]) for line in err.splitlines()), err

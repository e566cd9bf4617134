"""[curve] of a protocol file: what does not go together is refused in a sentence; a file without it is good."""

from pathlib import Path

import pytest

from core import protocols
from tests.helpers.tables import CERVICAL, LUMBAR, LUMBAR_TEXT
from tests.protocols.test_protocol import replaced

FIGURES = 'figures = ["puncture", '
# (what it is, the text that is replaced, by what, place, expected, found)
REFUSED = [
    (
        "a figure that nothing defines",
        FIGURES,
        'figures = ["punctures", ',
        "[curve].figures",
        "a figure that is defined",
        "'punctures'",
    ),
    (
        "a hidden clock as a figure",
        FIGURES,
        'figures = ["drug", ',
        "[curve].figures",
        "a figure that is defined",
        "'drug'",
    ),
    (
        "a counter that is no figure of the record",
        FIGURES,
        'figures = ["failures", ',
        "[curve].figures",
        "a figure that is defined",
        "'failures'",
    ),
    ("a figure twice", FIGURES, 'figures = ["operation", ', "[curve].figures", "every id once", "'operation' 2 times"),
    (
        "no figure",
        'figures = ["puncture", "operation", "insertions", "interspaces_used"]',
        "figures = []",
        "[curve].figures",
        "at least 1",
        "0",
    ),
    (
        "a filter by a number",
        '"nash_moe", "approach"]\nrunning',
        '"cobb_deg", "approach"]\nrunning',
        "[curve].filters",
        "type 'option'",
        "'cobb_deg' of type 'number'",
    ),
    (
        "experience that falls",
        "experience = [10, 30]",
        "experience = [30, 10]",
        "[curve].experience",
        "numbers that rise",
        "30, 10",
    ),
    (
        "a success by a hidden clock",
        'reached = "puncture"',
        'reached = "drug"',
        "[curve.success].reached",
        "a figure of the record",
        "'drug'",
    ),
    (
        "a success by a counter of prompts",
        'counter = "insertions"\nmost',
        'counter = "stops"\nmost',
        "[curve.success].counter",
        "a figure of the record",
        "'stops'",
    ),
    ("a success in no insertion", "most = 2", "most = 0", "[curve].success.most", "at least 1", "'0'"),
    (
        "a success without a source",
        "source = \"site; P: 'In 17",
        "# source = \"site; P: 'In 17",
        "[curve].success",
        "the key 'source'",
        "none",
    ),
    (
        "an outcome that nothing defines",
        'never = ["ct_guidance"]',
        'never = ["ct"]',
        "[curve.success].never",
        "an outcome",
        "'ct'",
    ),
    ("p1 at p0", "p1 = 0.30", "p1 = 0.10", "[curve.evidence].p1", "more than p0 (0.1)", "0.1"),
    ("a share of one", "p1 = 0.30", "p1 = 1.0", "[curve.evidence].p1", "a share below 1", "1"),
    ("a share of nothing", "p0 = 0.10", "p0 = 0", "[curve].evidence.p0", "above 0", "'0'"),
    ("a horizon without end", "horizon = 50", "horizon = 501", "[curve.evidence].horizon", "at most 500", "501"),
    (
        "evidence without a source",
        'source = "site; B: LC',
        'source = "K: LC',
        "[curve.evidence].source",
        "begin with one of",
        "'K: LC",
    ),
    (
        "a hand-over to someone else",
        'hand_over = "left_out"',
        'hand_over = "both"',
        "[curve].hand_over",
        "one of 'first', 'last', 'left_out'",
        "'both'",
    ),
    (
        "a hand-over from nowhere",
        'hand_over_source = "site: what',
        'hand_over_source = "K: what',
        "[curve].source",
        "begin with one of",
        "'K: what",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "place", "expected", "found"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_learning_curve_that_cannot_be_is_refused(old: str, new: str, place: str, expected: str, found: str):
    with pytest.raises(protocols.ProtocolError) as refused:
        protocols.parse(replaced(LUMBAR_TEXT, old, new))
    sentences = [problem for problem in refused.value.problems if place in problem]
    assert any(expected.removeprefix("an ") in sentence and found in sentence for sentence in sentences), (
        refused.value.problems
    )


def test_a_protocol_without_learning_curves_is_good(tmp_path: Path):
    start, end = LUMBAR_TEXT.index("[curve]"), LUMBAR_TEXT.index("[review]")
    assert protocols.parse(LUMBAR_TEXT[:start] + LUMBAR_TEXT[end:]).curve is None


def test_both_shipped_protocols_have_one_with_the_defaults_of_the_site():
    for p in (LUMBAR, CERVICAL):
        assert p.curve is not None
        evidence = p.curve.evidence
        assert (evidence.p0, evidence.p1, evidence.horizon, evidence.false_adequate) == (0.10, 0.30, 50, 0.10)

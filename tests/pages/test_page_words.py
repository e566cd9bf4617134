"""How pages word spans of time."""

import pytest

from pages.parts.frame import words

S, MIN, H, D = 1000, 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("ms", "written"),
    [
        (0, "0 s"),
        (999, "0 s"),
        (29 * S, "29 s"),
        (59 * S, "59 s"),
        (MIN, "1 min"),
        (20 * MIN, "20 min"),
        (20 * MIN - 1, "19 min"),
        (H - S, "59 min"),
        (H, "1 h"),
        (4 * H + 2 * MIN + 59 * S, "4 h 2 min"),
        (4 * H, "4 h"),
        (D - S, "23 h 59 min"),
        (D, "1 d"),
        (3 * D + 4 * H + 59 * MIN, "3 d 4 h"),
        (3 * D + 59 * MIN, "3 d"),
        (-25 * MIN, "25 min"),
    ],
)
def test_a_span_is_told_in_the_units_that_say_enough_and_never_longer_than_it_was(ms: int, written: str):
    assert words.span(ms) == written

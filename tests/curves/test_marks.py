"""What is drawn of the cases: running medians, bins, and the published range behind them."""

from math import isnan, nan
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.curves import cases, choice, marks
from core.curves.cases import FIRST, REPEAT
from core.curves.choice import Choice
from core.curves.cohort import published
from tests.curves.test_metrics import CURVE, INSERTIONS, OPERATION, PUNCTURE, found_csf, frame, row
from tests.helpers.tables import CERVICAL, LUMBAR


# ------------------------------------------------------------------------------------------------------ running medians
def test_a_running_median_by_hand():
    """The last five cases, from the third on; a case without a time is the longest."""
    minutes = np.array([9, 7, nan, 5, 3, nan, nan, nan, 2])
    medians = marks.running(minutes, PUNCTURE, 5)
    # 9 7 ∞ → 9 · 9 7 ∞ 5 → 8 · 9 7 ∞ 5 3 → 7 · 7 ∞ 5 3 ∞ → 7 · ∞ 5 3 ∞ ∞ → ∞ · 5 3 ∞ ∞ ∞ → ∞ · 3 ∞ ∞ ∞ 2 → ∞
    assert medians[2:6] == [9, 8, 7, 7]
    assert [isnan(middle) for middle in medians] == [True, True, False, False, False, False, True, True, True]


def test_a_running_share_is_the_mean_of_the_last_cases():
    success = cases.success(CURVE)
    assert marks.running(np.array([100.0, 0, 100, 100, 0, 0]), success, 4)[2:] == pytest.approx([200 / 3, 75, 50, 50])


times = st.lists(st.floats(min_value=0.1, max_value=300), min_size=1, max_size=40)


@given(times, st.data())
def test_leaving_the_time_of_a_failed_case_open_never_makes_anyone_look_quicker(minutes: list[float], data: Any):
    known = np.array(minutes)
    failed = known.copy()
    failed[data.draw(st.integers(0, len(minutes) - 1))] = nan
    for before, after in zip(marks.running(known, PUNCTURE, 9), marks.running(failed, PUNCTURE, 9), strict=True):
        assert isnan(after) or after >= before
    for share in (0.25, 0.75):
        after = marks.quantile(failed, share)
        assert isnan(after) or after >= marks.quantile(known, share)


@given(times)
def test_the_running_median_of_a_case_knows_nothing_of_later_cases(minutes: list[float]):
    whole, half = np.array(minutes), np.array(minutes[: len(minutes) // 2])
    medians = marks.running(whole, PUNCTURE, 9)[: len(half)]
    assert str(medians) == str(marks.running(half, PUNCTURE, 9))


def test_marks_carry_their_n_and_keep_first_and_repeat_doses_apart():
    chosen = choice.chosen(
        frame(*(row(n, found_csf(minutes=n), dose=1 + n % 2) for n in range(1, 21))), Choice(), CURVE
    )
    points = marks.marks(chosen, PUNCTURE, 9)
    assert list(points["value"]) == list(range(1, 21))
    repeats = points[points["doses"] == REPEAT]
    assert list(repeats["n"]) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    assert list(repeats["middle"])[-1] == median(range(3, 20, 2))


def test_bins_hold_every_case_once_and_their_median_quartiles_and_n():
    chosen = choice.chosen(frame(*(row(1, found_csf(minutes=5), opened_at=n) for n in range(301))), Choice(), CURVE)
    chosen[PUNCTURE.column] = np.arange(301.0)
    chosen.loc[chosen.index[-3:], PUNCTURE.column] = nan
    binned = marks.bins(chosen, PUNCTURE)
    assert (len(binned), binned["n"].sum(), set(binned["n"])) == (30, 301, {10, 11})
    assert list(binned.iloc[0][["from", "to", "value", "low", "high"]]) == [1, 11, 5, 2, 8]
    last = binned.iloc[-1]  # 291 to 297 and three that never ended
    assert (last["low"], last["value"], isnan(last["high"])) == (293, 295.5, True)
    shares = marks.bins(chosen, cases.success(CURVE))
    assert (set(shares["value"]), set(shares["low"]), set(shares["high"])) == ({100}, {100}, {100})


def test_there_are_never_more_bins_than_a_screen_holds_and_never_bins_of_a_few():
    for count, bins in ((9, 1), (25, 2), (599, 59), (6000, 60)):
        chosen = choice.chosen(frame(row(1)), Choice(), CURVE)
        many = pd.concat([chosen] * count, ignore_index=True)
        binned = marks.bins(many, PUNCTURE)
        assert (len(binned), binned["n"].sum()) == (bins, count)


# -------------------------------------------------------------------------------------------------- published benchmark
def test_the_benchmark_is_the_published_range_per_dose():
    bands = {band.doses: (band.low, band.high, band.n) for band in marks.bands(LUMBAR.id, PUNCTURE, None)}
    assert bands == {
        "dose 1": (7, 30, 4),
        "dose 2": (3, 15, 4),
        "dose 3": (2, 5, 5),
        "dose 4": (2, 3, 5),
        "dose 5": (3, 3, 1),
    }
    total = sum(band.n for band in marks.bands(LUMBAR.id, OPERATION, None))
    assert total == sum(map(published.succeeded, published.punctures()))
    assert {band.doses for band in marks.bands(LUMBAR.id, INSERTIONS, FIRST)} == {"dose 1"}
    assert {band.doses for band in marks.bands(LUMBAR.id, INSERTIONS, REPEAT)} == {"doses 2, 3", "doses 4, 5"}


def test_nothing_was_published_for_another_protocol_or_another_figure():
    assert marks.bands(CERVICAL.id, INSERTIONS, None) == []
    assert marks.bands(LUMBAR.id, cases.success(CURVE), None) == []

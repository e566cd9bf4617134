"""LC-CUSUM as CLINICAL.md §4 writes it: weights, a series worked by hand, simulated error rates, the three states."""

from math import sqrt

import numpy as np
import pytest

from core.curves.lc_cusum import RUNS, Design, limit, problem, sums, watch, weights

# What CLINICAL.md says for p0 .10, p1 .30: (cases watched, h, falsely adequate, power).
PUBLISHED = [(20, 2.55, 0.088, 0.69), (30, 3.05, 0.086, 0.83), (50, 3.55, 0.097, 0.95)]
SIMULATED_RUNS = 10_000  # at least so many stand behind a rate that is told to a tenth of a percent


def test_a_success_adds_0_182_at_p0_10_and_p1_25():
    success, failure = weights(0.10, 0.25)
    assert success == pytest.approx(0.182, abs=0.0005)
    assert failure == pytest.approx(-0.916, abs=0.0005)  # ln(0.10 / 0.25)


def test_a_series_worked_by_hand():
    """p0 .10, p1 .30: a success adds ln(0.9/0.7) = 0.2513, a failure ln(0.1/0.3) = −1.0986; never below zero.

    5 successes 1.2566 · failure 0.1579 · failure held at 0 · 3 successes 0.7539 · failure held at 0 · success 0.2513
    """
    series = [True] * 5 + [False, False] + [True] * 3 + [False, True]
    by_hand = [0.2513, 0.5026, 0.7539, 1.0053, 1.2566, 0.1580, 0, 0.2513, 0.5026, 0.7539, 0, 0.2513]
    assert sums(series, 0.10, 0.30) == pytest.approx(by_hand, abs=0.0002)


@pytest.mark.parametrize(("cases", "h", "falsely", "power"), PUBLISHED)
def test_the_limit_and_its_error_rates_are_those_of_clinical_md(cases: int, h: float, falsely: float, power: float):
    computed = limit(Design(0.10, 0.30, cases, 0.10))
    assert computed.h == pytest.approx(h, abs=0.001)
    for rate, published_rate, rounded in ((computed.false_adequate, falsely, 0.0005), (computed.power, power, 0.005)):
        error = sqrt(
            published_rate * (1 - published_rate) / SIMULATED_RUNS + published_rate * (1 - published_rate) / RUNS
        )
        assert abs(rate - published_rate) < 3 * error + rounded


@pytest.mark.parametrize("cases", [5, 20, 50])
def test_a_lower_limit_would_call_too_many_adequate(cases: int):
    """Simulated once more, by other numbers and one case after the other."""
    design = Design(0.10, 0.30, cases, 0.10)
    h, rng, runs = limit(design).h, np.random.default_rng(7), 4000
    tops = [max(sums(list(rng.random(cases) >= design.p1), design.p0, design.p1)) for _ in range(runs)]
    error = 3 * sqrt(0.1 * 0.9 / runs)
    assert sum(top >= h for top in tops) / runs <= design.false_adequate + error
    # One success less, as the sum moves in steps of a success.
    assert sum(top >= h - weights(design.p0, design.p1)[0] for top in tops) / runs > design.false_adequate - error


def test_the_same_design_has_the_same_limit_in_every_process():
    design = Design(0.05, 0.20, 40, 0.10)
    assert limit(design) == limit.__wrapped__(design)


def test_with_too_few_cases_to_show_anything_no_one_can_be_called_adequate():
    computed = limit(Design(0.10, 0.30, 5, 0.10))
    assert (computed.false_adequate, computed.power) == (0, 0)
    assert watch([True] * 5, Design(0.10, 0.30, 5, 0.10), computed).state == "not shown"


# ---------------------------------------------------------------------------------------------------------- the states
DESIGN = Design(0.10, 0.30, 20, 0.10)  # h 2.55: eleven successes in a row are 2.76, ten are 2.51


def test_eleven_successes_in_a_row_are_adequate_at_the_eleventh_and_ten_are_too_few_to_say():
    limit20 = limit(DESIGN)
    assert (watch([True] * 11, DESIGN, limit20).state, watch([True] * 11, DESIGN, limit20).adequate_at) == (
        "adequate",
        11,
    )
    assert watch([True] * 10, DESIGN, limit20).state == "too few"


def test_failures_after_the_crossing_do_not_take_it_back():
    after = watch([True] * 11 + [False] * 9, DESIGN, limit(DESIGN))
    assert (after.state, after.adequate_at, after.failures) == ("adequate", 11, 9)


def test_twenty_cases_without_a_crossing_are_not_shown_whatever_comes_later():
    shaky = [True, True, False] * 7
    assert watch(shaky[:19], DESIGN, limit(DESIGN)).state == "too few"
    assert watch(shaky[:20], DESIGN, limit(DESIGN)).state == "not shown"
    late = watch(shaky[:20] + [True] * 30, DESIGN, limit(DESIGN))
    assert (late.state, late.adequate_at, late.watched, late.cases) == ("not shown", None, 20, 50)


def test_no_case_is_too_few_to_say():
    none = watch([], DESIGN, limit(DESIGN))
    assert (none.state, none.sums, none.failures) == ("too few", (), 0)


# ----------------------------------------------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("figures", "sentence"),
    [
        ((0.30, 0.10, 50, 0.1), "expected more than p0 (30 %), found 10 %"),
        ((0.10, 0.10, 50, 0.1), "expected more than p0 (10 %), found 10 %"),
        ((0.0, 0.30, 50, 0.1), "p0: expected more than 0 %"),
        ((0.10, 1.0, 50, 0.1), "p1: expected more than 0 % and less than 100 %, found 100 %"),
        ((0.10, 0.30, 0, 0.1), "Horizon: expected a whole number of cases, 1 to 500, found 0"),
        ((0.10, 0.30, 501, 0.1), "found 501"),
        ((0.10, 0.30, 20.5, 0.1), "found 20.5"),
    ],
)
def test_a_design_that_cannot_be_gets_a_sentence(figures: tuple[float, float, float, float], sentence: str):
    assert sentence in (problem(*figures) or "")
    assert problem(0.10, 0.30, 50, 0.10) is None

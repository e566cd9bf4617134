"""Invented operators learn at known rates, and the curves find them."""

from math import log

import numpy as np
import pandas as pd
import pytest

from core.curves import cases as metrics
from core.curves import choice, lc_cusum, marks
from core.curves.cases import GOOD, REPEAT
from core.curves.choice import Choice
from core.engine.session import fold
from tests.helpers import invented
from tests.helpers.tables import LUMBAR

assert LUMBAR.curve
CURVE = LUMBAR.curve
PUNCTURE = metrics.figures(LUMBAR)[0]
OPERATORS = {operator.name: operator for operator in invented.ward().operator}
COUNT = 1600


@pytest.fixture(scope="module")
def simulated() -> metrics.Cases:
    return metrics.cases(invented.rows(COUNT, seed=11), LUMBAR)


def own(simulated: metrics.Cases, operator: str, doses: str | None = None) -> pd.DataFrame:
    return choice.chosen(simulated.frame, Choice(operator=operator, doses=doses), CURVE)


def test_the_same_seed_tells_the_same_procedures_and_another_others():
    logs = [procedure.events() for procedure in invented.procedures(20, seed=1)]
    assert logs == [procedure.events() for procedure in invented.procedures(20, seed=1)]
    assert logs != [procedure.events() for procedure in invented.procedures(20, seed=2)]


def test_every_procedure_is_what_the_engine_takes_and_only_the_odd_ones_are_no_cases():
    odd: dict[str, int] = {}
    for procedure in invented.procedures(400, seed=5):
        session = fold(procedure.read.protocol, procedure.session, procedure.events())
        assert (len(session.walk.review) > 0) is (procedure.odd == "to_review")
        assert (session.drill, session.mistaken) == (procedure.odd == "drill", procedure.odd == "mistaken")
        if procedure.odd:
            odd[procedure.odd] = odd.get(procedure.odd, 0) + 1
    assert odd == metrics.cases(invented.rows(400, seed=5), LUMBAR).left_out
    assert len(odd) > 1


@pytest.mark.parametrize("operator", OPERATORS)
def test_running_medians_find_the_known_puncture_time_early_and_late(simulated: metrics.Cases, operator: str):
    """Within three standard errors of a median of nine (1.25 σ/√n, on the log scale), wherever it is known."""
    cases = own(simulated, operator, REPEAT)
    points = marks.marks(cases, PUNCTURE, CURVE.running).dropna(subset=["middle"])
    error = 3 * 1.25 * invented.ward().spread / np.sqrt(CURVE.running)
    truth = OPERATORS[operator].puncture_min
    for place in (12, 60, len(cases) - 1):
        at = points.iloc[(points["place"] - place).abs().argmin()]
        window = points[(points["place"] <= at["place"])].tail(CURVE.running)["place"]
        low, high = log(truth.at(int(window.max()))), log(truth.at(int(window.min())))
        # Cases that never ended count as the longest: at most these push the median up.
        assert low - error < log(at["middle"]) < high + error + 0.5 * OPERATORS[operator].failure.at(int(window.min()))


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_share_of_failures_is_the_known_one(simulated: metrics.Cases, operator: str):
    cases = own(simulated, operator)
    expected = sum(OPERATORS[operator].failure.at(k) for k in range(1, len(cases) + 1))
    failures = int((cases[GOOD] == 0).sum())
    assert abs(failures - expected) < 3 * np.sqrt(expected)


def test_the_quick_learner_gets_halfway_before_the_slow_one(simulated: metrics.Cases):
    halfway = {}
    for name in ("AK", "BL"):
        truth = OPERATORS[name].puncture_min
        points = marks.marks(own(simulated, name, REPEAT), PUNCTURE, CURVE.running).dropna(subset=["middle"])
        below = points[points["middle"] < (truth.first + truth.last) / 2]
        halfway[name] = int(below["place"].iloc[0])
    # Half of the way is gone after ln 2 × the known number of cases; a trailing median of nine comes later.
    for name, place in halfway.items():
        known = OPERATORS[name].puncture_min.cases * log(2)
        assert 0.4 * known < place < 2 * known + 2 * CURVE.running
    assert halfway["AK"] < halfway["BL"]


def test_lc_cusum_calls_the_experienced_adequate_and_never_the_one_who_does_not_learn():
    """Over many invented wards: each rate as simulation says, within three standard errors."""
    assert CURVE.evidence
    evidence = CURVE.evidence
    design = lc_cusum.Design(evidence.p0, evidence.p1, evidence.horizon, evidence.false_adequate)
    limit = lc_cusum.limit(design)
    rng, wards = np.random.default_rng(3), 400
    adequate = dict.fromkeys(OPERATORS, 0)
    for name, operator in OPERATORS.items():
        for _ in range(wards):
            series = [bool(rng.random() >= operator.failure.at(k)) for k in range(1, evidence.horizon + 1)]
            adequate[name] += lc_cusum.watch(series, design, limit).state == "adequate"
    assert adequate["DS"] / wards > limit.power - 0.05  # at .06 better than p0
    assert adequate["CM"] / wards < limit.false_adequate + 0.05  # at .35 worse than p1
    assert adequate["CM"] < adequate["BL"] < adequate["AK"] <= adequate["DS"]

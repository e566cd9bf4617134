"""Each bound just below, at and just above, as read from the protocol; one table holds the figures to CLINICAL.md."""

from itertools import chain
from typing import Any

import pytest

from core.protocols.tables import Window
from tests.helpers.tables import LUMBAR, hms, mark, prompts, replayed, reviewed

COUNTERS = {counter.id: counter for counter in LUMBAR.counter}
WINDOWS = {window.id: window for window in LUMBAR.window}
FAILURES = COUNTERS["failures"]
CAUTIONED = {caution.is_ for caution in LUMBAR.caution}  # a puncture there is remarked for itself
INTERSPACES = [option.id for option in LUMBAR.options("interspace") if option.id not in CAUTIONED]
LIDOCAINE = next(total for total in LUMBAR.total if total.id == "lidocaine")
ADULT = LIDOCAINE.ceiling[0]
RANGED = [(key, table) for key, table in LUMBAR.value.items() if table.min is not None or table.max is not None]
OTHER_TABLET_S = LUMBAR.recording.two_devices_s


def test_the_figures_of_the_shipped_protocol_are_those_of_clinical_md():
    values = {
        "unsuccessful insertions, then change interspace": FAILURES.limit,
        "interspaces failed, then CT guidance": FAILURES.groups,
        "wishes to stop, then CT guidance": COUNTERS["stops"].limit,
        "injection prompt below, s": WINDOWS["injection_fast"].below_s,
        "injection prompt above, s": WINDOWS["injection_slow"].above_s,
        "injection advised, s": WINDOWS["injection_advised"].advise_s,
        "compression, min": minutes(WINDOWS["compression_short"].below_s),
        "supine, h": minutes(WINDOWS["supine_short"].below_s) / 60,
        "drug out of the vial, h": minutes(WINDOWS["drug_old"].above_s) / 60,
        "lidocaine 2 %, mg/mL": LIDOCAINE.factor,
        "lidocaine ceiling holds from, years": ADULT.at_least,
        "lidocaine ceiling, mg/kg": ADULT.per_limit,
        "lidocaine ceiling, mg": ADULT.limit,
        "CSF out, mL": LUMBAR.value["csf_ml"].usual,
        "nusinersen in, mL": LUMBAR.value["injected_ml"].usual,
        "platelets amber below, ×10⁹/L": LUMBAR.value["platelets"].amber_below,
        "platelets red below, ×10⁹/L": LUMBAR.value["platelets"].red_below,
        "CHOP-INTEND": (LUMBAR.value["chop_intend"].min, LUMBAR.value["chop_intend"].max),
        "follow-up calls, h": [call.hours for call in LUMBAR.follow_up],
        "same mark from two tablets, s": OTHER_TABLET_S,
        "same mark on one tablet, s": LUMBAR.recording.same_tablet_s,
    }
    assert values == {
        "unsuccessful insertions, then change interspace": 3,
        "interspaces failed, then CT guidance": 3,
        "wishes to stop, then CT guidance": 1,
        "injection prompt below, s": 60,
        "injection prompt above, s": 180,
        "injection advised, s": (60, 120),
        "compression, min": 20,
        "supine, h": 4,
        "drug out of the vial, h": 4,
        "lidocaine 2 %, mg/mL": 20,
        "lidocaine ceiling holds from, years": 18,
        "lidocaine ceiling, mg/kg": 4.5,
        "lidocaine ceiling, mg": 300,
        "CSF out, mL": 5,
        "nusinersen in, mL": 5,
        "platelets amber below, ×10⁹/L": 50,
        "platelets red below, ×10⁹/L": 40,
        "CHOP-INTEND": (0, 64),
        "follow-up calls, h": [72, 5 * 24],
        "same mark from two tablets, s": 10,
        "same mark on one tablet, s": 0.7,
    }


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_the_change_of_interspace_is_advised_at_the_limit_of_failures_and_at_each_further_one(off: int):
    failures = at_most(FAILURES.limit) + off
    limit = at_most(FAILURES.limit)
    expected = [("change_interspace", failing_time(number)) for number in range(limit, failures + 1)]
    assert prompts(replayed(failing(INTERSPACES[0], failures))) == expected


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_ct_guidance_is_advised_when_the_last_allowed_interspace_has_failed_once_and_not_before(off: int):
    limit, groups = at_most(FAILURES.limit), at_most(FAILURES.groups)
    tried = INTERSPACES[: groups + off]
    assert len(tried) == groups + off, "the protocol offers an interspace more than the limit"
    events = list(chain(*(failing(group, limit, first=n * limit) for n, group in enumerate(tried))))
    expected = [("change_interspace", failing_time((n + 1) * limit)) for n in range(min(len(tried), groups - 1))]
    expected += [("ct_guidance", failing_time(groups * limit))] if off >= 0 else []
    assert prompts(replayed(events)) == expected


@pytest.mark.parametrize("short_by", [1, 0])
def test_the_last_interspace_fails_only_at_its_own_limit(short_by: int):
    limit, groups = at_most(FAILURES.limit), at_most(FAILURES.groups)
    tried = INTERSPACES[:groups]
    events = list(chain(*(failing(group, limit, first=n * limit) for n, group in enumerate(tried))))
    events = events[: len(events) - 2 * short_by]
    assert ("ct_guidance" in kinds(events)) is (short_by == 0)


@pytest.mark.parametrize(
    "window", [window_ for window_ in LUMBAR.window if window_.prompt], ids=lambda window_: window_.id
)
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_window_is_left_only_beyond_its_bound(window: Window, off: int):
    bound = int(window.below_s or window.above_s or 0)
    outside = off < 0 if window.below_s else off > 0
    clock = next(candidate for candidate in LUMBAR.clock if candidate.id == window.clock)
    figures = replayed([mark(30, clock.from_), mark(30 + bound + off, clock.to)])
    assert (window.prompt in {kind for kind, _ in prompts(figures)}) is outside
    if not clock.hidden:
        assert figures[f"{clock.id}_time_s"] == bound + off


@pytest.mark.parametrize("clock", [table for table in LUMBAR.clock if table.sum], ids=lambda table: table.id)
@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_short_time_is_made_up_only_when_the_sum_reaches_its_bound(clock: Any, off: int):
    bound = int(next(window.below_s or 0 for window in LUMBAR.window if window.clock == clock.id))
    first, pause = bound // 3, 77
    second = bound - first + off
    events = [mark(0, clock.from_), mark(first, clock.to)]
    assert kinds(events) == [f"{clock.id}_short"]
    events += [mark(first + pause, clock.from_), mark(first + pause + second, clock.to)]
    assert kinds(events) == ([f"{clock.id}_short"] if off < 0 else [])


def test_a_window_says_nothing_before_a_mark_proves_it():
    over = int(at_most(WINDOWS["injection_slow"].above_s)) * 10
    assert kinds([mark(0, "injection_started"), {"t": f"00:{over // 60:02}:00", "note": "still injecting"}]) == []
    assert kinds([mark(0, "compression_started")]) == []


@pytest.mark.parametrize("off", [-1, 0, 1])
def test_a_wish_to_stop_counts_until_the_injection_is_complete(off: int):
    injected = 600
    events = [mark(injected, "injection_completed"), mark(injected + off, "patient_stop")]
    events.sort(key=lambda event: event["t"])
    assert ("ct_guidance" in kinds(events)) is (off < 0)


# Adults of a weight at which the mg/kg ceiling is the lower one, meets the fixed one, and is above it.
CROSSING_KG = ADULT.limit / (ADULT.per_limit or 1)


@pytest.mark.parametrize("weight", [40, CROSSING_KG - 1, CROSSING_KG + 1, 100, None])
@pytest.mark.parametrize("off", [-0.1, 0, 0.1])
def test_the_lidocaine_ceiling_of_an_adult_is_the_lower_of_mg_per_kg_and_mg(weight: float | None, off: float):
    ceiling = ADULT.limit if weight is None else min(ADULT.limit, (ADULT.per_limit or 0) * weight)
    values = {"age_y": ADULT.at_least} | ({} if weight is None else {"weight_kg": weight})
    events = doses(ceiling / LIDOCAINE.factor + off)
    assert ("lidocaine_ceiling" in kinds(events, values=values)) is (off > 0)


@pytest.mark.parametrize(("years", "holds"), [(-1, False), (-0.1, False), (0, True), (1, True)])
def test_the_lidocaine_ceiling_holds_from_the_age_of_an_adult(years: float, holds: bool):
    events = doses(ADULT.limit / LIDOCAINE.factor + 1)
    assert ("lidocaine_ceiling" in kinds(events, values={"age_y": ADULT.at_least + years})) is holds


def test_no_lidocaine_ceiling_holds_where_no_age_is_known_and_the_words_for_it_are_there():
    assert kinds(doses(ADULT.limit / LIDOCAINE.factor + 1)) == []
    assert LIDOCAINE.no_ceiling


def test_lidocaine_adds_up_over_repeats_and_the_prompt_is_at_the_one_that_passes_the_ceiling():
    most = LUMBAR.value["lidocaine_ml"].max or 0
    each = ADULT.limit / LIDOCAINE.factor / 3
    assert each < most, "three injections that are each in range"
    events = [mark(60 * n, "lidocaine_given", lidocaine_ml=each) for n in range(4)]
    values = {"age_y": ADULT.at_least}
    assert kinds(events[:3], values=values) == []
    assert prompts(replayed(events, values=values)) == [("lidocaine_ceiling", "00:03:00")]
    assert kinds([*events, {"t": "00:04:00", "undo": 0}], values=values) == []


@pytest.mark.parametrize(("off", "counted"), [(-1, 1), (0, 1), (1, 2)])
def test_two_tablets_are_one_tap_up_to_the_bound_of_seconds(off: int, counted: int):
    first = mark(60, "skin_puncture", interspace="L3-L4", device="tablet-1")
    second = mark(60 + OTHER_TABLET_S + off, "skin_puncture", interspace="L3-L4", device="tablet-2")
    figures = replayed([mark(0, "scan_started"), first, second])
    assert figures["insertions"] == counted
    assert reviewed(figures) == (["double"] if counted == 1 else ["inferred"])


@pytest.mark.parametrize(("key", "value"), RANGED, ids=[key for key, _ in RANGED])
def test_a_value_outside_its_range_is_kept_and_to_review(key: str, value: Any):
    step = 1 if value.whole else 0.01
    inside = [bound for bound in (value.min, value.max) if bound is not None]
    inside += [bound + sign * step for bound, sign in ((value.min, 1), (value.max, -1)) if bound is not None]
    outside = [bound + sign * step for bound, sign in ((value.min, -1), (value.max, 1)) if bound is not None]
    for number, kinds_found in [
        *((number, []) for number in inside),
        *((number, ["out_of_range"]) for number in outside),
    ]:
        assert reviewed(replayed([{"t": "00:00:10", "value": key, "is": number}])) == kinds_found, f"{key} = {number}"
        assert reviewed(replayed([], values={key: number})) == kinds_found, f"{key} = {number} at the opening"


def test_an_amount_out_of_range_carried_by_a_mark_is_to_review_and_the_mark_still_counts():
    too_much = (LUMBAR.value["csf_ml"].max or 0) + 1
    events = [
        mark(0, "scan_started"),
        mark(60, "skin_puncture", interspace="L3-L4"),
        mark(120, "csf_outflow"),
        mark(180, "csf_collected", csf_ml=too_much),
        mark(240, "injection_started"),
        mark(330, "injection_completed"),
    ]
    figures = replayed(events)
    assert reviewed(figures) == ["out_of_range"]
    assert figures["operation_time_s"] == 330


def test_every_counter_with_a_limit_has_been_tried_here():
    assert {counter.id for counter in LUMBAR.counter if counter.limit} == {FAILURES.id, COUNTERS["stops"].id}


def at_most(bound: Any) -> int:
    assert bound is not None
    return int(bound)


def minutes(seconds: float | None) -> float:
    assert seconds is not None
    return seconds / 60


def failing(interspace: str, times: int, first: int = 0) -> list[dict[str, Any]]:
    """So many insertions at an interspace, each withdrawn; the n-th is withdrawn at `failing_time(n)`."""
    taps = []
    for n in range(first + 1, first + times + 1):
        taps += [mark(n * 60 - 30, "skin_puncture", interspace=interspace), mark(n * 60, FAILURES.counts)]
    return taps


def failing_time(n: int) -> str:
    return hms(n * 60)


def kinds(events: list[dict[str, Any]], **head: Any) -> list[str]:
    return [kind for kind, _ in prompts(replayed(events, **head))]


def doses(ml: float) -> list[dict[str, Any]]:
    return [mark(60, "lidocaine_given", lidocaine_ml=ml)]

"""A case replayed: phases, insertions, prompts, late and undone marks, and the operator's own median beside them."""

from core.curves.replay import Moment, Ribbon, Span, Timer, ribbon
from tests.helpers.rows import a_row
from tests.helpers.tables import play, session_of

CASE = """
time  | tap
00:00 | start scan
04:00 | lidocaine given 3 mL
06:00 | skin puncture L2-L3
07:00 | withdrawn
08:00 | skin puncture L2-L3
09:00 | withdrawn
10:00 | skin puncture L2-L3
11:00 | withdrawn
12:00 | change interspace L3-L4
13:00 | skin puncture L3-L4
14:00 | complication bloody_tap
15:00 | CSF outflow
16:00 | start injection
17:30 | injection complete
"""


def at(moments: list[Moment]) -> list[tuple[str, str, float]]:
    return [(moment.kind, moment.label, moment.at / 60) for moment in moments]


def minutes(spans: list[Span]) -> list[tuple[str, float, float]]:
    return [(span.label, span.start / 60, span.end / 60) for span in spans]


def replay(table: str) -> Ribbon:
    return ribbon(play(table), [])


def test_phases_follow_each_other_without_a_gap_from_the_first_mark():
    assert minutes(replay(CASE).phases) == [
        ("Preprocedure scan", 0, 4),
        ("Local anaesthetic", 4, 6),
        ("Insertion", 6, 15),
        ("CSF and injection", 15, 17.5),
    ]


def test_every_insertion_stands_at_its_interspace_from_puncture_to_withdrawal_or_csf():
    assert minutes(replay(CASE).insertions) == [
        ("1. L2–L3: Withdrawn, no CSF", 6, 7),
        ("2. L2–L3: Withdrawn, no CSF", 8, 9),
        ("3. L2–L3: Withdrawn, no CSF", 10, 11),
        ("4. L3–L4: CSF outflow", 13, 15),
    ]


def test_a_needle_that_is_still_in_is_drawn_until_the_last_entry():
    shown = replay("time | tap\n00:00 | start scan\n06:00 | skin puncture L2-L3\n09:00 | note still looking\n")
    assert minutes(shown.insertions) == [("1. L2–L3", 6, 9)]
    assert (shown.end, shown.needle_end) == (540, 540)


def test_prompts_complications_late_and_undone_marks_and_hand_overs_stand_where_they_happened():
    rows = (
        CASE
        + "18:00 | needle out, at 17:45\n19:00 | start compression\n20:00 | undo of 19:00\n21:00 | change operator BL\n"
    )
    assert at(replay(rows).moments) == [
        ("asked", "Change interspace", 11),
        ("complication", "Bloody tap", 14),
        ("late", "Needle out, entered 0 min later", 17.75),
        ("undone", "Start compression", 19),
        ("hand-over", "Change operator", 21),
    ]


def test_what_is_to_review_stands_on_the_ribbon_in_its_own_sentence():
    shown = replay("time | tap\n00:00 | start scan\n05:00 | withdrawn\n")
    assert at(shown.moments) == [
        ("to review", "Withdrawn, no CSF at 00:05:00 was not expected: scan and sterile setup.", 5)
    ]


def test_the_operators_own_median_stands_beside_each_clock_and_cases_that_never_ended_count_as_the_longest():
    others = [
        a_row(
            figures={
                f"{clock}_time_s": took for clock in ("operation", "puncture", "injection", "compression", "supine")
            }
        )
        for took in (300, None, 60)
    ]
    timers = {timer.label: timer for timer in ribbon(play(CASE), others).timers}
    assert timers["Puncture time"] == Timer("Puncture time", 360, 540, 300, 3)
    assert set(timers) == {"Operation time", "Puncture time", "Injection"}
    worse = [*others, a_row(figures=dict.fromkeys(others[0].figures))]
    assert {timer.median for timer in ribbon(play(CASE), worse).timers} == {None}
    assert {(timer.median, timer.n) for timer in replay(CASE).timers} == {(None, 0)}


def test_the_needles_work_ends_before_compression_and_supine_time():
    rows = CASE + "18:00 | needle out\n18:10 | start compression\n40:00 | end compression\n"
    shown = replay(rows)
    assert (shown.needle_end, shown.end) == (17.5 * 60, 40 * 60)


def test_a_record_without_a_mark_is_an_empty_ribbon():
    shown = ribbon(session_of([]), [])
    assert (shown.phases, shown.insertions, shown.timers, shown.moments, shown.end) == ([], [], [], [], 0)


def test_a_needle_that_went_in_again_without_coming_out_is_drawn_until_then():
    twice = "06:00 | skin puncture L2-L3\n08:00 | skin puncture L2-L3\n09:00 | CSF outflow\n"
    shown = replay("time | tap\n00:00 | start scan\n" + twice)
    assert minutes(shown.insertions) == [("1. L2–L3", 6, 8), ("2. L2–L3: CSF outflow", 8, 9)]

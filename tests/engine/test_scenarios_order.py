"""Taps that contradict each other, and the clocks after the needle, as tables (see tests/tables.py)."""

from core.engine.summary import summary
from tests.helpers.tables import TWO_FAILURES, play, prompts

AFTER = """
time    | tap                 | compression | supine | prompt | to review
00:00   | start scan          |             |        |        |
01:00   | skin puncture L3-L4 |             |        |        |
02:00   | csf outflow         |             |        |        |
03:00   | start injection     |             |        |        |
04:30   | injection complete  |             |        |        |
05:00   | needle out          |             |        |        |
05:00   | start compression   | 00:00       |        |        |
"""


def test_a_puncture_after_a_puncture_proves_that_the_needle_before_it_failed():
    play(f"""{TWO_FAILURES.rstrip()}
11:00 | skin puncture L2-L3 (no withdrawal was tapped) | 4 | 05:00 | change interspace | inferred
12:00 | withdrawn (the 4th) | 4         | 06:00    | change interspace |
""")


def test_a_needle_withdrawn_twice_has_failed_once_and_the_second_tap_is_to_review():
    play("""
time  | tap                 | insertions | prompt            | to review
00:00 | start scan          | 0          |                   |
01:00 | skin puncture L2-L3 | 1          |                   |
02:00 | withdrawn           | 1          |                   |
02:30 | withdrawn           | 1          |                   | out of order
03:00 | skin puncture L2-L3 | 2          |                   |
04:00 | withdrawn           | 2          |                   |
04:30 | withdrawn           | 2          |                   | out of order
05:00 | skin puncture L2-L3 | 3          |                   |
06:00 | withdrawn           | 3          | change interspace |
""")


def test_a_withdrawal_without_a_puncture_is_no_failure_and_to_review():
    play("""
time  | tap        | insertions | prompt | to review
00:00 | start scan | 0          |        |
01:00 | withdrawn  | 0          |        | out of order
02:00 | withdrawn  | 0          |        | out of order
03:00 | withdrawn  | 0          |        | out of order
""")


def test_a_withdrawal_after_an_outflow_that_no_puncture_preceded_is_no_failure_either():
    play("""
time  | tap         | insertions | prompt | to review
00:00 | csf outflow | 0          |        | out of order
01:00 | withdrawn   | 0          |        | out of order
02:00 | csf outflow | 0          |        | out of order
03:00 | withdrawn   | 0          |        | out of order
04:00 | csf outflow | 0          |        | out of order
05:00 | withdrawn   | 0          |        | out of order
""")


def test_a_needle_withdrawn_after_compression_was_started_has_failed_all_the_same_and_is_to_review():
    play(f"""{TWO_FAILURES.rstrip()}
11:00 | start compression   | 3          | 05:00    |                   | out of order
12:00 | withdrawn           | 3          | 06:00    | change interspace | out of order
""")


def test_a_needle_withdrawn_after_its_outflow_counts_as_a_failure_and_is_to_review():
    play(f"""{TWO_FAILURES.rstrip()}
11:00 | csf outflow         | 3          | 05:00    |                   |
12:00 | withdrawn           | 3          | 05:00    | change interspace | out of order
""")


def test_a_needle_taken_out_without_csf_has_failed_and_the_tap_withdrawn_after_it_is_to_review():
    play(f"""{TWO_FAILURES.rstrip()}
11:00 | needle out          | 3          | 05:00    | change interspace | inferred
12:00 | withdrawn           | 3          | 06:00    |                   | out of order
""")


def test_a_needle_taken_out_after_its_outflow_is_no_failure():
    play(f"""{TWO_FAILURES.rstrip()}
11:00 | csf outflow         | 3          | 05:00    |
12:00 | needle out          | 3          | 05:00    |
""")


def test_an_outflow_without_a_puncture_has_no_puncture_time_counts_as_success_and_is_to_review():
    play("""
time  | tap         | insertions | puncture | to review    | outcome
00:00 | start scan  | 0          |          |              | open
03:00 | csf outflow | 0          |          | out of order | success
""")


def test_the_puncture_time_ends_at_the_first_outflow_after_the_first_puncture():
    play("""
time  | tap                 | puncture | to review
00:00 | csf outflow         |          | out of order
02:00 | skin puncture L3-L4 | 00:00    | out of order
05:00 | csf outflow         | 03:00    |
07:00 | csf outflow         | 03:00    | out of order
08:00 | skin puncture L3-L4 | 03:00    | out of order
09:00 | csf outflow         | 03:00    |
""")


def test_the_operation_time_starts_at_the_first_start_of_the_scan():
    figures = summary(
        play("""
time  | tap                 | operation
00:00 | injection complete  |
01:00 | start scan          | 00:00
03:00 | start scan          | 02:00
05:00 | skin puncture L3-L4 | 04:00
06:00 | csf outflow         | 05:00
07:00 | start injection     | 06:00
08:00 | injection complete  | 07:00
""")
    )
    assert figures["operation_time_s"] == 7 * 60


def test_supine_before_compression_ended_is_kept_timed_and_to_review():
    play(f"""{AFTER.rstrip()}
15:00   | start supine        | 10:00       | 00:00  |        | out of order
25:00   | end compression     | 20:00       | 10:00  |        |
4:15:00 | end supine          | 20:00       | 04:00:00 |      |
""")


def test_compression_restarted_for_bleeding_makes_up_the_time_and_the_prompt_goes():
    play(f"""{AFTER.rstrip()}
15:00   | end compression     | 10:00       |        | compression short |
16:00   | start compression   | 10:00       |        |                   |
21:00   | end compression     | 15:00       |        |                   |
22:00   | start compression   | 15:00       |        |                   |
27:00   | end compression     | 20:00       |        | gone: compression short |
""")


def test_compression_cut_short_twice_is_one_prompt_at_its_last_end():
    figures = summary(
        play(f"""{AFTER.rstrip()}
15:00   | end compression     | 10:00       |        | compression short |
16:00   | start compression   | 10:00       |        |                   |
18:00   | end compression     | 12:00       |        |                   |
""")
    )
    assert prompts(figures) == [("compression_short", "00:18:00")]


def test_supine_interrupted_and_resumed_adds_up():
    figures = summary(
        play(f"""{AFTER.rstrip()}
25:00   | end compression     | 20:00       |          |              |
25:00   | start supine        | 20:00       | 00:00    |              |
2:25:00 | end supine          | 20:00       | 02:00:00 | supine short |
2:35:00 | start supine        | 20:00       | 02:00:00 |              |
4:35:00 | end supine          | 20:00       | 04:00:00 | gone: supine short |
""")
    )
    assert (figures["supine_time_s"], figures["compression_time_s"]) == (4 * 3600, 20 * 60)


def test_bleeding_while_supine_is_compressed_again_and_the_supine_time_runs_on():
    play(f"""{AFTER.rstrip()}
25:00   | end compression     | 20:00       |          |  |
25:00   | start supine        | 20:00       | 00:00    |  |
35:00   | start compression   | 20:00       | 10:00    |  |
45:00   | end compression     | 30:00       | 20:00    |  |
4:25:00 | end supine          | 30:00       | 04:00:00 |  |
""")


def test_a_drug_drawn_up_afresh_is_counted_from_the_fresh_vial():
    play("""
time    | tap                 | prompt
00:00   | drug drawn up       |
00:00   | start scan          |
3:00:00 | drug drawn up       |
5:00:00 | skin puncture L3-L4 |
5:01:00 | csf outflow         |
5:02:00 | start injection     |
""")


def test_withdrawals_that_nobody_tapped_count_at_the_next_puncture_and_raise_what_they_reach():
    play("""
time  | tap                 | insertions | prompt            | to review
00:00 | start scan | 0 | |
00:30 | skin puncture L4-L5 | 1          |                   |
01:00 | skin puncture L4-L5 | 2          |                   | inferred
02:00 | skin puncture L4-L5 | 3          |                   | inferred
03:00 | skin puncture L4-L5 | 4          | change interspace | inferred
04:00 | skin puncture L3-L4 | 5          | change interspace | inferred
05:00 | csf outflow         | 5          |                   |
06:00 | needle out          | 5          |                   |
""")


def test_a_new_puncture_after_csf_shows_no_failure():
    play("""
time  | tap                 | insertions | prompt | to review
00:00 | start scan | 0 | |
00:30 | skin puncture L4-L5 | 1          |        |
01:00 | csf outflow         | 1          |        |
02:00 | skin puncture L4-L5 | 2          |        | out of order
""")

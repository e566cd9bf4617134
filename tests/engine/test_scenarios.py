"""What the lumbar protocol says of a procedure, as tables (see tests/tables.py): escalation and outcome."""

import re

import pytest

from core.engine.summary import summary
from tests.helpers.tables import play, prompts

NINE_FAILURES = """
time  | tap                  | insertions | puncture | prompt
00:00 | start scan           | 0          |          |
05:00 | skin puncture L2-L3  | 1          | 00:00    |
06:00 | withdrawn            | 1          | 01:00    |
07:00 | skin puncture L2-L3  | 2          | 02:00    |
08:00 | withdrawn            | 2          | 03:00    |
09:00 | skin puncture L2-L3  | 3          | 04:00    |
10:00 | withdrawn            | 3          | 05:00    | change interspace
11:00 | skin puncture L3-L4  | 4          | 06:00    |
12:00 | withdrawn            | 4          | 07:00    |
13:00 | skin puncture L3-L4  | 5          | 08:00    |
14:00 | withdrawn            | 5          | 09:00    |
15:00 | skin puncture L3-L4  | 6          | 10:00    |
16:00 | withdrawn            | 6          | 11:00    | change interspace
17:00 | skin puncture L4-L5  | 7          | 12:00    |
18:00 | withdrawn            | 7          | 13:00    |
19:00 | skin puncture L4-L5  | 8          | 14:00    |
20:00 | withdrawn            | 8          | 15:00    |
21:00 | skin puncture L4-L5  | 9          | 16:00    |
22:00 | withdrawn            | 9          | 17:00    | ct guidance
"""


def test_a_plain_success_raises_no_prompt_and_leaves_nothing_to_review():
    figures = summary(
        play("""
time    | tap                              | insertions | operation | puncture | injection | compression | outcome
00:00   | start scan                       | 0          | 00:00     |          |           |             | open
08:00   | lidocaine given 3 mL             | 0          | 08:00     |          |           |             | open
09:00   | drug drawn up                    | 0          | 09:00     |          |           |             | open
12:00   | skin puncture L3-L4 transforaminal | 1        | 12:00     | 00:00    |           |             | open
15:00   | csf outflow                      | 1          | 15:00     | 03:00    |           |             | success
16:00   | csf collected 5 mL               | 1          | 16:00     | 03:00    |           |             | success
17:30   | start injection                  | 1          | 17:30     | 03:00    | 00:00     |             | success
19:00   | injection complete 5 mL          | 1          | 19:00     | 03:00    | 01:30     |             | success
19:30   | needle out                       | 1          | 19:00     | 03:00    | 01:30     |             | success
20:00   | start compression                | 1          | 19:00     | 03:00    | 01:30     | 00:00       | success
40:00   | end compression                  | 1          | 19:00     | 03:00    | 01:30     | 20:00       | success
40:00   | start supine                     | 1          | 19:00     | 03:00    | 01:30     | 20:00       | success
4:40:00 | end supine                       | 1          | 19:00     | 03:00    | 01:30     | 20:00       | success
""")
    )
    assert (figures["prompts"], figures["to_review"]) == ([], [])
    assert figures["supine_time_s"] == 4 * 3600
    assert figures["insertions_by_interspace"] == {"L3-L4": 1}
    assert figures["interspaces_used"] == 1


def test_case_2_dose_1_succeeds_at_the_third_insertion_and_no_change_of_interspace_is_advised():
    play("""
time  | tap                                      | insertions | puncture | prompt | outcome
00:00 | start scan                               | 0          |          |        | open
22:00 | skin puncture L3-L4 parasagittal oblique | 1          | 00:00    |        | open
27:00 | withdrawn                                | 1          | 05:00    |        | open
30:00 | skin puncture L3-L4 parasagittal oblique | 2          | 08:00    |        | open
35:00 | withdrawn                                | 2          | 13:00    |        | open
38:00 | skin puncture L3-L4 parasagittal oblique | 3          | 16:00    |        | open
42:00 | csf outflow                              | 3          | 20:00    |        | success
""")


def test_case_6_dose_1_changes_interspace_twice_succeeds_at_the_eighth_insertion_and_is_not_sent_to_ct():
    table = "\n".join(NINE_FAILURES.strip().splitlines()[:-4])
    figures = summary(
        play(f"""{table}
27:00 | skin puncture L4-L5  | 8          | 22:00    |
35:00 | csf outflow          | 8          | 30:00    |
""")
    )
    assert prompts(figures) == [("change_interspace", "00:10:00"), ("change_interspace", "00:16:00")]
    assert figures["insertions_by_interspace"] == {"L2-L3": 3, "L3-L4": 3, "L4-L5": 2}
    assert (figures["interspaces_used"], figures["puncture_time_s"]) == (3, 30 * 60)
    assert figures["outcome"] == "success"


def test_nine_failures_at_three_interspaces_advise_two_changes_and_then_ct_guidance():
    figures = summary(play(NINE_FAILURES))
    assert prompts(figures) == [
        ("change_interspace", "00:10:00"),
        ("change_interspace", "00:16:00"),
        ("ct_guidance", "00:22:00"),
    ]
    assert (figures["outcome"], figures["puncture_time_s"]) == ("open", None)


def test_case_7_dose_4_ends_in_ct_guidance_and_its_clocks_take_nothing_from_after_it():
    figures = summary(
        play(f"""{NINE_FAILURES.rstrip()}
25:00 | switch to CT guidance | 9         |          |
30:00 | skin puncture L5-S1  | 9          |          |
32:00 | csf outflow          | 9          |          |
33:00 | start injection      | 9          |          |
34:00 | injection complete   | 9          |          |
""")
    )
    assert figures["outcome"] == "ct_guidance"
    clocks = (figures["operation_time_s"], figures["puncture_time_s"], figures["injection_time_s"])
    assert clocks == (None, None, None)


def test_failures_after_the_switch_to_ct_guidance_advise_nothing_more():
    play("""
time  | tap                   | insertions | puncture | prompt
00:00 | start scan            | 0          |          |
01:00 | skin puncture L2-L3   | 1          | 00:00    |
02:00 | withdrawn             | 1          | 01:00    |
03:00 | skin puncture L2-L3   | 2          | 02:00    |
04:00 | withdrawn             | 2          | 03:00    |
05:00 | switch to CT guidance | 2          |          |
06:00 | skin puncture L2-L3   | 2          |          |
07:00 | withdrawn             | 2          |          |
08:00 | patient wishes to stop | 2         |          |
""")


def test_a_dose_given_under_ct_is_followed_by_compression_and_supine_with_nothing_to_review():
    figures = summary(
        play("""
time    | tap                   | operation | compression | supine   | prompt | to review | outcome
00:00   | start scan            | 00:00     |             |          |        |           | open
10:00   | skin puncture L5-S1   | 10:00     |             |          |        |           | open
12:00   | withdrawn             | 12:00     |             |          |        |           | open
20:00   | switch to CT guidance |           |             |          |        |           | ct_guidance
60:00   | dose given under CT 5 mL |        |             |          |        |           | ct_guidance
61:00   | needle out            |           |             |          |        |           | ct_guidance
61:00   | start compression     |           | 00:00       |          |        |           | ct_guidance
81:00   | end compression       |           | 20:00       |          |        |           | ct_guidance
81:00   | start supine          |           | 20:00       | 00:00    |        |           | ct_guidance
5:21:00 | end supine            |           | 20:00       | 04:00:00 |        |           | ct_guidance
""")
    )
    assert figures["insertions"] == 1


def test_figures_completed_before_the_switch_to_ct_guidance_stay():
    figures = summary(
        play("""
time  | tap                   | insertions | operation | puncture | injection | outcome
00:00 | start scan            | 0          | 00:00     |          |           | open
05:00 | skin puncture L3-L4   | 1          | 05:00     | 00:00    |           | open
07:00 | csf outflow           | 1          | 07:00     | 02:00    |           | success
08:00 | start injection       | 1          | 08:00     | 02:00    | 00:00     | success
09:30 | injection complete    | 1          | 09:30     | 02:00    | 01:30     | success
12:00 | switch to CT guidance | 1          | 09:30     | 02:00    | 01:30     | ct_guidance
""")
    )
    assert figures["operation_time_s"] == 9 * 60 + 30


def test_a_patient_who_wishes_to_stop_before_the_injection_is_advised_ct_guidance_each_time():
    play("""
time  | tap                    | insertions | puncture | prompt      | outcome
00:00 | start scan             | 0          |          |             | open
06:00 | skin puncture L3-L4    | 1          | 00:00    |             | open
08:00 | patient wishes to stop | 1          | 02:00    | ct guidance | stopped
09:00 | withdrawn              | 1          | 03:00    |             | stopped
10:00 | patient wishes to stop | 1          | 04:00    | ct guidance | stopped
""")


def test_a_patient_who_wished_to_stop_and_then_agreed_to_go_on_can_still_succeed():
    play("""
time  | tap                    | prompt      | outcome
00:00 | start scan             |             | open
02:00 | patient wishes to stop | ct guidance | stopped
06:00 | skin puncture L3-L4    |             | stopped
08:00 | csf outflow            |             | success
09:00 | patient wishes to stop | ct guidance | stopped
10:00 | start injection        |             | stopped
11:30 | injection complete     |             | success
""")


def test_a_patient_who_wishes_to_stop_after_the_injection_changes_neither_prompt_nor_outcome():
    play("""
time  | tap                    | prompt | outcome
00:00 | start scan             |        | open
06:00 | skin puncture L3-L4    |        | open
08:00 | csf outflow            |        | success
10:00 | start injection        |        | success
11:30 | injection complete     |        | success
12:00 | patient wishes to stop |        | success
""")


def test_the_third_failed_interspace_advises_ct_whatever_was_passed_before():
    header, *rows = NINE_FAILURES.strip().splitlines()
    play("\n".join([header, "00:00 | patient wishes to stop | 0 | | ct guidance", *rows]))


def test_going_to_an_interspace_and_back_counts_three_interspaces_used():
    figures = summary(
        play("""
time  | tap                 | insertions | interspaces used | insertions by interspace
00:00 | skin puncture L2-L3 | 1          | 1                | {'L2-L3': 1}
01:00 | withdrawn           | 1          | 1                | {'L2-L3': 1}
02:00 | change interspace L3-L4 | 1      | 1                | {'L2-L3': 1}
03:00 | skin puncture L3-L4 | 2          | 2                | {'L2-L3': 1, 'L3-L4': 1}
04:00 | withdrawn           | 2          | 2                | {'L2-L3': 1, 'L3-L4': 1}
05:00 | skin puncture L2-L3 | 3          | 3                | {'L2-L3': 2, 'L3-L4': 1}
06:00 | withdrawn           | 3          | 3                | {'L2-L3': 2, 'L3-L4': 1}
07:00 | skin puncture L2-L3 | 4          | 3                | {'L2-L3': 3, 'L3-L4': 1}
""")
    )
    assert list(figures["insertions_by_interspace"]) == ["L2-L3", "L3-L4"]


def test_interspaces_are_listed_in_the_order_of_their_first_use_not_of_their_names():
    figures = summary(
        play("""
time  | tap                 | interspaces used
00:00 | skin puncture L5-S1 | 1
01:00 | withdrawn           | 1
02:00 | skin puncture L1-L2 | 2
""")
    )
    assert list(figures["insertions_by_interspace"]) == ["L5-S1", "L1-L2"]


def test_failures_at_an_interspace_add_up_over_a_return_to_it():
    play("""
time  | tap                 | insertions | puncture | prompt
00:00 | skin puncture L2-L3 | 1          | 00:00    |
01:00 | withdrawn           | 1          | 01:00    |
02:00 | skin puncture L2-L3 | 2          | 02:00    |
03:00 | withdrawn           | 2          | 03:00    |
04:00 | skin puncture L3-L4 | 3          | 04:00    |
05:00 | withdrawn           | 3          | 05:00    |
06:00 | skin puncture L2-L3 | 4          | 06:00    |
07:00 | withdrawn           | 4          | 07:00    | change interspace
08:00 | skin puncture L2-L3 | 5          | 08:00    |
09:00 | withdrawn (4th at L2-L3) | 5 | 09:00 | change interspace
""")


@pytest.mark.parametrize("wrong", ["| 2 |", "| 1 | 00:01", "| 1 | 00:00 | ct guidance", "| 1 | 00:00 | | double"])
def test_a_table_that_says_something_else_than_the_engine_fails_and_names_its_row(wrong: str):
    row = "06:00 | start scan | 0\n08:00 | skin puncture L2-L3 "
    play("time | tap | insertions | puncture | prompt | to review\n" + row + "| 1 | 00:00")
    with pytest.raises(AssertionError, match=re.escape("08:00 | skin puncture L2-L3")):
        play("time | tap | insertions | puncture | prompt | to review\n" + row + wrong)

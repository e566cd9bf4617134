"""Undo, late entry, two tablets, change of operator, as tables (see tests/tables.py)."""

from core.engine.summary import summary
from core.facts.insertions import insertions
from tests.helpers.tables import TWO_FAILURES, play, prompts, reviewed


def test_an_undone_withdrawal_takes_its_prompt_with_it_and_undoing_the_undo_brings_it_back():
    play(f"""{TWO_FAILURES.rstrip()}
11:00 | withdrawn           | 3          | 05:00    | change interspace
12:00 | undo of 11:00       | 3          | 06:00    | gone: change interspace
13:00 | undo of 12:00       | 3          | 07:00    | change interspace
14:00 | undo of 13:00       | 3          | 08:00    | gone: change interspace
15:00 | withdrawn           | 3          | 09:00    | change interspace
""")


def test_undoing_an_earlier_withdrawal_leaves_what_the_next_puncture_proves():
    play(f"""{TWO_FAILURES.rstrip()}
11:00 | withdrawn           | 3          | 05:00    | change interspace
12:00 | undo of 07:00       | 3          | 06:00    |                   | inferred
""")


def test_undone_events_count_nowhere():
    undone = summary(
        play("""
time  | tap                    | insertions | puncture | prompt            | outcome
00:00 | start scan             | 0          |          |                   | open
01:00 | skin puncture L3-L4    | 1          | 00:00    |                   | open
02:00 | csf outflow            | 1          | 01:00    |                   | success
03:00 | undo of 02:00          | 1          | 02:00    |                   | open
04:00 | undo of 01:00          | 0          |          |                   | open
05:00 | patient wishes to stop | 0          |          | ct guidance       | stopped
06:00 | undo of 05:00          | 0          |          | gone: ct guidance | open
07:00 | switch to CT guidance  | 0          |          |                   | ct_guidance
08:00 | undo of 07:00          | 0          |          |                   | open
09:00 | undo of 00:00          | 0          |          |                   | open
""")
    )
    assert undone == summary(play("time | tap | insertions\n00:00 | note nothing was tapped | 0"))


def test_an_entry_undone_twice_is_undone():
    play("""
time  | tap                 | insertions
01:00 | skin puncture L3-L4 | 1
02:00 | undo of 01:00       | 0
03:00 | undo of 01:00       | 0
04:00 | undo of 03:00       | 0
05:00 | undo of 02:00       | 1
""")


def test_a_late_entry_takes_its_place_in_the_order_of_what_happened():
    figures = summary(
        play("""
time  | tap                             | insertions | puncture | prompt            | to review
00:00 | start scan                      | 0          |          |                   |
06:00 | skin puncture L2-L3             | 1          | 00:00    |                   |
10:00 | skin puncture L2-L3             | 2          | 04:00    |                   | inferred
10:30 | withdrawn, at 08:00             | 2          | 04:30    |                   | gone: inferred
11:00 | withdrawn                       | 2          | 05:00    |                   |
14:00 | withdrawn (the needle of 13:00) | 2          | 08:00    |                   | out of order
15:00 | skin puncture L2-L3, at 13:00   | 3          | 09:00    | change interspace | gone: out of order
""")
    )
    assert prompts(figures) == [("change_interspace", "00:14:00")]


def test_a_late_entry_can_start_a_clock_earlier_than_it_was_tapped():
    play("""
time  | tap                           | operation | puncture
05:00 | start scan, at 01:00          | 04:00     |
09:00 | csf outflow                   | 08:00     |
10:00 | skin puncture L3-L4, at 07:00 | 09:00     | 02:00
""")


def test_entries_of_the_same_moment_keep_the_order_of_the_file():
    play("""
time  | tap                             | insertions | to review
05:00 | start scan                      | 0          |
05:00 | skin puncture L3-L4, on tablet-9 | 1         |
05:00 | withdrawn, on tablet-1          | 1          |
05:00 | needle out, on tablet-5 (it was out already) | 1 | out of order
""")


def test_a_record_opened_by_mistake_is_voided_whatever_else_it_holds():
    play("""
time  | tap                   | outcome
00:00 | start scan            | open
01:00 | skin puncture L3-L4   | open
02:00 | csf outflow           | success
03:00 | opened by mistake     | voided
04:00 | switch to CT guidance | voided
05:00 | undo of 03:00         | ct_guidance
""")


def test_the_same_mark_from_two_tablets_within_ten_seconds_counts_once_and_is_to_review():
    play("""
time  | tap                              | insertions | to review
00:00 | start scan                       | 0          |
01:00 | skin puncture L3-L4, on tablet-1 | 1          |
01:10 | skin puncture L3-L4, on tablet-2 | 1          | double
02:00 | withdrawn, on tablet-2           | 1          |
02:03 | withdrawn, on tablet-1           | 1          | double
03:00 | skin puncture L3-L4, on tablet-2 | 2          |
""")


def test_the_same_mark_from_two_tablets_more_than_ten_seconds_apart_counts_twice():
    play("""
time  | tap                              | insertions | to review
00:00 | start scan                       | 0          |
01:00 | skin puncture L3-L4, on tablet-1 | 1          |
01:11 | skin puncture L3-L4, on tablet-2 | 2          | inferred
""")


def test_the_same_mark_twice_from_one_tablet_counts_twice_however_close():
    play("""
time  | tap                              | insertions | to review
00:00 | start scan                       | 0          |
01:00 | skin puncture L3-L4, on tablet-1 | 1          |
01:01 | skin puncture L3-L4, on tablet-1 | 2          | inferred
""")


def test_undoing_the_tap_that_was_doubled_lets_the_other_tablet_s_tap_count():
    play("""
time  | tap                              | insertions | to review
00:00 | start scan                       | 0          |
01:00 | skin puncture L3-L4, on tablet-1 | 1          |
01:05 | skin puncture L3-L4, on tablet-2 | 1          | double
02:00 | undo of 01:00                    | 1          | gone: double
""")


def test_a_complication_a_note_a_check_and_a_value_change_no_figure():
    play("""
time  | tap                               | insertions | puncture | prompt | to review | outcome
00:00 | start scan                        | 0          |          |        |           | open
01:00 | skin puncture L3-L4               | 1          | 00:00    |        |           | open
02:00 | complication leg numbness         | 1          | 01:00    |        |           | open
03:00 | note leg numbness went at once    | 1          | 02:00    |        |           | open
04:00 | check time out                    | 1          | 03:00    |        |           | open
05:00 | Cobb's angle 45                   | 1          | 04:00    |        |           | open
06:00 | withdrawn paraesthesia            | 1          | 05:00    |        |           | open
""")


def test_what_is_to_review_has_a_sentence_of_its_own():
    figures = summary(
        play("""
time  | tap         | to review
00:00 | start scan  |
03:00 | csf outflow | out of order
""")
    )
    assert reviewed(figures) == ["out_of_order"]
    assert figures["to_review"][0]["t"] == "00:03:00"
    assert "CSF outflow at 00:03:00" in figures["to_review"][0]["text"]


def test_each_insertion_belongs_to_whoever_held_the_needle():
    session = play(
        """
time  | tap                                       | insertions
00:00 | start scan                                | 0
01:00 | skin puncture L3-L4 near-spinous process  | 1
02:00 | withdrawn                                 | 1
03:00 | change operator BK                        | 1
04:00 | skin puncture L3-L4 parasagittal oblique  | 2
05:00 | withdrawn                                 | 2
06:00 | skin puncture L4-L5                       | 3
07:00 | change operator AK (the needle is in: this insertion stays hers who began it) | 3
08:00 | csf outflow                               | 3
""",
        operator="AK",
    )
    found = [
        (insertion.operator, insertion.group, insertion.carried.get("approach")) for insertion in insertions(session)
    ]
    assert found == [
        ("AK", "L3-L4", "near-spinous process"),
        ("BK", "L3-L4", "parasagittal oblique"),
        ("BK", "L4-L5", None),
    ]
    assert session.walk.operator == "AK"


def test_a_late_or_undone_change_of_operator_moves_the_insertions_that_follow_it():
    table = """
time  | tap                           | insertions
01:00 | skin puncture L3-L4           | 1
02:00 | withdrawn                     | 1
03:00 | skin puncture L3-L4           | 2
05:00 | change operator BK, at 02:30  | 2
"""
    assert [insertion.operator for insertion in insertions(play(table, operator="AK"))] == ["AK", "BK"]
    undone = play(f"{table.rstrip()}\n06:00 | undo of 05:00 | 2", operator="AK")
    assert [insertion.operator for insertion in insertions(undone)] == ["AK", "AK"]


def test_insertions_per_operator_leave_out_what_is_undone_doubled_or_after_ct():
    session = play("""
time  | tap                              | insertions
01:00 | skin puncture L3-L4, on tablet-1 | 1
01:02 | skin puncture L3-L4, on tablet-2 | 1
02:00 | withdrawn                        | 1
03:00 | skin puncture L2-L3              | 2
04:00 | undo of 03:00                    | 1
05:00 | switch to CT guidance            | 1
06:00 | skin puncture L4-L5              | 1
""")
    assert [insertion.group for insertion in insertions(session)] == ["L3-L4"]

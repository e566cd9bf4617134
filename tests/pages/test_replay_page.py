"""A case replayed and the paper, as Streamlit runs them: what they say, and what they say where there is nothing."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.__main__ import main
from core.curves.cohort import course
from tests.helpers.tables import mark
from tests.pages.test_curves_page import GROUPS, store, texts, view, words_of

__all__ = ["view"]


def test_without_a_procedure_the_page_says_so(view: Callable[..., AppTest]):
    assert "No procedure is recorded yet." in words_of(view("replay.py"))


def test_procedures_are_offered_the_newest_first_and_found_by_the_patients_code(view: Callable[..., AppTest]):
    for day in range(1, 23):
        store(day, patient=f"P-1{day:02}")
    page = view("replay.py")
    sentence = words_of(page)
    assert sentence.index("Replay P-122, dose 1") < sentence.index("Replay P-121, dose 1")
    assert "Replay P-101" not in sentence
    assert "The newest 20 of 22." in sentence
    page = page.text_input(key="replay-patient").set_value("p-101").run()
    assert "Replay P-101" in words_of(page)
    assert "Replay P-122" not in words_of(page)
    assert "No procedure of “P-999” is recorded." in words_of(
        page.text_input(key="replay-patient").set_value("P-999").run()
    )


def test_a_case_stands_beside_the_median_of_the_operators_other_cases(view: Callable[..., AppTest]):
    for day, minutes in ((1, 3), (2, 5), (3, 9)):
        store(day, course.success([GROUPS[1]], "near-spinous process", 60 * minutes, 1800))
    store(4, course.success([GROUPS[1]], "near-spinous process", 3000, 4000), operator="BL")
    last = store(5, course.success([GROUPS[1], GROUPS[2]], "near-spinous process", 600, 1800))
    page = view("replay.py", s=last)
    assert "2 insertions: L2–L3 1, L3–L4 1." in words_of(page)
    assert "Puncture time 10 min (own median 5, n = 3)." in words_of(page)
    assert "needle: AK · own median of 3 other cases" in words_of(page)
    assert texts(page)[0].startswith("P-001, dose 1: Success. 2 insertions")


def test_a_drill_a_mistake_and_a_record_to_review_can_be_replayed_too(view: Callable[..., AppTest]):
    drill = store(1, drill=True, operator="DD")
    assert "no other case of this operator to compare with" in words_of(view("replay.py", s=drill))
    odd = view("replay.py", s=store(3, [mark(0, "scan_started"), mark(60, "withdrawn")]))
    assert "Marked: 1 to review." in words_of(odd)
    for nothing in ([], [mark(0, "voided")]):
        page = view("replay.py", s=store(4, nothing))
        assert "No mark of this record lasted: there is no ribbon to draw." in words_of(page)
        assert texts(page) == []


def test_an_unknown_and_an_unreadable_session_get_a_sentence_and_the_others_are_offered(
    view: Callable[..., AppTest], data: Path
):
    store(1, patient="P-101")
    torn = store(2)
    path = next(data.glob(f"sessions/*/{torn}.json"))
    path.write_bytes(path.read_bytes()[:100])
    for session in ("20260101-unknown1", "../../etc", torn):
        page = view("replay.py", s=session)
        assert len(page.error) == 1
        assert "Choose another procedure." in page.error[0].value
        assert "Replay P-101" in words_of(page)


def test_the_paper_is_reproduced_on_one_screen(view: Callable[..., AppTest]):
    page = view("paper.py")
    assert "8 of 8 headline figures and 20 of 20 punctures come out of" in words_of(page)
    for words in (
        "19/20 (95 %)",
        "17/19 (89.5 %)",
        "19 min (13–56)",
        "3 min (2–30)",
        "15 of 16",
        "12/8/5/3",
        "35/34/18/19",
        "3/2/1/1",
        "8/2/1/1",
        "45/28/17/15",
        "3/1/1/1",
    ):
        assert words in words_of(page)
    assert (
        "From the first to the last dose, min: case 1 12 → 3, case 2 20 → 2, case 3 7 → 2, case 6 30 → 3."
        in words_of(page)
    )
    assert "median 7.5, mean 7.75" in words_of(page)
    assert len(texts(page)) == 2


def test_the_published_cohort_once_stored_is_replayed_and_changes_no_curve(
    view: Callable[..., AppTest], capsys: pytest.CaptureFixture[str]
):
    assert main(["cohort", "--save"]) == 0
    stored = json.loads(capsys.readouterr().out)
    six = next(option for option in stored if option.endswith("case6dose1"))
    page = view("replay.py", s=six)
    assert "8 insertions: L2–L3 3, L3–L4 3, L4–L5 2. Operation time 56 min. Puncture time 30 min." in words_of(page)
    assert "Marked: 2 asked." in words_of(page)
    assert "No case under “Lumbar, nusinersen” yet. Left out: 20 published punctures." in words_of(view("curves.py"))

"""Entries that a page adds to a record: saved once, and never taken for others of the same name."""

from pathlib import Path

import pytest

from core.records import sessions
from core.records.correct import Content
from core.records.sessions import NotAdded
from tests.helpers.taps import DEVICE, begin, on_disk

FEVER: Content = ("complication", {"complication": "fever"}, None)
NOTE: Content = ("note", {"text": "Called"}, None)


def add(session: str, *contents: Content) -> None:
    sessions.add(sessions.store(), session, contents, DEVICE, "CK", "filling")


def test_saving_the_same_filling_again_adds_nothing(data: Path):
    session = begin()
    add(session, FEVER, NOTE)
    add(session, FEVER, NOTE)
    assert [entry["kind"] for entry in on_disk(session)] == ["complication", "note"]


@pytest.mark.parametrize("second", [(NOTE,), (("complication", {"complication": "headache"}, None),), (NOTE, FEVER)])
def test_another_content_under_the_name_of_a_saved_filling_is_refused_and_nothing_of_it_is_stored(
    data: Path, second: tuple[Content, ...]
):
    session = begin()
    add(session, FEVER)
    with pytest.raises(NotAdded, match=r"found that it was saved already, with other contents"):
        add(session, *second)
    assert [entry["data"] for entry in on_disk(session)] == [{"complication": "fever"}]

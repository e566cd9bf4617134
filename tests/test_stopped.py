"""A procedure that is stopped: its end answers what nobody can act on any more, and not what asks for a reason."""

from core.session import open_prompts
from core.story import story
from tests.tables import mark, session_of

STOPPED = [
    mark(0, "scan_started"), mark(60, "skin_puncture", interspace="L3-L4"), mark(120, "withdrawn"),
    mark(180, "patient_stop"),
]  # fmt: skip
HOME = mark(900, "discharged", discharged_by="CK")


def test_a_discharge_answers_the_call_for_ct_and_the_record_does_not_say_that_it_was_acted_on() -> None:
    assert [one.kind for one in open_prompts(session_of(STOPPED))] == ["ct_guidance"]
    session = session_of([*STOPPED, HOME])
    assert open_prompts(session) == []
    assert [one.kind for one in session.walk.prompts] == ["ct_guidance"]
    assert session.walk.outcome == "stopped"
    assert ["Closed with the procedure" in one.told for one in story(session) if one.kind == "prompt"] == [True]


def test_the_switch_to_ct_is_told_as_acted_on_though_a_discharge_follows() -> None:
    session = session_of([*STOPPED, mark(240, "ct_guidance"), HOME])
    assert ["Acted on" in one.told for one in story(session) if one.kind == "prompt"] == [True]


def test_a_discharge_leaves_the_question_why_compression_was_short() -> None:
    compressed = [mark(240, "compression_started"), mark(300, "compression_ended")]
    session = session_of([*STOPPED, *compressed, HOME])
    assert [one.kind for one in open_prompts(session)] == ["compression_short"]

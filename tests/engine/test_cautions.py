"""Values at whose content somebody should look as a mark is made: prompts with a reason, in the record."""

import json
from typing import Any

import pytest

from core.engine import scenario
from core.engine.cautions import last_day
from core.engine.session import Session, fold, open_prompts
from core.engine.summary import summary
from core.engine.words import prompt
from tests.helpers.tables import CERVICAL, LUMBAR, mark

SCAN = mark(0, "scan_started")
PUNCTURE = mark(600, "skin_puncture", interspace="L4-L5")


def session(events: list[dict[str, Any]], protocol: str = LUMBAR.id, **values: Any) -> Session:
    head = {"protocol": protocol, "patient": "P-001", "dose": 1, "values": values, "events": events}
    read = scenario.parse(json.dumps(head))
    return fold(read.protocol, "s", read.events("s", 1_795_168_800_000))  # 20 November 2026


def raised(*events: dict[str, Any], protocol: str = LUMBAR.id, **values: Any) -> list[tuple[str, str]]:
    prompts = summary(session(list(events), protocol, **values))["prompts"]
    return [(each["kind"], each["t"]) for each in prompts]


@pytest.mark.parametrize(
    ("platelets", "kinds"), [(12, ["platelets_low"]), (39, ["platelets_low"]), (40, []), (230, [])]
)
def test_low_platelets_are_prompted_before_the_puncture_and_once(platelets: int, kinds: list[str]):
    assert raised(SCAN, PUNCTURE, platelets=platelets) == [(kind, "00:00:00") for kind in kinds]


def test_a_value_counts_as_it_was_when_the_mark_was_made():
    late = {"t": "00:05:00", "value": "platelets", "is": 12}
    assert raised(SCAN, late, PUNCTURE, platelets=230) == [("platelets_low", "00:10:00")]
    assert raised(PUNCTURE, {"t": "00:11:00", "value": "platelets", "is": 12}) == []


def test_the_prompt_says_what_was_found_and_waits_for_a_reason():
    folded = session([SCAN, PUNCTURE], platelets=12)
    (waiting,) = open_prompts(folded)
    assert prompt(folded, waiting) == "Platelets 12: below 40 ×10⁹/L. Is the puncture still right?"
    assert LUMBAR.prompt["platelets_low"].reasons


@pytest.mark.parametrize(("spo2", "kinds"), [(80, ["spo2_low"]), (91, ["spo2_low"]), (92, [])])
def test_a_low_saturation_before_it_begins_is_prompted(spo2: int, kinds: list[str]):
    assert [kind for kind, _ in raised(SCAN, PUNCTURE, spo2=spo2)] == kinds


def test_a_puncture_at_the_barred_interspace_is_prompted_each_time():
    again = mark(700, "skin_puncture", interspace="L4-L5")
    elsewhere = mark(800, "skin_puncture", interspace="L3-L4")
    times = [t for kind, t in raised(PUNCTURE, again, elsewhere, barred_interspace="L4-L5") if kind == "barred"]
    assert times == ["00:10:00", "00:11:40"]


def test_a_puncture_above_l2_l3_is_warned_of():
    folded = session([mark(600, "skin_puncture", interspace="L1-L2")])
    assert [prompt(folded, waiting) for waiting in open_prompts(folded)] == ["L1–L2: the spinal cord may end here."]


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ({"spine": "spinal fusion", "reserved_channel": "L3-L4"}, ["outside_channel"]),
        ({"spine": "spinal fusion", "reserved_channel": "L4-L5"}, []),
        ({"spine": "spinal fusion"}, []),
        ({"spine": "severe scoliosis", "reserved_channel": "L3-L4"}, []),
    ],
)
def test_a_puncture_outside_the_reserved_channel_of_a_fused_spine_is_prompted(values: dict[str, Any], kinds: list[str]):
    assert [kind for kind, _ in raised(PUNCTURE, **values)] == kinds


@pytest.mark.parametrize(
    ("expiry", "expired"),
    [
        ("2026-11-19", True),
        ("2026-11-20", False),
        ("19.11.2026", True),
        ("20.11.2026", False),
        ("10/2026", True),
        ("11/2026", False),
        ("2026-10", True),
        ("2027-01", False),
        ("soon", False),
        ("", False),
    ],
)
def test_a_vial_past_its_date_is_prompted_as_the_drug_is_drawn_up(expiry: str, expired: bool):
    values = {"vial_expiry": expiry} if expiry else {}
    assert raised(mark(60, "drug_drawn"), **values) == ([("vial_expired", "00:01:00")] if expired else [])


def test_a_fresh_vial_answers_the_prompt():
    fresh = {"t": "00:02:00", "value": "vial_expiry", "is": "2027-12-31"}
    folded = session([mark(60, "drug_drawn"), fresh, mark(180, "drug_drawn")], vial_expiry="2020-01-31")
    assert [each["kind"] for each in summary(folded)["prompts"]] == ["vial_expired"]
    assert open_prompts(folded) == []


@pytest.mark.parametrize("text", [None, 7, "", "1.2.2026", "2026-1-1", "31-12-2026"])
def test_what_is_no_day_has_none(text: object):
    assert last_day(text) is None


def test_in_the_neck_contrast_allergy_pregnancy_and_an_anticoagulant_are_said_where_they_matter():
    course = [
        mark(60, "level_imaged", image_number="1"),
        mark(120, "skin_puncture", target="medial branch block", level="C5", side="left"),
        mark(180, "contrast_clear", image_number="2"),
    ]
    values = {"contrast_allergy": True, "pregnancy": "yes", "anticoagulants": "apixaban, this morning"}
    kinds = raised(*course, protocol=CERVICAL.id, **values)
    assert kinds == [("pregnancy", "00:01:00"), ("anticoagulants", "00:02:00"), ("contrast_allergy", "00:03:00")]
    denied = {"contrast_allergy": False, "pregnancy": "no", "anticoagulants": "None"}
    assert raised(*course, protocol=CERVICAL.id, **denied) == []

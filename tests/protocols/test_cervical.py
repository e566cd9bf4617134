"""The cervical protocol as tables that a clinician can read: the evidence, what goes together, and the two regions."""

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import clock, protocols
from core.__main__ import main
from core.engine.events import Event
from core.engine.sentences import sentence
from core.engine.session import Session, fold
from core.engine.summary import summary
from core.protocols.tables import Protocol
from core.records import history, sessions
from core.records.row import row as row_of
from core.store import Store, new_session_id
from core.transfer import export_json
from tests.engine.test_laws import event
from tests.helpers.tables import CERVICAL, LUMBAR, hms, mark, play, reviewed, session_of
from tests.helpers.taps import DEVICE, Json, send, tap

NECK: Json = {"protocol": CERVICAL.id}
IN_ORDER = """
time  | tap                                          | insertions | procedure | needle | to review
00:00 | check limited evidence                       | 0          |           |        |
00:10 | check risk profile                           | 0          |           |        |
00:20 | Guidance ultrasound with fluoroscopy         | 0          |           |        |
01:00 | start scan                                   | 0          | 00:00     |        |
02:00 | Vessel seen no (excludes none)               | 0          | 01:00     |        |
03:00 | level imaged 11                              | 0          | 02:00     |        |
05:00 | lidocaine given 1 mL                         | 0          | 04:00     |        |
06:00 | skin puncture medial branch block C5 left    | 1          | 05:00     | 00:00  |
06:30 | advance, tip in view                         | 1          | 05:30     | 00:30  |
07:00 | final tip imaged 12                          | 1          | 06:00     | 01:00  |
07:30 | contrast: no uptake 13 0.5 mL                | 1          | 06:30     | 01:30  |
08:00 | start injectate                              | 1          | 07:00     | 02:00  |
08:30 | injectate complete 0.5 mL                    | 1          | 07:30     | 02:30  |
08:40 | needle out                                   | 1          | 07:30     | 02:30  |
09:00 | start observation                            | 1          | 07:30     | 02:30  |
39:00 | end observation                              | 1          | 07:30     | 02:30  |
39:30 | check neurology                              | 1          | 07:30     | 02:30  |
40:00 | discharge CK                                 | 1          | 07:30     | 02:30  |
"""

TOMORROW = 2**52  # when nothing of today is under way any more


def neck(table: str, **head: Any) -> Session:
    return play(table, **NECK | head)


def without(row: str) -> str:
    """The whole procedure, this row left out and only what is to review compared."""
    rows = [line for line in IN_ORDER.strip().splitlines()[1:] if row not in line]
    assert len(rows) == 17, row
    return "time | tap\n" + "\n".join("|".join(line.split("|")[:2]) for line in rows)


def reviews(session: Session) -> list[str]:
    return [review["text"] for review in summary(session)["to_review"]]


# ----------------------------------------------------------------------------------------------------------- in order
def test_a_whole_procedure_in_order_has_nothing_to_review_and_is_a_success():
    session = neck(IN_ORDER)
    assert (session.walk.outcome, session.closed, reviews(session)) == ("success", True, [])
    figures = summary(session)
    assert figures["insertions_by_target"] == {"medial branch block": 1}
    assert figures["observation_time_s"] == 30 * 60


def test_a_lost_tip_stops_the_advance_until_it_is_found_and_finding_it_is_expected():
    neck("""
time  | tap                                  | insertions | to review | state
00:00 | check limited evidence               | 0          |                  | before the scan
00:05 | check risk profile                   | 0          |                  | before the scan
00:10 | start scan                           | 0          |                  | scan and sterile setup
01:00 | skin puncture nerve root C6 right    | 1          |                  | the needle is in
01:10 | tip lost                             | 1          |                  | the tip is not in view
01:20 | advance, tip in view (none was)      | 1          | out of order     | the needle is in
01:30 | tip lost                             | 1          |                  | the tip is not in view
01:40 | tip in view again                    | 1          |                  | the needle is in
01:50 | advance, tip in view                 | 1          |                  | the needle is in
02:00 | tip lost                             | 1          |                  | the tip is not in view
02:10 | withdrawn                            | 1          |                  | between insertions
""")


def test_after_uptake_and_withdrawal_the_second_insertion_has_its_own_tip_and_contrast():
    session = neck("""
time  | tap                                  | insertions | to review | state
00:00 | check limited evidence               | 0          |           | before the scan
00:05 | check risk profile                   | 0          |           | before the scan
00:10 | start scan                           | 0          |           | scan and sterile setup
00:30 | level imaged 21                      | 0          |           | scan and sterile setup
01:00 | skin puncture nerve root C6 right    | 1          |           | the needle is in
02:00 | final tip imaged 22                  | 1          |           | the final tip is imaged
02:30 | intravascular uptake                 | 1          |           | intravascular uptake was seen
03:00 | withdrawn                            | 1          |           | between insertions
04:00 | skin puncture nerve root C6 right    | 2          |           | the needle is in
05:00 | final tip imaged 23                  | 2          |           | the final tip is imaged
05:30 | contrast: no uptake 24               | 2          |           | contrast shows no uptake
06:00 | start injectate                      | 2          |           | injecting
""")
    assert reviews(session) == []


# ----------------------------------------------------------------------------------------------------------- evidence
MISSING = [
    ("level imaged", "Missing before Start injectate at 00:08:00: Fluoroscopic image of the vertebral level."),
    ("final tip imaged", "Missing before Start injectate at 00:08:00: Fluoroscopic image of the final needle tip."),
    ("contrast:", "Missing before Start injectate at 00:08:00: Live contrast without intravascular uptake."),
    ("limited evidence", "Missing before Skin puncture at 00:06:00: Consent to limited evidence."),
    ("risk profile", "Missing before Skin puncture at 00:06:00: Consent to its own risks."),
]


@pytest.mark.parametrize(("left_out", "text"), MISSING, ids=[case[0] for case in MISSING])
def test_each_missing_evidence_is_listed_by_name(left_out: str, text: str):
    listed = [
        review for review in summary(neck(without(left_out)))["to_review"] if review["kind"] == "missing_evidence"
    ]
    assert [review["text"].startswith(text) for review in listed] == [True], listed
    assert listed[0]["text"].endswith((".", "vessel; afterwards it shows nothing."))


def test_every_evidence_of_the_protocol_is_in_that_list():
    at_the_needle = [expect for expect in CERVICAL.expect if expect.before != "discharged"]
    assert len(MISSING) == len(at_the_needle) == 5
    assert all(any(expect.label in text for _, text in MISSING) for expect in at_the_needle)


def test_contrast_recorded_after_the_injectate_is_missing_before_it_and_too_late_after_it():
    session = neck("""
time  | tap                                | to review
00:00 | check limited evidence             |
00:05 | check risk profile                 |
00:10 | start scan                         |
00:30 | level imaged 21                    |
01:00 | skin puncture nerve root C6 right  |
02:00 | final tip imaged 22                |
03:00 | start injectate                    | out of order, missing evidence
03:30 | contrast: no uptake 24             | out of order, too late
""")
    assert reviews(session)[-1] == (
        "Contrast: no uptake at 00:03:30 came too late. "
        "Only live contrast before the injectate shows that the tip is in no vessel; afterwards it shows nothing."
    )


def test_contrast_entered_late_but_given_before_the_injectate_is_evidence():
    session = neck(without("contrast:") + "\n40:10 | contrast: no uptake 13, at 07:30")
    assert reviews(session) == []


def test_a_tip_imaged_before_the_needle_moved_on_is_not_the_final_tip():
    session = neck("""
time  | tap                                | to review
00:00 | check limited evidence             |
00:05 | check risk profile                 |
00:10 | start scan                         |
00:30 | level imaged 21                    |
01:00 | skin puncture nerve root C6 right  |
02:00 | final tip imaged 22                |
02:10 | contrast: no uptake 23             |
02:20 | withdrawn                          |
03:00 | skin puncture nerve root C6 right  |
04:00 | start injectate                    | out of order, missing evidence, missing evidence
""")
    assert [item.key for item in session.walk.review if item.kind == "missing_evidence"] == ["tip_image", "contrast"]


@pytest.mark.parametrize("mark_id", ["level_imaged", "tip_imaged", "contrast_clear"])
def test_evidence_without_an_image_number_is_kept_and_listed_with_the_reason(mark_id: str):
    session = of_events(event("a", "mark", 1000, {"mark": mark_id}))
    (listed,) = [review["text"] for review in summary(session)["to_review"] if review["kind"] == "missing"]
    assert "was recorded without its Image number." in listed
    assert listed.endswith("Evidence that cannot be found again is none: give the image's number.")
    image = event("d", "detail", 2000, {"of": "a", "set": {"image_number": "7"}})
    assert "missing" not in reviewed(summary(of_events(event("a", "mark", 1000, {"mark": mark_id}), image)))


def of_events(*entries: Event) -> Session:
    return fold(CERVICAL, "s", entries)


# -------------------------------------------------------------------------------------------------- what goes together
LEVELS = [option.id for option in CERVICAL.options("level")]
NERVES = ["C3", "C4", "C5", "C6", "C7", "C8"]
JOINTS = ["C2-C3", "C3-C4", "C4-C5", "C5-C6", "C6-C7", "C7-T1"]
GOES_WITH = {"medial branch block": NERVES, "nerve root": NERVES, "facet joint": JOINTS}
PAIRS = [(target, level, level in goes) for target, goes in GOES_WITH.items() for level in LEVELS]


@pytest.mark.parametrize(("target", "level", "goes"), PAIRS, ids=str)
def test_a_level_goes_with_its_target_or_is_listed_with_the_reason(target: str, level: str, goes: bool):
    session = session_of([mark(0, "skin_puncture", target=target, level=level, side="left")], **NECK)
    listed = [sentence(session, item) for item in session.walk.review if item.kind == "does_not_fit"]
    if goes:
        assert listed == []
    else:
        assert listed == [
            f"Skin puncture at 00:00:00: Level '{level}' does not go with its Target. A medial branch or nerve root is "
            "named by its nerve, C3 to C8; a facet joint by its two vertebrae, C2-C3 to C7-T1."
        ]


def test_the_levels_of_the_table_are_those_of_the_protocol_and_half_of_each_target_goes():
    assert sorted(LEVELS) == sorted(NERVES + JOINTS)
    assert {option.id for option in CERVICAL.options("target")} == set(GOES_WITH)
    assert len(PAIRS) == 36
    assert sum(goes for *_, goes in PAIRS) == 18


@pytest.mark.parametrize("level", ["C2", "C9", "C1-C2", "T1-T2"])
def test_a_level_just_above_or_below_the_table_is_listed_as_not_offered(level: str):
    puncture = {"mark": "skin_puncture", "target": "facet joint", "level": level, "side": "left"}
    assert "not_offered" in [item.kind for item in of_events(event("a", "mark", 0, puncture)).walk.review]


# ----------------------------------------------------------------------------------------------------- ultrasound alone
def test_ultrasound_alone_without_a_reason_is_listed_and_with_one_it_is_not_but_the_row_stays_marked():
    bare = neck("time | tap | to review\n00:00 | Guidance ultrasound alone | missing")
    assert reviews(bare) == ["Guidance at 00:00:00 was recorded without its Reason for ultrasound alone."]
    session = neck("""
time  | tap                                                 | to review
00:00 | Guidance ultrasound alone                           | missing
00:10 | Reason for ultrasound alone the C-arm is broken     | gone: missing
""")
    assert reviews(session) == []
    assert row_of(bare).flags == row_of(session).flags == ["Ultrasound alone"]
    assert row_of(neck(IN_ORDER)).flags == []


def test_ultrasound_alone_still_lists_every_missing_image_by_name():
    table = "\n".join(row for row in without("contrast:").splitlines() if "imaged" not in row)
    session = neck(table.replace("ultrasound with fluoroscopy", "ultrasound alone"))
    missing = [item.key for item in session.walk.review if item.kind == "missing_evidence"]
    assert missing == ["level_image", "tip_image", "contrast"]


# ---------------------------------------------------------------------------------------------------------- the regions
@pytest.mark.parametrize(
    ("own", "level", "names"),
    [
        (LUMBAR, "C5-C6", CERVICAL),
        (LUMBAR, "C7-T1", CERVICAL),
        (LUMBAR, "C8", CERVICAL),
        (CERVICAL, "L3-L4", LUMBAR),
        (CERVICAL, "L5–S1", LUMBAR),
    ],
    ids=lambda table: getattr(table, "id", table),
)
def test_a_level_of_the_other_region_is_refused_in_one_sentence_that_names_the_other_protocol(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], own: Protocol, level: str, names: Protocol
):
    carried = {"interspace": level} if own is LUMBAR else {"target": "facet joint", "level": level, "side": "left"}
    path = tmp_path / "wrong.json"
    head = {"protocol": own.id, "patient": "P-001", "dose": 1}
    path.write_text(json.dumps(head | {"events": [mark(0, "skin_puncture", **carried)]}))
    assert main(["replay", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f"expected a {own.region} level, found {level.replace('–', '-')}, which is a {names.region} one" in err
    assert f"use the protocol {names.id} ({names.title})" in err


def test_a_cervical_level_that_a_tablet_sent_into_the_lumbar_protocol_is_kept_and_its_review_names_the_other(
    client: TestClient, session: str
):
    assert send(client, session, tap(session, "a", data={"mark": "skin_puncture", "interspace": "C5-C6"}))[0] == 200
    listed = export_json.export(sessions.store(), session)["summary"]["to_review"]
    (text,) = [review["text"] for review in listed if review["kind"] == "not_offered"]
    assert "expected a lumbar level, found C5-C6, which is a cervical one" in text
    assert "use the protocol cervical-fluoroscopy" in text
    assert "one of one of" not in text


def test_a_lumbar_level_that_a_tablet_sent_into_the_cervical_protocol_is_kept_and_its_review_names_the_other(
    client: TestClient,
):
    session = begun(sessions.store(), "P-001", CERVICAL)
    data = {"mark": "skin_puncture", "target": "facet joint", "level": "L3-L4", "side": "left"}
    assert send(client, session, tap(session, "a", data=data))[0] == 200
    listed = export_json.export(sessions.store(), session)["summary"]["to_review"]
    (text,) = [review["text"] for review in listed if review["kind"] == "not_offered"]
    assert "use the protocol lumbar-nusinersen" in text


def begun(store: Store, patient: str, p: Protocol) -> str:
    head = {"patient": patient, "dose": 1, "operator": "AK", "recorder": "RR", "drill": False}
    return sessions.begin(store, new_session_id(clock.now_ms()), p.id, head, {}, DEVICE)


# --------------------------------------------------------------------------------------------------------- never pooled
def test_rows_and_records_carry_their_protocol_and_no_history_or_suggestion_pools_two(tmp_path: Path):
    store = Store(tmp_path)
    opened = {p.id: begun(store, "P-001", p) for p in (LUMBAR, CERVICAL)}
    assert {export_json.export(store, session)["protocol"] for session in opened.values()} == set(opened)
    rows = [row_of(sessions.read(store, session)) for session in opened.values()]
    assert {row.protocol: row.protocol_short for row in rows} == {p.id: p.short for p in (LUMBAR, CERVICAL)}
    for p in (LUMBAR, CERVICAL):
        assert [row.session for row in history.doses(rows, "P-001", p.id, TOMORROW)] == [opened[p.id]]


def test_a_lumbar_success_suggests_nothing_for_the_neck():
    lumbar = session_of([mark(0, "skin_puncture", interspace="L3-L4"), mark(60, "csf_outflow")])
    rows = [row_of(lumbar)]
    earlier = history.doses(rows, "P-001", CERVICAL.id, TOMORROW)
    assert history.suggestions(CERVICAL, earlier, history.known_values(CERVICAL, earlier)) == []
    own = history.doses(rows, "P-001", LUMBAR.id, TOMORROW)
    assert [suggestion.option for suggestion in history.suggestions(LUMBAR, own, {})][:1] == ["L3-L4"]


# ------------------------------------------------------------------------------------------------------------ the bound
BOUND_S = next(int(window.below_s or 0) for window in CERVICAL.window if window.id == "observation_short")


@pytest.mark.parametrize(("seconds", "prompts"), [(BOUND_S - 1, 1), (BOUND_S, 0), (BOUND_S + 1, 0)])
def test_observation_just_below_its_time_asks_for_the_reason_and_at_it_or_above_does_not(seconds: int, prompts: int):
    start = 600
    figures = summary(
        session_of(
            [
                mark(0, "injectate_completed"),
                mark(10, "needle_removed"),
                mark(start, "observation_started"),
                mark(start + seconds, "observation_ended"),
            ],
            **NECK,
        )
    )
    assert [prompt["kind"] for prompt in figures["prompts"]] == ["observation_short"] * prompts
    assert figures["observation_time_s"] == seconds


# ----------------------------------------------------------------------------------------------------- the command line
def test_the_whole_procedure_replays_is_stored_and_the_file_has_nothing_to_complain_of(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
):
    events = [
        {"t": hms(0), "check": "limited_evidence"},
        {"t": hms(1), "check": "risk_profile"},
        mark(10, "scan_started"),
        mark(20, "level_imaged", image_number="11"),
        mark(30, "skin_puncture", target="facet joint", level="C5–C6", side="left"),
        mark(40, "tip_imaged", image_number="12"),
        mark(50, "contrast_clear", image_number="13"),
        mark(60, "injectate_started"),
        mark(90, "injectate_completed", injectate_ml=0.5),
        mark(95, "needle_removed"),
    ]
    path = tmp_path / "neck.json"
    path.write_text(json.dumps(NECK | {"patient": "P-001", "dose": 1, "events": events}))
    assert main(["replay", "--save", str(path)]) == 0
    saved = json.loads(capsys.readouterr().out)
    assert (saved["outcome"], saved["to_review"]) == ("success", [])
    assert main(["export", "--format", "json", "--session", saved["session"]]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["protocol"], record["summary"]["procedure_time_s"]) == (CERVICAL.id, 80)
    assert main(["check", str(protocols.FOLDER / f"{CERVICAL.id}.toml")]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": CERVICAL.id, "version": CERVICAL.version, "problems": []}

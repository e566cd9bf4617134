"""One rule for an opening: a scenario, New procedure's form, an archive and paper sheets accept and refuse the same."""

import io
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.__main__ import main
from core.engine import opening, scenario
from core.records import sessions
from core.store import Store
from core.transfer import export_archive, import_archive, import_sheets
from core.transfer.import_archive import ImportPlan
from core.transfer.progress import BadImport
from pages.parts.opening import form
from tests.helpers.tables import LUMBAR, mark

Json = dict[str, Any]
BASE: Json = {"patient": "P-006", "dose": 1, "operator": "AK", "recorder": "RR", "drill": False}
REFUSED: dict[str, Json] = {
    "dose 0": {"dose": 0},
    "dose 1001": {"dose": 1001},
    "dose 2000": {"dose": 2000},
    "dose true": {"dose": True},
    "a drill's patient": {"patient": "DRILL-1"},
    "a drill's patient in small letters": {"patient": "drill-1"},
    "a patient's name": {"patient": "Ann Lee"},
    "a code of 33 characters": {"patient": "P" * 33},
    "an operator of 65 characters": {"operator": "A" * 65},
    "an operator on two lines": {"operator": "A\u2028B"},
    "a recorder with a bell": {"recorder": "R\x07"},
    "a drill that is text": {"drill": "true"},
}
ACCEPTED: dict[str, Json] = {
    "the largest dose": {"dose": 1000},
    "a code of 32 characters": {"patient": "P" * 32},
    "a drill": {"patient": "DRILL-1", "drill": True},
    "a drill on a patient's code": {"drill": True},
    "an operator of 64 characters": {"operator": "Ä" * 64},
    "a space that does not break": {"operator": "Dr\u00a0K", "recorder": "R\u200dR"},
    "no operator yet": {"operator": "", "recorder": ""},
}


def written(opened: Json, **more: Any) -> str:
    return json.dumps({"protocol": LUMBAR.id, **opened, "events": [mark(0, "scan_started")], **more})


def taken_by_scenario(opened: Json) -> bool:
    try:
        scenario.parse(written(opened))
    except scenario.BadScenario:
        return False
    return True


def taken_by_archive(opened: Json) -> bool:
    """Whether an Interspace that has this opening on record exports a file that another one imports."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Store(Path(folder, "ours")), Store(Path(folder, "theirs"))
        read = scenario.parse(written(BASE))
        entries = read.events("20260131-opened", 1_769_850_000_000)
        entries[0].data.update(opened)
        session = sessions.open_session(ours, read.text, read.opened, entries, "20260131-opened", entries[0].at)
        out = io.BytesIO()
        list(export_archive.write(ours, [session], out))
        *_, plan = import_archive.plan(theirs, out.getvalue())
        assert isinstance(plan, ImportPlan)
        list(import_archive.write(theirs, plan))
        return [theirs.load(name).events for name in theirs.sessions()] == [ours.load(session).events]


def taken_by_form(opened: Json) -> bool:
    return form.problem(opened["patient"], opened, opened["drill"] is True) is None


def sheet_problems(store: Store, opened: Json) -> list[str]:
    cells = {key: str(opened[key]) for key in ("patient", "dose", "operator", "recorder")}
    head = ",".join(f'"{cells[key]}"' for key in cells)
    text = (
        f"sheet,{','.join(cells)},protocol,date,time,kind,what\n1,{head},{LUMBAR.id},2021-05-03,10:00,check,consent\n"
    )
    try:
        import_sheets.plan(store, text.encode(), None, "tablet0001", "MM")
    except BadImport as error:
        return error.problems
    return []


@pytest.mark.parametrize("change", REFUSED.values(), ids=REFUSED)
def test_what_the_rule_refuses_no_way_in_accepts(data: Path, change: Json):
    opened = BASE | change
    assert opening.sentences(opened, opened["drill"] is True)
    assert (taken_by_scenario(opened), taken_by_archive(opened), taken_by_form(opened)) == (False, False, False)
    if "drill" not in change and change.get("dose") is not True:
        assert len(sheet_problems(sessions.store(), opened)) == 1


@pytest.mark.parametrize("change", ACCEPTED.values(), ids=ACCEPTED)
def test_what_the_rule_accepts_every_way_in_accepts(data: Path, change: Json):
    opened = BASE | change
    assert (taken_by_scenario(opened), taken_by_archive(opened), taken_by_form(opened)) == (True, True, True)
    if not opened["drill"]:
        assert sheet_problems(sessions.store(), opened) == []


CODES = st.from_regex(r"\A(DRILL-|drill-)?[A-Za-z0-9][A-Za-z0-9._-]{0,31}\Z") | st.text(max_size=4)
NAMES = st.text(st.characters(codec="utf-8"), max_size=66)
OPENINGS = st.fixed_dictionaries(
    {
        "patient": CODES,
        "dose": st.integers(-1, 1100) | st.booleans(),
        "operator": NAMES,
        "recorder": NAMES,
        "drill": st.booleans(),
    }
)


@settings(deadline=None, max_examples=60)
@given(OPENINGS)
@example(BASE | {"dose": 2000})
@example(BASE | {"patient": "DRILL-1"})
def test_any_opening_is_accepted_by_all_of_scenario_form_and_archive_or_by_none(opened: Json):
    taken = taken_by_scenario(opened)
    assert (taken_by_form(opened), taken_by_archive(opened)) == (taken, taken)


@pytest.mark.parametrize("change", [{"dose": 2000}, {"patient": "DRILL-1"}], ids=["dose 2000", "a drill's patient"])
@pytest.mark.parametrize("words", [["replay"], ["replay", "--save"]], ids=" ".join)
def test_a_scenario_with_such_an_opening_ends_with_2_one_sentence_and_nothing_written(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], change: Json
):
    path = tmp_path / "scenario.json"
    path.write_text(written(BASE | change), encoding="utf-8")
    assert main([*words, str(path)]) == 2
    out, err = capsys.readouterr()
    (key,) = change
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"scenario.json: {key}: expected ")
    assert json.dumps(change[key]) in err
    assert not data.exists()


def test_a_drills_patient_on_a_paper_sheet_is_refused_at_its_line_and_column(data: Path):
    (problem,) = sheet_problems(sessions.store(), BASE | {"patient": "DRILL-1"})
    assert problem.startswith("line 2, column patient: expected a patient's code")


@pytest.mark.parametrize("key", ["operator", "recorder"])
def test_a_scenario_leaves_out_whom_it_does_not_know_and_does_not_say_null(key: str):
    with pytest.raises(scenario.BadScenario, match=f"{key}: expected a text, or no such key, found null"):
        scenario.parse(written(BASE | {key: None}))


@pytest.mark.parametrize(("by", "number"), [("M" * 65, "1"), ("MM", "1" * 2001)], ids=["by", "number of the sheet"])
def test_what_is_too_long_for_a_record_is_refused_in_a_sentence_of_the_paper_import(data: Path, by: str, number: str):
    text = (
        f"sheet,protocol,patient,dose,date,time,kind,what\n{number},{LUMBAR.id},P-1,1,2021-05-03,10:00,check,consent\n"
    )
    with pytest.raises(BadImport, match=r"expected .* at most"):
        import_sheets.plan(sessions.store(), text.encode(), None, "tablet0001", by)

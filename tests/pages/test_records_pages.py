"""Records and Record as Streamlit runs them: found, exported, imported, corrected."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from core.drills import drill, own
from core.engine.summary import summary
from core.records import index, sessions
from core.transfer import export_archive
from core.transfer.exports import FORMATS
from core.web.dress import DEVICE_COOKIE
from tests.helpers.kept import INJECTED, add, cervical, entry, keep, rows, table, with_everything
from tests.helpers.tables import CERVICAL, LUMBAR, mark
from tests.helpers.taps import DEVICE

SHELL = str(Path(__file__).parents[2] / "pages" / "shell.py")
Open = Callable[..., AppTest]


@pytest.fixture
def opened(data: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Opens a page by its file, on a tablet that has its name already: AppTest knows no cookies."""
    monkeypatch.setattr(ContextProxy, "cookies", {DEVICE_COOKIE: DEVICE})

    def page(name: str, **query: str) -> AppTest:
        app = AppTest.from_file(SHELL, default_timeout=30)
        for key, value in query.items():
            app.query_params[key] = value
        return whole(app.run().switch_page(f"{name}.py").run())

    return page


def whole(page: AppTest) -> AppTest:
    assert not page.exception
    return page


def shown(page: AppTest) -> str:
    """All that the page says."""
    texts = [element.value for kind in (page.markdown, page.warning, page.error) for element in kind]
    return "\n".join(texts + [block.proto.body for block in page.get("html")])


def listed(page: AppTest) -> list[str]:
    """The patients of the listed records, from above."""
    return [
        part.partition("</b>")[0]
        for part in shown(page).split('class="case record"')[1:]
        for part in [part.partition("<b>")[2]]
    ]


# ------------------------------------------------------------------------------------------------------------- finding
def test_records_lists_the_newest_first_and_narrows_with_each_filter(opened: Open):
    with_everything()
    cervical()
    keep(INJECTED, "2026-03-03T09:00:00Z", patient="DRILL-1", drill=True)
    page = opened("records")
    assert listed(page) == ["P-700", "P-006"]
    assert listed(page.text_input(key="by patient").set_value("006").run()) == ["P-006"]
    page.text_input(key="by patient").set_value("")
    assert listed(page.selectbox(key="by operator").set_value("BL").run()) == ["P-006"]
    page.selectbox(key="by operator").set_value(None)
    assert listed(page.selectbox(key="by protocol").set_value(LUMBAR.id).run()) == ["P-006"]
    page.selectbox(key="by protocol").set_value(None)
    assert listed(page.toggle(key="by drills").set_value(True).run()) == ["DRILL-1", "P-700", "P-006"]
    assert listed(page.toggle(key="by review").set_value(True).run()) == ["P-700", "P-006"]
    assert "2 records" in shown(page)


def test_days_the_wrong_way_round_are_told_and_not_used(opened: Open):
    with_everything()
    page = opened("records")
    page.date_input(key="by since").set_value(date(2026, 5, 2))
    page = whole(page.date_input(key="by until").set_value(date(2026, 5, 1)).run())
    assert [error.value for error in page.error] == [
        "Dates: expected the end on or after 2026-05-02, found 2026-05-01. All dates are shown."
    ]
    assert listed(page) == ["P-006"]


def test_a_patient_that_is_on_no_record_finds_nothing_and_offers_nothing_to_take_out(opened: Open):
    with_everything()
    page = whole(opened("records").text_input(key="by patient").set_value("P-999").run())
    assert "0 records" in shown(page)
    assert "No record was found that could be exported." in shown(page)


def test_a_record_that_cannot_be_read_is_named_and_hides_no_other(opened: Open, data: Path):
    with_everything()
    torn = cervical()
    path = next(data.glob(f"sessions/*/{torn}.json"))
    path.write_bytes(path.read_bytes()[:200])
    page = opened("records")
    assert listed(page) == ["P-006"]
    (error,) = [error.value for error in page.error]
    assert torn in error


# ---------------------------------------------------------------------------------------------------------- exporting
@pytest.mark.parametrize("format_", [name for name in FORMATS if name != "xlsx"])
def test_the_found_records_are_taken_out_as_a_zip_with_their_dictionary(opened: Open, format_: str):
    with_everything()
    cervical()
    page = opened("records")
    page.button_group(key="format").set_value(format_).run()
    page = whole(page.button(key="make").click().run())
    _, name, content, problems = page.session_state["made"]
    assert (name.startswith(f"interspace-{format_}-"), problems) == (True, [])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert sorted(packed.namelist()) == sorted([*FORMATS[format_].files, *FORMATS[format_].dictionaries])
        (written,) = [packed.read(packed_file).decode() for packed_file in FORMATS[format_].files]
    assert "P-006" in written
    assert written.startswith("\ufeff") == FORMATS[format_].bom
    assert any(button.proto.label.startswith(f"Save {name}") for button in page.get("download_button"))


def test_a_file_that_was_made_is_offered_only_for_what_is_found_now(opened: Open):
    with_everything()
    cervical()
    page = opened("records")
    page = page.button(key="make").click().run()
    assert "Save interspace" in page.get("download_button")[0].proto.label
    page = page.text_input(key="by patient").set_value("006").run()
    assert not [button for button in page.get("download_button") if "Save interspace" in button.proto.label]


# --------------------------------------------------------------------------------------------------------- importing
def test_an_archive_is_first_told_and_then_brought_in(
    opened: Open, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    session = with_everything()
    out = io.BytesIO()
    list(export_archive.write(sessions.store(), [session], out))
    monkeypatch.setenv("INTERSPACE_DATA", str(tmp_path / "other"))
    sessions.store.cache_clear()
    index.index.cache_clear()
    page = opened("records")
    page = whole(page.file_uploader[0].set_value(("a.json", out.getvalue(), "application/json")).run())
    assert "1 record new" in shown(page)
    assert list(sessions.store().sessions()) == []
    page = whole(page.button(key="bring").click().run())
    assert "1 record imported" in shown(page)
    assert list(sessions.store().sessions()) == [session]


def test_paper_records_ask_who_brings_them_in_and_show_what_they_will_be(opened: Open):
    text = (
        f"sheet,protocol,patient,dose,date,time,kind,what\n7,{LUMBAR.id},P-001,1,2021-05-03,10:00,mark,scan_started\n"
    )
    cervical()
    page = opened("records")
    page = whole(page.file_uploader[0].set_value(("paper.csv", text.encode(), "text/csv")).run())
    assert "<td>7</td><td>P-001</td><td>1</td>" in shown(page)
    page = page.button(key="bring").click().run()
    assert "Imported by: expected initials, found nothing." in shown(page)
    page.text_input(key="import by").set_value("AK").run()
    page = whole(page.button(key="bring").click().run())
    row = rows()[0]
    assert (row.patient, sessions.store().load(row.session).events[0]["by"]) == ("P-001", "AK")


def test_a_file_with_a_wrong_row_says_where_and_offers_nothing(opened: Open):
    text = f"sheet,protocol,patient,dose,date,time,kind,what\n7,{LUMBAR.id},P-001,1,2021-05-03,25:00,mark,scan\n"
    page = opened("records")
    page = whole(page.file_uploader[0].set_value(("paper.csv", text.encode(), "text/csv")).run())
    said = [one.value for one in page.error]
    assert said[0] == "Nothing was imported: 2 things are wrong in this file."
    assert [one.partition(":")[0] for one in said[1:]] == ["line 2, column time", "line 2, column what"]
    assert "bring" not in [one.key for one in page.button]
    assert rows() == []


def test_days_with_slashes_are_asked_about_and_the_answer_stays_in_sight(opened: Open):
    text = f"sheet,protocol,patient,dose,date,time,kind,what\n7,{LUMBAR.id},P-001,1,1/2/2021,10:00,mark,scan_started\n"
    page = opened("records")
    page = whole(page.file_uploader[0].set_value(("paper.csv", text.encode(), "text/csv")).run())
    assert "which may be two days" in page.error[1].value
    page = whole(page.button_group(key="day order").set_value("dmy").run())
    assert "Mon 1 Feb 2021" in shown(page)
    page = whole(page.button_group(key="day order").set_value("mdy").run())
    assert "Sat 2 Jan 2021" in shown(page)


def test_a_patient_of_a_file_who_may_be_one_on_record_is_asked_about_first(opened: Open):
    cervical()
    on_record = rows()[0].patient
    alike = on_record.lower().replace("-", "")
    text = (
        f"sheet,protocol,patient,dose,date,time,kind,what\n7,{LUMBAR.id},{alike},1,2021-05-03,10:00,mark,scan_started\n"
    )
    page = opened("records")
    page = whole(page.file_uploader[0].set_value(("paper.csv", text.encode(), "text/csv")).run())
    page.text_input(key="import by").set_value("AK").run()
    page = whole(page.button(key="bring").click().run())
    assert "expected an answer for each" in shown(page)
    assert len(rows()) == 1
    page.button_group(key=f"same {alike} {on_record}").set_value(f"Yes, import as {on_record}").run()
    page = whole(page.button(key="bring").click().run())
    assert [row.patient for row in rows()] == [on_record, on_record]


# ---------------------------------------------------------------------------------------------------------- one record
def test_a_record_tells_its_story_with_devices_late_undone_and_amended_entries(opened: Open):
    text = shown(opened("record", s=with_everything()))
    for words in (
        "Not closed: compression ended.",
        "3 unsuccessful insertions at L2–L3",
        "Canal is best seen here",
        "<del>Patient wishes to stop</del>",
        "touched by mistake",
        "Injected 5 mL → 4.5 mL",
        "read off the syringe",
        "counts once",
        "<em>entered 2026-01-31",
        "RR · tablet0002",
        "came from two tablets",
        "Reviewed: Weight at",
        "=cmd|&#x27;/c calc&#x27;!A1",
    ):
        assert words in text, words


@pytest.mark.parametrize("unknown", ["", "20261120-aaaaaaaaaa", "../../etc/passwd"])
def test_an_address_of_no_record_gets_a_sentence(opened: Open, unknown: str):
    page = opened("record", s=unknown) if unknown else opened("record")
    assert len(page.error) + len(page.warning) == 1


def save(page: AppTest, fields: dict[str, object]) -> AppTest:
    """Fills the open form's fields, found by the end of their keys, names who (an operator on record), and saves."""
    for end, content in ({" by": "AK"} | fields).items():
        kinds = (page.text_input, page.number_input, page.selectbox, page.button_group)
        next(widget for kind in kinds for widget in kind if str(widget.key).endswith(end)).set_value(content)
    return whole(next(button for button in page.run().button if str(button.key).endswith(" save")).click().run())


def test_an_item_is_marked_as_reviewed_and_leaves_the_list(opened: Open):
    session = keep(INJECTED, values={"weight_kg": 900})
    page = opened("record", s=session)
    assert len(page.warning) == 1
    page = save(page, {" text": "a typing error"})
    assert not page.warning
    assert "a typing error" in shown(page)
    (event,) = [entry for entry in sessions.store().load(session).events if entry["kind"] == "review"]
    assert (event["by"], event["device"]) == ("AK", DEVICE)


def test_a_pair_of_two_tablets_is_told_apart(opened: Open):
    session = keep([mark(0, "scan_started"), mark(60, "skin_puncture", interspace="L2-L3")])
    add(session, {"kind": "mark", "at": 65, "data": {"mark": "skin_puncture", "interspace": "L2-L3"}})
    page = opened("record", s=session)
    save(page, {" verdict": "separate"})
    assert summary(sessions.read(sessions.store(), session))["insertions"] == 2


def choose(page: AppTest, action: str) -> AppTest:
    return whole(page.button_group(key="action").set_value(action).run())


def pick(page: AppTest, session: str, kind: str, key: str) -> AppTest:
    """Chooses an entry of the open form."""
    wanted = entry(session, kind, key)
    box = next(selectbox for selectbox in page.selectbox if str(selectbox.key).endswith(" entry"))
    lines = [
        line
        for line in sessions.read(sessions.store(), session).entries
        if line.event.kind in ("mark", "check", "value", "complication", "note", "opened")
    ]
    index = [line.event.id for line in lines].index(wanted)
    return whole(box.select_index(index).run())


def test_an_entry_is_amended_with_a_reason_and_without_one_a_sentence_asks_for_it(opened: Open):
    session = keep(INJECTED)
    page = pick(choose(opened("record", s=session), "Amend"), session, "mark", "injection_completed")
    page = save(page, {" injected_ml decimal": "4,0 mL"})
    assert [one.value for one in page.error] == ["Why it is corrected: expected a reason, found nothing."]
    page = save(page, {" why": "read off the syringe"})
    assert "Injected 5 mL → 4 mL" in shown(page)
    assert sessions.read(sessions.store(), session).entries[-1].event.data["set"] == {"injected_ml": 4}


def test_a_record_is_voided_with_a_reason(opened: Open):
    session = keep(INJECTED)
    page = save(choose(opened("record", s=session), "Void"), {" why": "the wrong patient"})
    assert "Opened by mistake: no procedure of this patient." in shown(page)
    assert rows()[0].mistaken


def test_who_puts_it_right_has_to_be_named(opened: Open):
    session = keep(INJECTED)
    page = choose(opened("record", s=session), "Void")
    next(one for one in page.text_input if str(one.key).endswith(" why")).set_value("x").run()
    page = next(one for one in page.button if str(one.key).endswith(" save")).click().run()
    assert [one.value for one in page.error] == ["Corrected by: expected initials, found nothing."]
    assert not rows()[0].mistaken


def test_the_taken_out_csv_opens_as_a_table(opened: Open):
    with_everything()
    page = opened("records").button(key="make").click().run()
    with zipfile.ZipFile(io.BytesIO(page.session_state["made"][2])) as packed:
        (row,) = table(packed.read("procedures.csv").decode("utf-8-sig"))
    assert row["session"] == "20260131-everything"


# ------------------------------------------------------------------------------------------ paper and drills of a case
def test_the_blank_sheet_of_the_chosen_protocol_is_offered_where_paper_is_imported(opened: Open):
    page = opened("records")
    (link,) = page.get("link_button")
    assert (link.proto.label, link.proto.url) == ("Blank paper sheet", f"/sheet/{LUMBAR.id}")
    page.selectbox(key="paper of").set_value(CERVICAL.id)
    (link,) = whole(page.run()).get("link_button")
    assert link.proto.url == f"/sheet/{CERVICAL.id}"


def test_a_record_is_repeated_as_a_drill_with_one_tap(opened: Open):
    session = with_everything()
    page = opened("record", s=session)
    page.button(key="repeat").click()
    whole(page.run())
    (id_,) = set(own.offered()) - set(drill.shipped())
    drills = opened("drill")
    assert drills.button(key=f"drill-{id_}").label.startswith("Start drill: A case of your own")


def test_a_record_with_nothing_to_repeat_is_a_sentence(opened: Open):
    page = opened("record", s=keep([mark(0, "scan_started")]))
    page.button(key="repeat").click()
    assert "there is nothing to repeat" in shown(whole(page.run()))
    assert set(own.offered()) == set(drill.shipped())

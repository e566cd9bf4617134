"""Back-filling paper records: the template, what comes of a sheet, and a sentence for everything that is wrong."""

from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.engine.sentences import clock_time
from core.engine.summary import summary
from core.records import sessions
from core.transfer import import_sheets
from core.transfer import sheets as paper_table
from core.transfer.import_sheets import Sheet
from core.transfer.progress import BadImport
from tests.helpers.kept import stored, table
from tests.helpers.tables import CERVICAL, LUMBAR

BERLIN = ZoneInfo("Europe/Berlin")
HEADER = "sheet,protocol,patient,dose,operator,recorder,date,time,kind,what,is,text,reason,interspace,injected_ml"
TOLD = f"""{HEADER}
12,{LUMBAR.id},P-001,1,AK,RR,2021-05-03,10:00,value,Weight,21.5,,,,
12,,,,,,,10:05,check,consent,,,,,
12,,,,,,,10:10,mark,Start preprocedure scan,,,,,
12,,,,,,,10:20,mark,skin_puncture,,,,L4–L5,
12,,,,,,,10:23:30,mark,CSF outflow,,,,,
12,,,,,,,10:25,mark,Start injection,,,,,
12,,,,,,,10:26:40,mark,Injection complete,,,,,5
12,,,,,,,10:30,complication,Headache,,mild,,,
12,,,,,,2021-05-04,00:15,note,,,"slept, no pain",,,
13,{LUMBAR.id},P-002,1,AK,RR,2021-05-03,12:00,mark,voided,,,wrong patient,,
"""


def planned(text: str | bytes, where: object = BERLIN) -> list[Sheet]:
    data = text if isinstance(text, bytes) else text.encode()
    return import_sheets.plan(sessions.store(), data, where, "tablet0001", "MM")  # type: ignore[arg-type]


def imported(text: str | bytes) -> list[Sheet]:
    sheets = planned(text)
    list(import_sheets.write(sessions.store(), sheets))
    return sheets


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(BadImport) as error:
        planned(text)
    assert list(sessions.store().sessions()) == []
    return error.value.problems


def one_row(**cells: str) -> str:
    """A file of one row: a check, with these cells instead."""
    row = {
        "sheet": "1",
        "protocol": LUMBAR.id,
        "patient": "P-001",
        "dose": "1",
        "operator": "",
        "recorder": "",
        "date": "2021-05-03",
        "time": "10:00",
        "kind": "check",
        "what": "consent",
        "is": "",
        "text": "",
        "reason": "",
        "interspace": "",
        "injected_ml": "",
    } | cells
    return f"{','.join(row)}\n{','.join(row.values())}\n"


def test_each_sheet_becomes_a_procedure_with_its_own_times_on_the_wards_clock(data: Path):
    first, second = imported(TOLD)
    session = sessions.read(sessions.store(), first.session.id)
    assert (session.patient, session.dose, session.opened["operator"], session.opened["sheet"]) == (
        "P-001",
        1,
        "AK",
        "12",
    )
    assert session.opened_at == 1_620_028_800_000  # 10:00 in Berlin's summer is 08:00 UTC
    figures = summary(session)
    assert (figures["outcome"], figures["operation_time_s"], figures["puncture_time_s"]) == ("success", 1000, 210)
    assert figures["insertions_by_interspace"] == {"L4-L5": 1}
    assert figures["to_review"] == []
    assert [clock_time(line.at - session.opened_at) for line in session.entries][-1] == "14:15:00"
    assert sessions.read(sessions.store(), second.session.id).mistaken


def test_what_was_filled_in_later_says_so_and_by_whom(data: Path):
    before = clock.now_ms()
    (first, _) = imported(TOLD)
    for line in sessions.read(sessions.store(), first.session.id).entries:
        assert line.late
        assert before <= line.event.tapped <= clock.now_ms()
        assert (line.event.by, line.event.device) == ("MM", "tablet0001")


def test_importing_a_file_again_adds_nothing(data: Path):
    imported(TOLD)
    before = stored(data)
    again = imported(TOLD)
    assert [sheet.known for sheet in again] == [True, True]
    assert stored(data) == before


def test_a_sheet_that_was_imported_before_and_differs_is_refused_and_nothing_is_written(data: Path):
    imported(TOLD)
    before = stored(data)
    with pytest.raises(BadImport) as error:
        planned(TOLD.replace("10:20", "10:21") + one_row(sheet="14").splitlines()[1])
    (sentence,) = error.value.problems
    assert sentence.startswith("line 2, column sheet: sheet 12 was imported before (record 20210503-")
    assert "correct it in Records" in sentence
    assert stored(data) == before


def test_a_record_that_was_amended_since_is_still_known_as_imported(data: Path):
    (first, _) = imported(TOLD)
    contents = [("note", {"text": "seen"}, None)]
    sessions.add(sessions.store(), first.session.id, contents, "tablet0002", "AK", "once")
    assert planned(TOLD)[0].known


@pytest.mark.parametrize("how", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_table(data: Path, how: str):
    (sheet, _) = planned(TOLD.replace("slept", "schlief süß").encode(how))
    assert "süß" in str(sheet.entries[-1].data["text"])


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_table_with_the_separators_of_another_country_is_read(data: Path, separator: str):
    assert len(planned(TOLD.replace('"slept, no pain"', "slept").replace(",", separator))[0].entries) == 10


def test_another_encoding_gets_a_sentence_with_its_line_and_what_to_do(data: Path):
    (problem,) = problems(TOLD.replace("–", "-").replace("mild", "müde").encode("cp1252"))
    assert problem.startswith("line 9: expected UTF-8 text, found a byte (0xfc)")
    assert 'Save the file as "CSV UTF-8"' in problem


def test_every_row_that_is_wrong_is_named_with_line_and_column_and_nothing_is_written(data: Path):
    text = TOLD.replace("21.5", "heavy").replace("L4–L5", "C4-C5").replace("CSF outflow", "CSF outlow")
    assert problems(text.replace("12,,,,,,,10:05,check", "12,,,,,,,10:05,chek")) == [
        'line 2, column is: expected a number, 1 to 250 kg, found "heavy"',
        "line 3, column kind: expected one of mark, check, value, complication, note, found 'chek'",
        "line 5, column interspace: expected a lumbar level, found C4-C5, which is a cervical one: "
        f"use the protocol {CERVICAL.id} ({CERVICAL.title}).",
        *[
            problem
            for problem in problems(TOLD.replace("CSF outflow", "CSF outlow"))
            if problem.startswith("line 6, column what")
        ],
    ]


BAD = {
    "no patient": ({"patient": ""}, "line 2, column patient: expected a code"),
    "a name": ({"patient": "Anna Bell"}, "line 2, column patient: expected a code"),
    "no dose": ({"dose": ""}, "line 2, column dose: expected a whole number"),
    "dose 0": ({"dose": "0"}, "line 2, column dose: expected a whole number"),
    "no sheet": ({"sheet": ""}, "line 2, column sheet: expected the number of the paper sheet"),
    "no such protocol": ({"protocol": "thoracic"}, "line 2, column protocol: expected one of"),
    "a day that may be two": ({"date": "3/5/2021"}, "found '3/5/2021', which may be two days"),
    "a day in words": ({"date": "3 May 2021"}, "line 2, column date: expected a day like 2026-01-31"),
    "no such day": ({"date": "2021-02-30"}, "line 2, column date: expected a day of the calendar"),
    "the year 1": ({"date": "0001-01-01"}, "line 2, column date: expected a day after 1970-01-01, found 0001-01-01"),
    "too long ago": ({"date": "1969-12-31"}, "line 2, column date: expected a day after 1970-01-01, found 1969"),
    "the year 9999": ({"date": "9999-12-31", "time": "23:59"}, "line 2, column time: expected a time that is past"),
    "no time": ({"time": ""}, "line 2, column time: expected a time like 14:05"),
    "a time that the clock skipped": ({"date": "2021-03-28", "time": "02:30"}, "was skipped as summer time began"),
    "a day to come": ({"date": "2999-01-01"}, "line 2, column time: expected a time that is past"),
    "no such check": ({"what": "consents"}, "line 2, column what: expected one of consent"),
    "a level left out": ({"kind": "mark", "what": "skin_puncture"}, "line 2, column interspace: expected one of L1-L2"),
    "a value left out": ({"kind": "value", "what": "Weight"}, "line 2, column is: expected a number"),
    "a decimal comma": ({"kind": "value", "what": "Weight", "is": '"21,5"'}, 'found "21,5"'),
    "carried by another mark": ({"injected_ml": "5"}, "column injected_ml: expected nothing, as consent carries none"),
    "an empty note": ({"kind": "note", "what": ""}, "line 2, column text: expected text of 1 to 2000"),
}


@pytest.mark.parametrize(("cells", "words"), BAD.values(), ids=BAD)
def test_a_cell_that_cannot_be_is_named_by_line_and_column(data: Path, cells: dict[str, str], words: str):
    (problem,) = problems(one_row(**cells))
    assert words in problem


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_get_a_sentence_in_every_zone(data: Path, zone: str, day: str):
    with pytest.raises(BadImport, match=r"^line 2, column (date|time): expected a"):
        planned(one_row(date=day, time="23:59").replace("1970-01-01,23:59", "1970-01-01,00:10"), ZoneInfo(zone))


def test_a_time_before_the_row_above_asks_for_the_date(data: Path):
    (problem,) = problems(TOLD.replace("2021-05-04", ""))
    assert problem == "line 10, column time: expected a time not before the row above; after midnight give the date"


def test_a_row_that_contradicts_the_head_of_its_sheet_is_named(data: Path):
    (problem,) = problems(TOLD.replace("12,,,,,,,10:05", "12,,P-009,,,,,10:05"))
    assert problem == "line 3, column patient: expected what line 2 says of sheet 12 ('P-001'), found 'P-009'"


TABLES = {
    "nothing": ("", "line 1: expected the columns sheet, patient"),
    "a foreign table": ("name,age\nx,1\n", "line 1: expected the columns sheet, patient"),
    "a header alone": (HEADER + "\n", "Expected rows below the header, found none."),
    "a column twice": (HEADER + ",time\n", "found 'time' twice"),
    "too many cells": (TOLD.replace(",5\n", ",5,6\n", 1), "line 8: expected 15 cells, found 16"),
    "a quote that never closes": (TOLD.replace('slept, no pain"', "slept"), "expected CSV, found"),
    "zeros": (TOLD.encode() + b"\x00\x00\n", "line 12"),
}


@pytest.mark.parametrize(("text", "words"), TABLES.values(), ids=TABLES)
def test_a_file_that_is_no_such_table_gets_a_sentence(data: Path, text: str | bytes, words: str):
    assert words in problems(text)[0]


def test_an_apostrophe_that_keeps_a_spreadsheet_from_computing_is_taken_off(data: Path):
    (sheet,) = planned(one_row(kind="note", what="", text="'=1+1"))
    assert sheet.entries[-1].data == {"text": "=1+1"}


@pytest.mark.parametrize("p", [LUMBAR, CERVICAL], ids=lambda p: p.id)
def test_the_template_takes_everything_that_its_dictionary_offers(data: Path, p: object):
    template = paper_table.template(p)  # type: ignore[arg-type]
    header = template.lstrip("\ufeff").strip().replace('"', "").split(",")
    offered = {row["column"] for row in table(paper_table.dictionary(p).lstrip("\ufeff"))}  # type: ignore[arg-type]
    assert set(header) == offered
    assert template.startswith("\ufeff")
    with pytest.raises(BadImport, match="Expected rows below the header"):
        planned(template.encode(), UTC)

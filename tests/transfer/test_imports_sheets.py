"""Paper records from the spreadsheets of half the world: what is plain is read, what may be two things is asked."""

import io
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from openpyxl import Workbook

from core.__main__ import main
from core.records import sessions
from core.transfer import archive_file, import_sheets, typed_cells
from core.transfer.grid import grid
from core.transfer.progress import BadImport
from core.transfer.typed_cells import Order
from tests.helpers.tables import LUMBAR
from tests.transfer.test_imports_paper import HEADER, TOLD, one_row, planned, problems

FILES = Path(__file__).parent / "sheets"


@pytest.mark.parametrize("name", ["07_german_date.csv", "09_decimal_comma.csv", "16_extra_col_empty.csv", "clerk.xlsx"])
def test_a_sheet_as_a_clerk_saved_it_is_read(data: Path, name: str):
    content = (FILES / name).read_bytes()
    assert not archive_file.is_archive(content)
    (sheet,) = planned(content)
    assert sheet.session.patient == "P-777"
    assert datetime.fromtimestamp(sheet.session.opened_at / 1000).date() == date(2026, 1, 31)
    weights = [entry.data["is"] for entry in sheet.entries if entry.data.get("value") == "weight_kg"]
    assert weights == [38.5]
    given = [entry.data["lidocaine_ml"] for entry in sheet.entries if "lidocaine_ml" in entry.data]
    assert given == [2.5]


def test_a_row_that_hands_the_needle_over_is_no_contradiction(data: Path):
    (sheet,) = planned((FILES / "oc2.csv").read_bytes())
    assert sheet.session.walk.operator == "BL"


WRITTEN = {
    "with a line for Excel": f"sep=,\r\n{TOLD}",
    "under a title": f"Ward 7\n\n{TOLD}",
    "padded": "\n".join(f"{line},,," for line in TOLD.splitlines()) + "\n,,,,\n ,  ,\n",
    "with other slashes": TOLD.replace("2021-05-03", "2021/05/03"),
    "with German days": TOLD.replace("2021-05-03", "3.5.2021").replace("2021-05-04", "04.05.2021"),
    "with times without a colon": TOLD.replace("10:05", "1005").replace("10:20", "10.20").replace("10:10", "10h10"),
    "with AM and PM": TOLD.replace("12:00", "12:00 PM").replace("10:05", "10:05 AM").replace("00:15", "12:15 am"),
    "with parts of a day": TOLD.replace("12:00", "0.5"),
    "in capitals": TOLD.replace(HEADER, HEADER.upper()),
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_however_it_is_written_it_says_the_same(data: Path, text: str):
    plain = [[(entry.at, entry.kind, entry.data) for entry in sheet.entries] for sheet in planned(TOLD)]
    assert [[(entry.at, entry.kind, entry.data) for entry in sheet.entries] for sheet in planned(text)] == plain


@pytest.mark.parametrize("how", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_byte_order_mark_is_read(data: Path, how: str):
    assert len(planned(TOLD.encode(how))) == 2


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_decimal_comma_is_one_where_the_comma_separates_no_cells(data: Path, separator: str):
    text = TOLD.replace('"slept, no pain"', "slept").replace(",", separator).replace("21.5", "21,5")
    assert planned(text)[0].entries[1].data["is"] == 21.5


@pytest.mark.parametrize("day", ["1/31/2026", "01/02/2026", "31/1/26"])
def test_a_day_with_slashes_is_never_guessed(data: Path, day: str):
    (problem,) = problems(one_row(date=day))
    assert problem == (
        f"line 2, column date: expected a day like 2026-01-31 or 31.01.2026, found '{day}', which may be two days"
    )


def test_one_cause_is_one_sentence_in_readable_letters(data: Path):
    rows = "".join(f"12,,,,,,,10:{minute},mark,Nadel raus für heute,,,,,\n" for minute in range(31, 41))
    problem, *others = problems(TOLD.replace("12,,,,,,2021-05-04,", rows + "12,,,,,,2021-05-04,"))
    assert others == []
    assert problem.startswith("line 10, column what: expected ")
    assert '"Nadel raus für heute"' in problem
    assert problem.endswith("(the same in lines 11, 12, 13, 14, 15 and 4 more)")


def test_a_workbook_has_typed_cells(data: Path):
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Paper records of the ward"])
    sheet.append(HEADER.split(","))
    sheet.append(["007", LUMBAR.id, "P-001", 1, "AK", "RR", date(2021, 5, 3), time(10, 0), "value", "Weight", 21.5])
    sheet.append(["007", *[None] * 5, datetime(2021, 5, 3), time(10, 5), "check", "consent"])
    out = io.BytesIO()
    book.save(out)
    (read,) = planned(out.getvalue())
    assert read.session.opened["sheet"] == "007"
    assert [entry.data.get("is", entry.data.get("check")) for entry in read.entries[1:]] == [21.5, "consent"]


def test_a_workbook_that_is_cut_off_is_named(data: Path):
    whole = (FILES / "clerk.xlsx").read_bytes()
    assert problems(whole[: len(whole) // 2])[0].startswith("line 1: expected")


TIMES = {
    "14:05": "14:05:00",
    "2:05 PM": "14:05:00",
    "2.05 p.m.": "14:05:00",
    "12:00 AM": "00:00:00",
    "12:30pm": "12:30:00",
    "905": "09:05:00",
    "0905": "09:05:00",
    "0.586806": "14:05:00",
    "0": "00:00:00",
    "13:00 PM": None,
    "0:30 AM": None,
    "24:00": None,
    "12:60": None,
    "9": None,
    "noon": None,
    "１４:05": "14:05:00",
}


@pytest.mark.parametrize(("text", "reads"), TIMES.items())
def test_a_time_is_read_as_it_is_written_or_not_at_all(text: str, reads: str | None):
    assert typed_cells.time_of_day(text) == reads


def test_lines_keep_their_numbers_under_titles():
    lines, comma = grid(b"Ward 7\n\nsheet;patient\n1;P-1\n\n2;P-2\n", ("sheet", "patient"))
    assert (list(lines), comma) == ([(3, ["sheet", "patient"]), (4, ["1", "P-1"]), (6, ["2", "P-2"])], True)


# --------------------------------------------------------------------------------- the hour that comes twice in autumn
TWICE = f"""sheet,protocol,patient,dose,date,time,kind,what
12,{LUMBAR.id},P-001,1,2021-10-31,{{}},mark,Start preprocedure scan
12,,,,,{{}},mark,Lidocaine given
12,,,,,{{}},mark,Drug drawn up
"""


@pytest.mark.parametrize(
    ("times", "utc"),
    [
        (("02:40", "02:50", "02:10"), ("00:40", "00:50", "01:10")),
        (("02:40", "02:50", "02:55"), ("00:40", "00:50", "00:55")),
        (("02:40 CET", "02:50", "02:55"), ("01:40", "01:50", "01:55")),
        (("02:40 CEST", "02:10+01:00", "02:55 cet"), ("00:40", "01:10", "01:55")),
        (("01:59", "2:05 AM", "03:00"), ("23:59", "00:05", "02:00")),
    ],
)
def test_the_hour_that_comes_twice_is_read_in_the_order_of_the_rows_or_as_the_sheet_says(
    data: Path, times: tuple[str, ...], utc: tuple[str, ...]
):
    (sheet,) = planned(TWICE.format(*times))
    moments = [datetime.fromtimestamp(entry.at / 1000, UTC) for entry in sheet.entries if entry.kind == "mark"]
    assert [f"{moment:%H:%M}" for moment in moments] == list(utc)


def test_a_zone_that_the_wards_clocks_did_not_show_gets_a_sentence(data: Path):
    (problem,) = problems(TWICE.format("02:40 EST", "02:50", "02:55"))
    assert "expected a time of the ward's zone, found 2021-10-31 02:40 EST" in problem


# --------------------------------------------------------------------------------------- days with slashes
@pytest.mark.parametrize(
    ("written", "order", "read"),
    [
        ("1/2/2026", "dmy", date(2026, 2, 1)),
        ("1/2/2026", "mdy", date(2026, 1, 2)),
        ("1/31/2026", "mdy", date(2026, 1, 31)),
        ("31/1/26", "dmy", date(2026, 1, 31)),
    ],
)
def test_a_day_with_slashes_is_read_as_somebody_has_said(data: Path, written: str, order: Order, read: date):
    text = TWICE.replace("2021-10-31", written).format("10:40", "10:50", "11:10")
    (sheet,) = import_sheets.plan(sessions.store(), text.encode(), UTC, "tablet0001", "MM", order=order)
    assert datetime.fromtimestamp(sheet.session.opened_at / 1000, UTC).date() == read


@pytest.mark.parametrize("written", ["1/2/2026", "1/31/2026", "31/1/2026"])
def test_it_is_never_guessed(data: Path, written: str):
    (problem,) = problems(TWICE.replace("2021-10-31", written).format("10:40", "10:50", "11:10"))[:1]
    assert "which may be two days" in problem


def test_a_day_that_the_said_order_does_not_have_gets_a_sentence(data: Path):
    text = TWICE.replace("2021-10-31", "1/31/2026").format("10:40", "10:50", "11:10")
    with pytest.raises(BadImport) as error:
        import_sheets.plan(sessions.store(), text.encode(), UTC, "tablet0001", "MM", order="dmy")
    assert "expected a day of the calendar, found 1/31/2026" in error.value.problems[0]


def test_the_command_line_takes_the_order(data: Path, tmp_path: Path):
    path = tmp_path / "paper.csv"
    path.write_text(TWICE.replace("2021-10-31", "1/31/2026").format("10:40", "10:50", "11:10"), encoding="utf-8")
    assert main(["import", str(path), "--zone", "UTC"]) == 2
    assert main(["import", str(path), "--zone", "UTC", "--days", "mdy"]) == 0

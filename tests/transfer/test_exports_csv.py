"""CSV for spreadsheets and statistics, and its data dictionary, over real records."""

import csv
import io
from pathlib import Path

import pandas
import pytest

from core.records import sessions
from core.transfer import export_csv
from core.transfer.shared_table import Kind
from tests.helpers.kept import AFTER, INJECTED, cervical, keep, rows, table, with_everything
from tests.helpers.tables import CERVICAL, LUMBAR, mark


def csv_of(kind: Kind = "whole") -> str:
    out = io.StringIO(newline="")
    steps = list(export_csv.write(sessions.store(), rows(), out, kind))
    assert [step.done for step in steps] == list(range(1, len(rows()) + 1))
    return out.getvalue()


def dictionary_of(kind: Kind = "whole") -> dict[str, dict[str, str]]:
    out = io.StringIO(newline="")
    export_csv.write_dictionary(sessions.store(), rows(), out, kind)
    return {row["column"]: row for row in table(out.getvalue())}


def test_a_procedure_is_one_row_with_its_figures_values_times_and_adverse_events(data: Path):
    session = with_everything()
    (row,) = table(csv_of())
    columns = {
        "session": session,
        "protocol": LUMBAR.id,
        "patient": "P-006",
        "dose": "2",
        "operator": "BL",
        "operators": "AK, BL",
        "recorder": "RR",
        "drill": "0",
        "opened_at": "2026-01-31T09:00:00Z",
        "outcome": "success",
        "lum_insertions": "4",
        "lum_insertions_by_interspace": "L2-L3: 3; L4-L5: 1",
        "lum_interspaces_used": "2",
        "lum_operation_time_s": "1030",
        "lum_puncture_time_s": "500",
        "lum_injection_time_s": "100",
        "lum_total_lidocaine": "60",
        "lum_interspace": "L4-L5",
        "lum_injected_ml": "4.5",
        "lum_weight_kg": "900",
        "lum_at_skin_puncture": "2026-01-31T09:06:40Z",
        "lum_n_skin_puncture": "4",
        "lum_check_consent": "2026-01-31T09:00:10Z",
        "lum_check_allergies": "",
        "lum_n_patient_stop": "",
        "lum_adverse_headache": "1",
        "adverse_events": "00:17:50 Headache: mild, on sitting up",
        "lum_prompt_change_interspace": "1",
        "reasons": "00:11:30 Change interspace: Canal is best seen here",
        "reviewed": "1",
    }
    assert {key: row[key] for key in columns} == columns


def test_an_insertion_is_one_row_with_who_held_the_needle_and_what_came_of_it(data: Path):
    session = with_everything()
    records = [
        (row["number"], row["at"], row["lum_interspace"], row["operator"], row["ended_by"], row["ended_with"])
        for row in table(csv_of("each"))
    ]
    assert records == [
        ("1", "2026-01-31T09:06:40Z", "L2-L3", "AK", "Withdrawn, no CSF", "Result Bone contact"),
        ("2", "2026-01-31T09:08:20Z", "L2-L3", "AK", "Withdrawn, no CSF", "Result Bone contact"),
        ("3", "2026-01-31T09:10:00Z", "L2-L3", "AK", "Withdrawn, no CSF", "Result Bone contact"),
        ("4", "2026-01-31T09:12:40Z", "L4-L5", "BL", "CSF outflow", ""),
    ]
    assert {(row["session"], row["patient"], row["dose"]) for row in table(csv_of("each"))} == {(session, "P-006", "2")}


def test_a_needle_that_goes_in_again_before_anything_else_leaves_the_first_insertion_without_an_end(data: Path):
    keep(
        [
            mark(0, "scan_started"),
            mark(60, "skin_puncture", interspace="L2-L3"),
            mark(90, "skin_puncture", interspace="L3-L4"),
            mark(120, "csf_outflow"),
        ]
    )
    assert [row["ended_by"] for row in table(csv_of("each"))] == ["", "CSF outflow"]


def test_every_column_stands_in_the_data_dictionary_with_label_unit_options_and_source(data: Path):
    with_everything()
    cervical()
    for kind in ("whole", "each"):
        header = next(csv.reader(io.StringIO(csv_of(kind), newline="")))
        described = dictionary_of(kind)
        assert header == list(described)
        assert all(row["label"] and row["type"] and row["protocols"] for row in described.values())
    weight, interspace = dictionary_of()["lum_weight_kg"], dictionary_of()["lum_interspace"]
    assert (weight["label"], weight["unit"], weight["minimum"], weight["maximum"]) == ("Weight", "kg", "1", "250")
    assert interspace["options"].startswith("L1-L2 = L1–L2 | L2-L3 = L2–L3")
    assert dictionary_of()["lum_operation_time_s"]["source"].startswith("P: ")


def test_a_protocols_own_values_have_columns_of_their_own(data: Path):
    keep(INJECTED, patient="P-001", values={"age_y": 12})
    keep(
        [mark(0, "lidocaine_given", lidocaine_ml=2)], "2026-02-01T09:00:00Z", protocol=CERVICAL.id, values={"age_y": 60}
    )
    lumbar, neck = table(csv_of())
    assert (lumbar["lum_age_y"], lumbar["cer_age_y"], neck["lum_age_y"], neck["cer_age_y"]) == ("12", "", "", "60")
    # 2 % for the back, 1 % for the neck: never pooled.
    drug = ("lum_lidocaine_ml", "cer_lidocaine_ml")
    assert [[row[name] for name in drug] for row in (lumbar, neck)] == [["3", ""], ["", "2"]]
    described = dictionary_of()
    assert [described[name]["label"] for name in drug] == ["Lidocaine 2 %", "Lidocaine 1 %"]
    both = f"{LUMBAR.id} {LUMBAR.version}, {CERVICAL.id} {CERVICAL.version}"
    assert (described["patient"]["protocols"], described["outcome"]["protocols"]) == (both, both)


def test_a_cell_that_a_spreadsheet_would_take_for_a_formula_begins_with_an_apostrophe(data: Path):
    begins = ["=1+1", "+49 30", "-2", "@SUM(A1)", "\t=1", "\n=1", "＝1"]
    keep([{"t": "00:00:00", "complication": "other", "text": "x"}], operator="=A1+1", recorder="@RR")
    (row,) = table(csv_of())
    assert (row["operator"], row["recorder"]) == ("'=A1+1", "'@RR")
    assert [export_csv.safe(text) for text in begins] == [f"'{text}" for text in begins]
    for text in (*begins, "'-3", "''=1", "'quoted'", "plain"):
        assert export_csv.unsafe(export_csv.safe(text)) == text


def test_every_text_stands_in_quotes_so_that_no_other_separator_opens_a_formula(data: Path):
    keep([{"t": "00:00:00", "note": 'a;=1+1,"b"\nnext'}])
    assert '"00:00:00 a;=1+1,""b""\nnext"' in csv_of()
    assert table(csv_of())[0]["notes"] == '00:00:00 a;=1+1,"b"\nnext'


def test_pandas_reads_numbers_as_numbers_and_moments_as_moments(data: Path):
    with_everything()
    keep([*INJECTED, *AFTER], patient="P-008")
    frame = pandas.read_csv(io.StringIO(csv_of()), parse_dates=["opened_at", "lum_at_skin_puncture"])
    assert frame["lum_insertions"].tolist() == [4, 1]
    assert frame["lum_injected_ml"].sum() == pytest.approx(9.5)
    assert (frame["lum_at_skin_puncture"] - frame["opened_at"]).dt.total_seconds().tolist() == [400, 360]


def test_a_value_of_the_wrong_type_leaves_its_cell_empty_and_is_told_among_what_is_to_review(data: Path):
    session = keep(INJECTED)
    store = sessions.store()
    entry = store.load(session).events[-1] | {
        "id": "odd",
        "kind": "value",
        "data": {"value": "weight_kg", "is": "heavy"},
    }
    store.append(session, [entry])
    (row,) = table(csv_of())
    assert (row["lum_weight_kg"], row["to_review"]) == ("", "1")
    assert "heavy" in row["review"]


def test_no_records_give_an_empty_table(data: Path):
    assert table(csv_of()) == []
    assert list(dictionary_of()) == next(csv.reader([csv_of()]))

"""The REDCap project: its data dictionary as REDCap takes it, and an import file that fits it."""

import io
import re
from pathlib import Path

from core.records import sessions
from core.transfer import export_redcap
from tests.helpers.kept import INJECTED, cervical, keep, rows, table, with_everything


def import_file() -> str:
    out = io.StringIO(newline="")
    list(export_redcap.write(sessions.store(), rows(), out))
    return out.getvalue()


def dictionary() -> list[dict[str, str]]:
    out = io.StringIO(newline="")
    export_redcap.write_dictionary(sessions.store(), rows(), out)
    return table(out.getvalue())


def codes(field: dict[str, str]) -> list[str]:
    choices = field["Choices, Calculations, OR Slider Labels"]
    return [choice.partition(",")[0].strip() for choice in choices.split("|")]


def test_the_dictionary_has_redcaps_own_eighteen_columns_and_begins_with_the_record_id(data: Path):
    with_everything()
    assert list(dictionary()[0]) == [
        "Variable / Field Name",
        "Form Name",
        "Section Header",
        "Field Type",
        "Field Label",
        "Choices, Calculations, OR Slider Labels",
        "Field Note",
        "Text Validation Type OR Show Slider Number",
        "Text Validation Min",
        "Text Validation Max",
        "Identifier?",
        "Branching Logic (Show field only if...)",
        "Required Field?",
        "Custom Alignment",
        "Question Number (surveys only)",
        "Matrix Group Name",
        "Matrix Ranking?",
        "Field Annotation",
    ]
    assert dictionary()[0]["Variable / Field Name"] == "record_id"


def test_names_and_forms_are_such_as_redcap_takes_and_each_form_stands_in_one_piece(data: Path):
    with_everything()
    cervical()
    fields = dictionary()
    names, forms = [field["Variable / Field Name"] for field in fields], [field["Form Name"] for field in fields]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z](?!.*__)[a-z0-9_]*[a-z0-9]", name) and len(name) <= 26 for name in names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", form) for form in forms)
    turns = [form for n, form in enumerate(forms) if n == 0 or forms[n - 1] != form]
    assert len(turns) == len(set(turns))
    assert {field["Field Type"] for field in fields} == {"text", "notes", "dropdown", "yesno"}
    assert {field["Text Validation Type OR Show Slider Number"] for field in fields} == {
        "",
        "number",
        "integer",
        "datetime_seconds_ymd",
    }
    assert [field["Variable / Field Name"] for field in fields if field["Identifier?"] == "y"] == ["patient"]


def test_the_import_file_has_only_columns_of_the_dictionary_and_cells_that_fit_them(data: Path):
    with_everything()
    cervical()
    fields = {field["Variable / Field Name"]: field for field in dictionary()}
    rows = table(import_file())
    assert set(rows[0]) == {*fields, "redcap_repeat_instrument", "redcap_repeat_instance"}
    patterns = {
        "integer": r"-?\d+",
        "number": r"-?\d+(\.\d+)?",
        "datetime_seconds_ymd": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d",
    }
    for row in rows:
        for name, field in fields.items():
            cell, kind = row[name], field["Text Validation Type OR Show Slider Number"]
            assert not cell or not kind or re.fullmatch(patterns[kind], cell), (name, cell)
            assert not cell or field["Field Type"] != "dropdown" or cell in codes(field), (name, cell)
            assert not cell or field["Field Type"] != "yesno" or cell in "01", (name, cell)


def test_each_insertion_is_an_instance_of_the_repeating_instrument(data: Path):
    session = with_everything()
    instances = table(import_file())
    assert [
        (row["record_id"], row["redcap_repeat_instrument"], row["redcap_repeat_instance"]) for row in instances
    ] == [
        (session, "", ""),
        *((session, "each_insertion", str(n)) for n in range(1, 5)),
    ]
    forms = {field["Variable / Field Name"]: field["Form Name"] for field in dictionary()}
    for row in instances:
        for name, cell in row.items():
            if cell and name in forms and name != "record_id":
                assert (forms[name] == "each_insertion") == (row["redcap_repeat_instrument"] == "each_insertion"), name
    assert [row["insertion_lum_interspace"] for row in instances[1:]] == ["l2_l3", "l2_l3", "l2_l3", "l4_l5"]


def test_options_that_look_alike_in_small_letters_keep_codes_of_their_own():
    assert [export_redcap.code(option, ("1+", "1-", "L2-L3")) for option in ("1+", "1-", "L2-L3")] == [
        "1",
        "1_2",
        "l2_l3",
    ]


def test_no_byte_order_mark_goes_before_redcaps_first_column(data: Path):
    keep(INJECTED)
    assert import_file().startswith('"record_id","redcap_repeat_instrument","redcap_repeat_instance","protocol"')

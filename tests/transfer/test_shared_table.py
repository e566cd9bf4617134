"""A column's name is a function of protocol and value alone, whatever was selected, from page or command line."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import protocols
from core.__main__ import main
from core.facts.columns import procedure
from core.records import sessions
from core.records.row import Row
from core.store import Store
from core.transfer.exports import FORMATS
from core.transfer.shared_table import prefix, table
from tests.helpers.kept import INJECTED, keep, rows
from tests.helpers.past import happened_in
from tests.helpers.tables import CERVICAL, LUMBAR, LUMBAR_TEXT, mark

ONE_PERCENT = LUMBAR_TEXT.replace("Lidocaine 2 %", "Lidocaine 1 %")


@pytest.fixture
def two(data: Path) -> None:
    """A lumbar record with 3 mL of 2 %, and a later cervical one with 1 mL of 1 %."""
    keep(INJECTED, "2026-01-31T09:00:00Z", patient="P-001")
    keep([mark(0, "lidocaine_given", lidocaine_ml=1)], "2026-02-28T09:00:00Z", patient="P-002", protocol=CERVICAL.id)


def files(format_: str, selected: list[Row]) -> dict[str, list[str]]:
    """The header of each file of a format, and what the dictionary beside it describes."""
    headers = {}
    for name, write in FORMATS[format_].files.items():
        out = io.BytesIO()
        list(write(sessions.store(), selected, out))
        headers[name] = next(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    for name, describe in FORMATS[format_].dictionaries.items():
        text = io.StringIO(newline="")
        describe(sessions.store(), selected, text)
        headers[name] = [line[0] for line in csv.reader(io.StringIO(text.getvalue()))]
    return headers


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("format_", ["csv", "csv-insertions", "redcap"])
def test_names_and_dictionary_are_the_same_whatever_was_selected(format_: str):
    both = rows()
    wanted = files(format_, both)
    for selected in (both[:1], both[1:], both[::-1], []):
        assert files(format_, selected) == wanted


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("format_", ["csv", "redcap"])
def test_the_command_line_names_columns_as_the_page_does(format_: str, capsys: pytest.CaptureFixture[str]):
    (header,) = (names for name, names in files(format_, rows()).items() if "dictionary" not in name)
    for chosen in ([], ["--since", "2026-02-10"], ["--protocol", CERVICAL.id], ["--protocol", LUMBAR.id]):
        assert main(["export", "--format", format_, *chosen]) == 0
        written = csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))
        cells = [(row["lum_lidocaine_ml"], row["cer_lidocaine_ml"]) for row in written]
        assert written.fieldnames == header
        assert [cell for cell in cells if any(cell)] == {
            (): [("3", ""), ("", "1")],
            ("--since", "2026-02-10"): [("", "1")],
            ("--protocol", CERVICAL.id): [("", "1")],
            ("--protocol", LUMBAR.id): [("3", "")],
        }[tuple(chosen)]


def test_a_sites_edit_under_the_same_version_has_a_column_of_its_own(data: Path):
    happened_in(data, (20, "lidocaine_given"), device="tablet0001")
    before = {column.name: column for column in table(sessions.store(), "whole").columns}
    happened_in(data, (20, "lidocaine_given"), device="tablet0001", text=ONE_PERCENT)
    after = {column.name: column for column in table(sessions.store(), "whole").columns}
    (own,) = (name for name in after if re.fullmatch(r"lum_lidocaine_ml_[0-9a-f]{6}", name))
    assert (after["lum_lidocaine_ml"].label, after[own].label) == ("Lidocaine 2 %", "Lidocaine 1 %")
    assert list(before) == [name for name in after if name in before]  # nothing that was there is called otherwise


def test_two_protocols_of_one_prefix_are_not_pooled(data: Path):
    other = LUMBAR_TEXT.replace(f'id = "{LUMBAR.id}"', 'id = "lumbago"').replace('prefix = "lum"\n', "")
    assert prefix(protocols.parsed(other)) == "lum"
    happened_in(data, (20, "lidocaine_given"), device="tablet0001", text=other)
    shared = table(sessions.store(), "whole")
    theirs, ours = (shared.names[protocols.text_hash(text)] for text in (other, LUMBAR_TEXT))
    common = {column.name for column in procedure(LUMBAR) if column.common}
    assert {theirs[name] for name in theirs} & set(ours.values()) == common


STORED = sorted([LUMBAR_TEXT, ONE_PERCENT, LUMBAR_TEXT.replace("Lidocaine 2 %", "Lidocaine 0.5 %")])


@settings(max_examples=20, deadline=None)
@given(texts=st.permutations(STORED))
def test_the_order_in_which_texts_were_stored_changes_no_name(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
):
    assert names_of(tmp_path_factory.mktemp("any"), texts) == names_of(tmp_path_factory.mktemp("sorted"), STORED)


STRENGTHS = st.lists(st.integers(3, 999), min_size=2, max_size=4, unique=True)


@settings(max_examples=20, deadline=None)
@given(strengths=STRENGTHS, versions=st.lists(st.sampled_from(["0.1", "9.9"]), min_size=4, max_size=4))
def test_a_text_that_is_stored_later_renames_no_column(
    tmp_path_factory: pytest.TempPathFactory, strengths: list[int], versions: list[str]
):
    texts = [
        LUMBAR_TEXT.replace("Lidocaine 2 %", f"Lidocaine {strength} %").replace(
            f'version = "{LUMBAR.version}"', f'version = "{version}"'
        )
        for strength, version in zip(strengths, versions, strict=False)
    ]
    folder = tmp_path_factory.mktemp("growing")
    before: dict[str, dict[str, str]] = {}
    for text in texts:
        after = names_of(folder, [text])
        assert before.items() <= after.items()
        before = after
    columns = [before[protocols.text_hash(text)]["lidocaine_ml"] for text in (LUMBAR_TEXT, *texts)]
    assert columns[0] == "lum_lidocaine_ml"
    assert len({*columns}) == 1 + len(texts)


def test_two_meanings_never_share_a_column_though_their_digests_begin_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("core.transfer.shared_table.DIGITS", 4)
    texts = [LUMBAR_TEXT.replace("Lidocaine 2 %", f"Lidocaine {strength} %") for strength in (56, 181)]
    names = names_of(tmp_path, texts)
    first, second = sorted((names[protocols.text_hash(text)]["lidocaine_ml"] for text in texts), key=len)
    assert second.startswith(first)
    assert len(second) == len(first) + 1


def names_of(folder: Path, texts: list[str]) -> dict[str, dict[str, str]]:
    for text in texts:
        Store(folder).keep_protocol(protocols.text_hash(text), text)
    return table(Store(folder), "whole").names


def test_redcap_gets_texts_as_they_are_and_a_spreadsheet_guarded_ones(data: Path):
    keep([{"t": "00:00:00", "value": "vial_lot", "is": "-12A"}])
    written = {}
    for format_ in ("csv", "redcap"):
        out = io.BytesIO()
        (write,) = FORMATS[format_].files.values()
        list(write(sessions.store(), rows(), out))
        (row,) = csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
        written[format_] = row["lum_vial_lot"]
    assert written == {"csv": "'-12A", "redcap": "-12A"}


def test_check_warns_of_another_text_under_the_same_version(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    edited = tmp_path / "site.toml"
    edited.write_text(ONE_PERCENT, encoding="utf-8")
    assert main(["check", str(edited)]) == 0
    assert f"{LUMBAR.id} {LUMBAR.version} is another text already" in capsys.readouterr().err
    edited.write_text(ONE_PERCENT.replace(f'version = "{LUMBAR.version}"', 'version = "9"'), encoding="utf-8")
    assert main(["check", str(edited)]) == 0
    assert capsys.readouterr().err == ""
    happened_in(data, (20, "lidocaine_given"), device="tablet0001", text=edited.read_text(encoding="utf-8"))
    edited.write_text(edited.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    assert main(["check", str(edited)]) == 0
    assert f"{LUMBAR.id} 9 is another text already" in capsys.readouterr().err

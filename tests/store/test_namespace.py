"""The site's namespace: one for a data folder, for good."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree

import pytest

from core.store.errors import Corrupt
from core.store.store import Store


def test_two_folders_are_two_sites(tmp_path: Path):
    assert Store(tmp_path / "here").namespace != Store(tmp_path / "there").namespace


def test_a_folder_keeps_its_namespace_and_a_copy_of_it_too(tmp_path: Path):
    made = Store(tmp_path / "here").namespace
    copytree(tmp_path / "here", tmp_path / "copy")
    assert Store(tmp_path / "here").namespace == made == Store(tmp_path / "copy").namespace


def test_servers_that_start_at_once_agree(tmp_path: Path):
    with ThreadPoolExecutor(8) as several:
        assert len(set(several.map(lambda _: Store(tmp_path / "data").namespace, range(8)))) == 1


def test_a_damaged_namespace_is_a_sentence_and_stops_no_start(tmp_path: Path):
    (tmp_path / "namespace").write_text("P-001\n")
    store = Store(tmp_path)
    with pytest.raises(Corrupt, match="should hold a UUID"):
        _ = store.namespace
    assert (tmp_path / "namespace").read_text() == "P-001\n"

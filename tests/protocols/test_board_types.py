"""What the board declares of the server: the tables of a protocol, and the keys in a browser's storage."""

import inspect
import re

import msgspec
import pytest

from core.protocols import tables
from core.web import dress
from tests.helpers.app import ROOT

BOARD = ROOT / "pages" / "board"
DECLARED = (BOARD / "rules" / "tables.d.ts").read_text(encoding="utf-8")
TABLES = [
    table
    for _, table in inspect.getmembers(tables, inspect.isclass)
    if issubclass(table, tables.Table) and table.__struct_fields__
]
KEYS = (BOARD / "link" / "storage_keys.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.__name__))
def test_the_board_declares_the_keys_of_every_table_of_a_protocol(table: type[msgspec.Struct]) -> None:
    interface = re.search(rf"^export interface {table.__name__} {{\n(.*?)^}}", DECLARED, re.M | re.S)
    assert interface
    assert re.findall(r"^  (\w+)\??:", interface[1], re.M) == list(table.__struct_encode_fields__)


def test_every_key_in_a_browsers_storage_stands_in_one_file() -> None:
    declared = set(re.findall(r'= "(is:[^"]+)"', KEYS))
    scripts = [path for path in BOARD.rglob("*.js") if path.name != "storage_keys.js"]
    elsewhere = {
        path.name: set(re.findall(r"[\"'`](is:[a-z:]+)", path.read_text(encoding="utf-8"))) for path in scripts
    }
    in_the_page = {"dress.js", "lost.js"}  # these can import nothing
    assert {name for name, keys in elsewhere.items() if keys} == in_the_page
    assert (
        set().union(*(elsewhere[name] for name in in_the_page))
        | set(re.findall(r"'(is:[a-z:]+)'", inspect.getsource(dress)))
        <= declared
    )

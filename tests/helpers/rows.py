"""Rows of the index for tests that need no record behind them."""

from typing import Any

import msgspec

from core.records.row import Row, row
from tests.helpers.tables import session_of

_BARE = row(session_of([]))


def a_row(**changed: Any) -> Row:
    """The row of a procedure in which nothing happened, but for what is changed."""
    return msgspec.structs.replace(_BARE, **changed)

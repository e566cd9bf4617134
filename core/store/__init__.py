"""The log on disk: one file a session, and the only place that knows its engine."""

from core.store.errors import Corrupt, Full, Newer, NotFound, StoreError
from core.store.folder import new_session_id
from core.store.store import Record, Store

__all__ = ["Corrupt", "Full", "Newer", "NotFound", "Record", "Store", "StoreError", "new_session_id"]

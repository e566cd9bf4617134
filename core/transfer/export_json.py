"""Records as the list that `export --format json` prints."""

from collections.abc import Iterator
from typing import Any

from core.engine.summary import summary
from core.records.sessions import session_of
from core.store import Store, StoreError


def export(store: Store, session: str) -> dict[str, Any]:
    """One record as `export --format json` writes it. Raises StoreError."""
    record = store.load(session)
    folded = session_of(store, record)
    opened = folded.opened
    return {
        "session": session,
        "protocol": opened.get("protocol"),
        "patient": opened.get("patient"),
        "dose": opened.get("dose"),
        "operator": opened.get("operator"),
        "drill": folded.drill,
        "events": list(record.events),
        "summary": summary(folded),
    }


def export_all(store: Store, drills: bool) -> Iterator[dict[str, Any] | StoreError]:
    """Every record, the oldest first; in place of one that cannot be read, why."""
    for session in sorted(store.sessions()):
        try:
            record = export(store, session)
        except StoreError as error:
            yield error
            continue
        if drills or not record["drill"]:
            yield record

"""The entries of a paper sheet, with ids made from what they say: importing a sheet again gives the same ones."""

import hashlib
import json
from typing import Any

from core.engine import events
from core.engine.events import Event


def entries_of(
    session: str,
    head: dict[str, Any],
    contents: list[tuple[str, dict[str, Any]]],
    moments: list[int],
    device: str,
    by: str,
    now: int,
) -> list[Event]:
    """An entry for each (kind, data) and its moment, entered now; the protocol's version is no part of an id."""
    seen: dict[str, int] = {}
    entries = []
    for seq, ((kind, data), at) in enumerate(zip(contents, moments, strict=True)):
        name = digest(kind, at, head if kind == "opened" else data)
        seen[name] = seen.get(name, 0) + 1
        entry = {
            "id": f"paper-{name}-{seen[name]}",
            "session": session,
            "kind": kind,
            "at": at,
            "tapped": now,
            "device": device,
            "seq": seq,
            "by": by,
            "data": data,
        }
        entries.append(events.read(entry))
    return entries


def digest(*parts: Any) -> str:
    """Twenty digits that stand for these parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:20]

"""The region guard: a level of one region is refused under the protocol of another, which is named."""

from typing import Any

from core import protocol
from core.protocol import Protocol


def guard(p: Protocol, found: Any) -> str | None:
    """Why a level cannot be recorded under `p`, and which protocol is for it; None if it is no other region's."""
    for other, _ in protocol.shipped().values():
        if other.region != p.region and found in _levels(other) - _levels(p):
            return (
                f"expected a {p.region} level, found {found}, which is a {other.region} one: "
                f"use the protocol {other.id} ({other.title})."
            )
    return None


def _levels(p: Protocol) -> set[str]:
    return {option.id for key in p.levels for option in p.options(key)}

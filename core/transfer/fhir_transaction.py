"""The entries of a FHIR transaction: every resource put at its own id, so that a server may take them twice."""

from collections.abc import Iterable
from typing import Any

from core.transfer.fhir_parts import Json, urn


def entries(made: list[Json], gone: Iterable[tuple[str, str]]) -> list[Json]:
    """A PUT for each resource, its references as `Type/id`; a DELETE for what an earlier export may have held."""
    places = {urn(resource): f"{resource['resourceType']}/{resource['id']}" for resource in made}
    puts = [
        {
            "fullUrl": urn(resource),
            "resource": _literal(resource, places),
            "request": {"method": "PUT", "url": places[urn(resource)]},
        }
        for resource in made
    ]
    return puts + [{"request": {"method": "DELETE", "url": f"{kind}/{id_}"}} for kind, id_ in gone]


def _literal(node: Any, places: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {
            key: places.get(content, content) if key == "reference" else _literal(content, places)
            for key, content in node.items()
        }
    return [_literal(content, places) for content in node] if isinstance(node, list) else node

"""FHIR bundles of stored records, for tests to look into."""

import io
import json
from typing import Any

from core.records import sessions as records
from core.transfer import export_fhir

Json = dict[str, Any]
NO_REPORTS = export_fhir.Kind(reports=False)  # a report takes a second to draw


def bundle(*sessions: str, kind: export_fhir.Kind = NO_REPORTS) -> Json:
    out = io.BytesIO()
    steps = list(export_fhir.write(records.store(), list(sessions), out, kind))
    assert [step.problem for step in steps] == [""] * len(sessions)
    return json.loads(out.getvalue())


def resources(exported: Json) -> list[Json]:
    return [entry["resource"] for entry in exported.get("entry", []) if "resource" in entry]


def of(exported: Json, kind: str) -> list[Json]:
    return [resource for resource in resources(exported) if resource["resourceType"] == kind]


def coded(resource: Json, code: str) -> bool:
    """Whether a resource is coded so in the protocol's own code system."""
    return code in [coding["code"] for coding in resource["code"].get("coding", [])]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["reference"]] if "reference" in node else []
        return own + [reference for content in node.values() for reference in references(content)]
    return [reference for content in node for reference in references(content)] if isinstance(node, list) else []

"""The published punctures as scenarios. Insertions, interspaces, operation and puncture minutes are the table's, exact.

What was not published is ours: when in between the needle went in and out, and all that follows the injection.
"""

import csv
from pathlib import Path
from typing import Any

from tests.tables import HEAD, LUMBAR, hms, mark

Row = dict[str, str]
Json = dict[str, Any]
REFERENCE = Path(__file__).parent.parent / "core" / "reference"
FAILURES = next(one.limit or 0 for one in LUMBAR.counter if one.id == "failures")

# Case 6 dose 1: the interspaces that failed before the published one (CLINICAL.md: reconstructed from the rule).
FAILED_BEFORE = {("6", "1"): ("L2-L3", "L3-L4")}
INJECTION_S, OUTFLOW_TO_INJECTION_S = 90, 60  # ours: within 60–120 s; the shortest operation leaves room for both
INVENTED = "Invented: the paper gives no insertions or times for this puncture"


def punctures() -> list[Row]:
    with (REFERENCE / "published_punctures.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def successes() -> list[Row]:
    return [row for row in punctures() if row["outcome"] == "success"]


def failed() -> Row:
    [row] = [row for row in punctures() if row["outcome"] != "success"]
    return row


def scenario(row: Row) -> Json:
    """A published success as a scenario."""
    operation_s, puncture_s = 60 * int(row["operation_min"]), 60 * int(row["puncture_min"])
    outflow = operation_s - INJECTION_S - OUTFLOW_TO_INJECTION_S
    tries = interspaces(row)
    events = opening(outflow - puncture_s)
    for n, interspace in enumerate(tries):
        at = outflow - puncture_s + n * puncture_s // len(tries)
        if n and interspace != tries[n - 1]:
            events.append(mark(at, "interspace_changed", interspace=interspace))
        events.append(mark(at, "skin_puncture", interspace=interspace, approach=row["approach"]))
        if n + 1 < len(tries):
            events.append(mark(at + puncture_s // len(tries) // 2, "withdrawn"))
    events += [
        mark(outflow, "csf_outflow"),
        mark(outflow + 30, "csf_collected", csf_ml=5),
        mark(outflow + OUTFLOW_TO_INJECTION_S, "injection_started"),
        mark(operation_s, "injection_completed", injected_ml=5),
        mark(operation_s + 15, "needle_removed"),
    ]
    if "numbness" in row["adverse_event"]:
        events.append({"t": hms(operation_s + 15), "complication": "leg_numbness", "text": row["adverse_event"]})
    return head(row) | {"events": events + aftercare(operation_s + 30)}


def failed_scenario() -> Json:
    """Case 7 dose 4, which ended under CT. Its insertions and times are invented, and a note in it says so."""
    row, events = failed(), [{"t": "00:00:00", "note": INVENTED}, *opening(600)]
    others = [one.id for one in LUMBAR.options("interspace") if one.id != row["interspace"]]
    tries = [one for one in (row["interspace"], *reversed(others[-2:])) for _ in range(FAILURES)]
    for n, interspace in enumerate(tries):
        events.append(mark(600 + 120 * n, "skin_puncture", interspace=interspace, approach=row["approach"]))
        events.append(mark(660 + 120 * n, "withdrawn"))
    events += [mark(2000, "ct_guidance"), mark(4000, "dose_given_ct", injected_ml=5)]
    return head(row) | {"events": events + aftercare(4100)}


def interspaces(row: Row) -> list[str]:
    """The interspace of every insertion, in order."""
    before = [one for one in FAILED_BEFORE.get((row["case"], row["dose_in_series"]), ()) for _ in range(FAILURES)]
    return before + [row["interspace"]] * (int(row["insertions"]) - len(before))


def head(row: Row) -> Json:
    numbers = {key: float(row[key]) for key in ("age_y", "cobb_deg", "smn2_copies") if row[key]}
    texts = {key: row[key] for key in ("spine", "nash_moe", "sma_subtype", "motor_function") if row[key]}
    offered = [one.id for one in LUMBAR.options("laminotomy")]
    channel = {"laminotomy": row["laminotomy"]} if row["laminotomy"] in offered else {}
    patient, dose = f"case-{row['case']}", int(row["dose_in_series"])
    values = numbers | texts | channel
    return HEAD | {"patient": patient, "dose": dose, "operator": "not published", "values": values}


def opening(first_puncture: int) -> list[Json]:
    return [
        mark(0, "scan_started"),
        mark(first_puncture // 2, "lidocaine_given", lidocaine_ml=3),
        mark(first_puncture // 2, "drug_drawn"),
    ]


def aftercare(start: int) -> list[Json]:
    """Compression and supine for as long as the protocol asks."""
    lasting = {one.clock: int(one.below_s) for one in LUMBAR.window if one.below_s}
    lying = start + lasting["compression"]
    return [
        mark(start, "compression_started"),
        mark(lying, "compression_ended"),
        mark(lying, "supine_started"),
        mark(lying + lasting["supine"], "supine_ended"),
    ]

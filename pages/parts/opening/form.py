"""What New procedure asks. Everything but the patient's code may be left for later: Bedside asks again."""

from typing import Any

import streamlit as st

from core.engine.events import TEXT_MAX
from core.engine.walk import is_number
from core.protocols.tables import Protocol
from core.records import faults
from core.records.row import Row
from pages.parts.frame.words import ago


def protocol(offered: list[Protocol], rows: list[Row]) -> Protocol:
    """Which protocol; the one used last is chosen already."""
    newest = max((row for row in rows if not row.drill), key=lambda row: row.opened_at, default=None)
    by_id = {one.id: one for one in offered}
    last = newest.protocol if newest and newest.protocol in by_id else offered[0].id
    chosen = st.segmented_control(
        "Protocol",
        list(by_id),
        format_func=lambda one: by_id[one].short,
        default=last,
        key="protocol",
        width="stretch",
        required=True,
    )
    return by_id[chosen]


def patient() -> str | None:
    """The patient's code; None while it is empty or cannot be one (the sentence stands below the field)."""
    found = st.text_input("Patient code", key="patient", placeholder="P-006").strip()
    if not found:
        return None
    for sentence in faults.faults({"patient": found}):
        st.error(sentence)
        return None
    return found


def team(earlier: list[Row], running: list[Row], rows: list[Row]) -> dict[str, Any]:
    """Dose number, operator and recorder. Names are typed once and offered again."""
    known = sorted({name for row in rows for name in (row.operator, row.recorder) if name})
    given = max((row.dose for row in earlier if faults.is_dose(row.dose)), default=0)
    last = max(
        [given, *(row.dose - 1 for row in running if faults.is_dose(row.dose))]
    )  # one under way is today's dose, not one before
    left, middle, right = st.columns([1, 1.5, 1.5])
    dose = left.number_input("Dose", value=last + 1, step=1, key=f"dose-{last}")
    operator = middle.selectbox(
        "Operator (holds the needle)",
        known,
        index=None,
        accept_new_options=True,
        placeholder="Initials",
        key="operator",
    )
    recorder = right.selectbox(
        "Recorder (holds the tablet)",
        known,
        index=None,
        accept_new_options=True,
        placeholder="Initials",
        key="recorder",
    )
    return {"dose": dose, "operator": (operator or "").strip(), "recorder": (recorder or "").strip()}


def values(p: Protocol, known: dict[str, Any], patient: str | None) -> dict[str, Any]:
    """The values that the protocol asks before Bedside, filled with what the last dose knew."""
    st.header("Known already", anchor=False)
    planned = {plan.key for plan in p.plan}
    found: dict[str, Any] = {}
    numbers = [key for key in p.opening if p.value[key].type == "number"]
    columns = st.columns(max(len(numbers), 1))
    for column, key in zip(columns, numbers, strict=False):
        table = p.value[key]
        last = f"last time {known[key]:g}" if is_number(known.get(key)) else None
        number = column.number_input(
            f"{table.label}, {table.unit}",
            value=None,  # what was measured then is shown, and measured again
            placeholder=last,
            step=table.step or 1.0,
            key=f"{p.id}-{key}-{patient}",
            format="%g",
        )
        found[key] = int(number) if number is not None and number == int(number) else number
    halves = st.columns(2)
    for n, key in enumerate(key for key in p.opening if p.value[key].type == "option"):
        labels = {option.id: option.label for option in p.options(key) if p.goes(key, option.id, found)}
        last = known.get(key) if key not in planned and known.get(key) in labels else None
        found[key] = halves[n % 2].pills(
            p.value[key].label,
            list(labels),
            format_func=labels.get,
            default=last,
            key=f"{p.id}-{key}-{patient}",
            wrap=True,
        )
    for n, key in enumerate(key for key in p.opening if p.value[key].type in ("yesno", "text")):
        found[key] = _ask(halves[n % 2], p, key, patient)
    return {key: content for key, content in found.items() if content is not None}


def _ask(column: Any, p: Protocol, key: str, patient: str | None) -> bool | str | None:
    label, name = p.value[key].label, f"{p.id}-{key}-{patient}"
    if p.value[key].type == "text":
        return column.text_input(label, key=name, max_chars=TEXT_MAX).strip() or None
    answer = column.pills(label, ["Yes", "No"], key=name)
    return None if answer is None else answer == "Yes"


def warn(running: list[Row]) -> None:
    """A warning, not a wall: this patient has a procedure under way."""
    for row in running:
        st.warning(
            f"{row.patient} has a procedure under way: dose {row.dose}, {row.phase_label}, "
            f"opened {ago(row.opened_at)}. [Resume it](/bedside?s={row.session})"
        )


def problem(patient: str | None, opened: dict[str, Any], drilled: bool = False) -> str | None:
    """Why the procedure cannot be opened, in a sentence; the browser's own checks are not relied on."""
    return next(iter(faults.faults({"patient": patient, **opened}, drilled)), None)

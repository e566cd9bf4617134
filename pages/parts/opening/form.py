"""What New procedure asks. Everything but the patient's code may be left for later: Bedside asks again."""

from typing import Any

import streamlit as st

from core.engine import opening
from core.engine.events import TEXT_MAX
from core.engine.walk import is_number
from core.engine.words import plainly
from core.protocols.tables import Protocol
from core.records.history import procedures
from core.records.row import Row
from pages.parts.forms import asking, initials
from pages.parts.frame import unread
from pages.parts.frame.words import ago, plain


def protocol(offered: list[Protocol], rows: list[Row]) -> Protocol:
    """Which protocol; until somebody taps one it is the patient's own last, and without one the site's first."""
    by_id = {p.id: p for p in offered}
    last = last_protocol(rows, typed_patient())
    if not st.session_state.get("protocol tapped"):
        st.session_state["protocol"] = last if last in by_id else offered[0].id
    chosen = st.segmented_control(
        "Protocol",
        list(by_id),
        format_func=lambda p: by_id[p].short,
        key="protocol",
        width="stretch",
        required=True,
        on_change=_tapped,
    )
    if last is not None and last in by_id and last != chosen:
        st.warning(f"The last procedure of this patient was {plain(by_id[last].short)}.")
    return by_id[str(chosen)]


def _tapped() -> None:
    st.session_state["protocol tapped"] = True


def last_protocol(rows: list[Row], patient: str) -> str | None:
    """The protocol of the patient's last procedure."""
    own = procedures(rows, patient)
    return own[-1].protocol if own else None


def patient() -> str | None:
    """The patient's code; None while it is empty or cannot be one (the sentence stands below the field)."""
    code = st.text_input("Patient code", key="patient", placeholder="P-006", autocomplete="off").strip()
    if not code:
        return None
    for sentence in opening.sentences({"patient": code}):
        st.error(plain(sentence))
        return None
    return code


def team(earlier: list[Row], running: list[Row]) -> dict[str, Any]:
    """Dose number, operator and recorder."""
    latest = max((row.dose for row in earlier if opening.is_dose(row.dose)), default=0)
    last = max(
        [latest, *(row.dose - 1 for row in running if opening.is_dose(row.dose))]
    )  # a procedure under way is today's dose, not an earlier one
    left, middle, right = st.columns([1, 1.5, 1.5])
    dose = left.number_input("Dose", value=last + 1, step=1, key=f"dose-{last}")
    operator = initials.ask("Operator (holds the needle)", "operator", middle)
    recorder = initials.ask("Recorder (holds the tablet)", "recorder", right)
    return {"dose": dose, "operator": operator, "recorder": recorder}


def values(p: Protocol, known: dict[str, Any], patient: str | None) -> dict[str, Any]:
    """The values that the protocol asks before Bedside, filled with what the last dose knew."""
    st.header("Known already", anchor=False)
    numbers, options, others = (
        [key for key in p.opening if p.value[key].type in types]
        for types in (["number"], ["option"], ["yesno", "text"])
    )
    answers: dict[str, Any] = {}
    for column, key in zip(st.columns(max(len(numbers), 1)), numbers, strict=False):
        answers[key] = _number(column, p, key, known.get(key), patient)
    halves = st.columns(2)
    for n, key in enumerate(options):
        answers[key] = _option(halves[n % 2], p, key, known.get(key), answers, patient)
    for n, key in enumerate(others):
        answers[key] = _other(halves[n % 2], p, key, patient)
    return {key: content for key, content in answers.items() if content is not None}


def _number(column: Any, p: Protocol, key: str, last: Any, patient: str | None) -> float | None:
    """What was measured last time is shown, and measured again."""
    before = f"last time {plainly(last)}" if is_number(last) else ""
    return asking.number(p, key, f"{p.id}-{key}-{patient}", column, placeholder=before)


def _option(column: Any, p: Protocol, key: str, last: Any, answers: dict[str, Any], patient: str | None) -> str | None:
    """The options that go with the answers so far; last time's is chosen already, unless it is planned each time."""
    labels = {option.id: option.label for option in p.options(key) if p.goes(key, option.id, answers)}
    planned = any(plan.key == key for plan in p.plan)
    chosen: str | None = column.pills(
        p.value[key].label,
        list(labels),
        format_func=labels.get,
        default=last if last in labels and not planned else None,
        key=f"{p.id}-{key}-{patient}",
        wrap=True,
    )
    return chosen


def _other(column: Any, p: Protocol, key: str, patient: str | None) -> bool | str | None:
    label, name = p.value[key].label, f"{p.id}-{key}-{patient}"
    if p.value[key].type == "text":
        return column.text_input(label, key=name, max_chars=TEXT_MAX).strip() or None
    answer = column.pills(label, ["Yes", "No"], key=name)
    return None if answer is None else answer == "Yes"


def warn(running: list[Row]) -> None:
    """A warning that this patient has a procedure under way; another can still be opened."""
    for row in running:
        st.warning(
            f"{row.patient} has a procedure under way: dose {row.dose}, {row.phase_label}, "
            f"opened {ago(row.opened_at)}. [Resume it](/bedside?s={row.session})"
        )


def typed_patient() -> str:
    """The patient's code as it stands in the field, whatever it is."""
    return str(st.session_state.get("patient", "")).strip()


def problem(patient: str, opened: dict[str, Any], drilled: bool = False) -> str | None:
    """Why the procedure cannot be opened, in a sentence; the browser's own checks are not relied on."""
    sentences = [*opening.sentences({"patient": patient, **opened}, drilled), *unread.of("")]
    return next(iter(sentences), None)

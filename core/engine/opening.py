"""The rule for an opening: whose procedure it is, which dose, who holds needle and tablet.

New procedure's form, a scenario, an archive, paper sheets and a correction all ask here, so that what one of them
accepts can be exported and imported by the others.
"""

import unicodedata
from typing import Any, NamedTuple, TypeGuard

from core.engine.events import NAME_MAX, PATIENT, TEXT_MAX

DOSE_MAX = 1000
DRILL_PREFIX = "DRILL-"  # of every invented patient, and of no real one
CODE = "a code of 1 to 32 letters, digits, '.', '_' or '-', beginning with a letter or digit (never a name)"
LABELS = {
    "patient": "Patient code",
    "dose": "Dose",
    "operator": "Operator",
    "recorder": "Recorder",
    "drill": "Drill",
    "another": "Another than",
}
BETWEEN = "; "  # codes and initials that were said to be another's
CONTROL = ("Cc", "Cs", "Zl", "Zp")  # Unicode's categories of control characters, surrogates and line ends


class Fault(NamedTuple):
    """What cannot stand in an opening: under which key, what was expected there, and the whole as a sentence."""

    key: str
    expected: str
    sentence: str


def faults(opened: dict[str, Any], drilled: bool = False) -> list[Fault]:
    """The faults of an opening; a key that is left out is none. `drilled`: a drill's patient code may stand in it."""
    checks = {
        "patient": _patient,
        "dose": _dose,
        "operator": _name,
        "recorder": _name,
        "drill": _drill,
        "another": _another,
    }
    faults_ = [checks[key](key, content) for key, content in opened.items() if key in checks]
    if not drilled and str(opened.get("patient")).upper().startswith(DRILL_PREFIX):
        code = opened["patient"]
        expected = f"a patient's code, as {DRILL_PREFIX} begins those of drills"
        sentence = f"Patient code: expected a patient's, found “{code}”, which is a drill's. Drills begin at Start."
        faults_.append(Fault("patient", expected, sentence))
    return [fault for fault in faults_ if fault]


def sentences(opened: dict[str, Any], drilled: bool = False) -> list[str]:
    """The faults of an opening as a person reads them."""
    return [fault.sentence for fault in faults(opened, drilled)]


def is_dose(number: Any) -> TypeGuard[int]:
    """Whether a dose can have this number: any other was mistyped."""
    return type(number) is int and 1 <= number <= DOSE_MAX


def _patient(key: str, content: Any) -> Fault | None:
    good = isinstance(content, str) and PATIENT.fullmatch(content)
    return None if good else Fault(key, CODE, f"{LABELS[key]}: expected {CODE}; found {_shown(content)}.")


def _dose(key: str, content: Any) -> Fault | None:
    expected = f"a whole number from 1 to {DOSE_MAX}"
    return None if is_dose(content) else _fault(key, expected, _shown(content))


def _name(key: str, content: Any) -> Fault | None:
    """An empty name is none: it may be left for later."""
    if content is None or (isinstance(content, str) and len(content) <= NAME_MAX and not _controls(content)):
        return None
    return _fault(key, f"initials or a code of at most {NAME_MAX} characters", "others")


def _drill(key: str, content: Any) -> Fault | None:
    return None if isinstance(content, bool) else _fault(key, "true or false", _shown(content))


def _another(key: str, content: Any) -> Fault | None:
    """Look-alikes that were said to be others, as one text."""
    if isinstance(content, str) and len(content) <= TEXT_MAX and not _controls(content):
        return None
    return _fault(key, f"codes or initials, at most {TEXT_MAX} characters", "others")


def together(others: list[str]) -> str:
    """Codes and initials of others as an opening keeps them."""
    return BETWEEN.join(dict.fromkeys(others))


def others_of(opened: dict[str, Any]) -> list[str]:
    """Of whom an opening says that they are others."""
    text = opened.get("another")
    return [other for other in text.split(BETWEEN) if other] if isinstance(text, str) else []


def _fault(key: str, expected: str, shown: str) -> Fault:
    return Fault(key, expected, f"{LABELS[key]}: expected {expected}, found {shown}.")


def _controls(text: str) -> bool:
    return any(unicodedata.category(sign) in CONTROL for sign in text)


def _shown(content: Any) -> str:
    if content in (None, ""):
        return "nothing"
    return f"“{content[:40]}”" if isinstance(content, str) else f"{content}"

"""What a procedure is opened with: whose, which dose, who holds needle and tablet; and what is wrong with it."""

from typing import Any, TypeGuard

from core.drills import drill
from core.engine.events import NAME_MAX, PATIENT
from core.engine.review import has_type, in_range
from core.engine.sentences import expected
from core.protocols.tables import Protocol

DOSE_MAX = 1000
EXPECTED = "a code of 1 to 32 letters, digits, '.', '_' or '-', beginning with a letter or digit (never a name)"


def faults(opened: dict[str, Any], drilled: bool = False) -> list[str]:
    """What cannot stand in an opening, a sentence each; what it does not say is no fault."""
    checks = {"patient": _patient, "dose": _dose, "operator": _name, "recorder": _name}
    found = [checks[key](key, content) for key, content in opened.items() if key in checks]
    if not drilled and str(opened.get("patient")).upper().startswith(drill.PREFIX):
        code = opened["patient"]
        found.append(f"Patient code: expected a patient's, found “{code}”, which is a drill's. Drills begin at Start.")
    return [sentence for sentence in found if sentence]


def is_dose(number: Any) -> TypeGuard[int]:
    """Whether a dose can have this number: what else is recorded was mistyped."""
    return type(number) is int and 1 <= number <= DOSE_MAX


def _patient(_: str, content: Any) -> str | None:
    good = isinstance(content, str) and PATIENT.fullmatch(content)
    return None if good else f"Patient code: expected {EXPECTED}; found {_shown(content)}."


def _dose(_: str, content: Any) -> str | None:
    return None if is_dose(content) else f"Dose: expected a whole number from 1 to {DOSE_MAX}, found {_shown(content)}."


def _name(key: str, content: Any) -> str | None:
    """Nothing is a name too: it may be left for later."""
    good = content is None or (isinstance(content, str) and len(content) <= NAME_MAX and content.isprintable())
    expected = f"initials or a code of at most {NAME_MAX} characters"
    return None if good else f"{key.capitalize()}: expected {expected}, found others."


def _shown(content: Any) -> str:
    if content in (None, ""):
        return "nothing"
    return f"“{content[:40]}”" if isinstance(content, str) else f"{content}"


def fault(p: Protocol, key: str, found: Any) -> str | None:
    """Why the protocol does not allow this content of a value; None where it does."""
    offered = {option.id for option in p.options(key)}
    good = has_type(p, key, found) and in_range(p, key, found) and (not offered or found in offered)
    return None if good else f"{p.value[key].label}: expected {expected(p, key)}; found {_content(found)}."


def mistyped(p: Protocol, key: str, found: Any) -> str | None:
    """Why this cannot be the content of a value at all; one out of its range can be, and is listed to review."""
    offered = {option.id for option in p.options(key)}
    good = has_type(p, key, found) and (not offered or found in offered)
    return None if good else f"{p.value[key].label}: expected {expected(p, key)}; found {_content(found)}."


def _content(found: Any) -> str:
    return f"{found:g}" if isinstance(found, int | float) else "nothing" if found in (None, "") else str(found)[:60]

"""Drills: invented procedures with trouble scripted in a file, checked against the protocol that the file names.

A drill is a TOML document in `core/drills/`, named as its id. What is played is a session like any other, opened with
`drill` and `drill_id`; core/drills/debrief.py tells how it went.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from core import protocols
from core.engine.events import Scalar
from core.engine.opening import DRILL_PREFIX as PREFIX
from core.engine.review import has_type
from core.engine.sentences import expected
from core.protocols.check import uncited
from core.protocols.shape import endless, said_of
from core.protocols.tables import FileId, Id, Positive, Protocol, Table, Words

T = TypeVar("T")
FOLDER = Path(__file__).parent
AFTER, EXPECT = ("mark", "prompt"), ("mark", "complication", "check", "value")
Invented = Annotated[str, Meta(pattern=rf"^{PREFIX}[A-Za-z0-9._-]{{1,26}}\Z")]
TELL_MAX = 80  # fits the strip of a phone
WAIT_MAX_S = 86_400  # what comes later than a day is no trouble of the procedure
Sentence = Annotated[str, Meta(min_length=1, max_length=TELL_MAX)]


class After(Table, frozen=True):
    """What sets a step off: the nth time that a mark stands, or that a prompt is raised."""

    mark: Id | None = None
    prompt: Id | None = None
    nth: Positive = 1


class StepExpect(Table, frozen=True):
    """What the team should record: one of these."""

    mark: Id | None = None
    complication: Id | None = None
    check: Id | None = None
    value: Id | None = None


class DrillStep(Table, frozen=True):
    """The team is told `wait_s` seconds after what sets it off; to do what is expected, it has `within_s` from then."""

    after: After
    wait_s: Annotated[int, Meta(ge=0, le=WAIT_MAX_S)]
    tell: Sentence
    expect: StepExpect
    within_s: Annotated[int, Meta(ge=1, le=3600)]
    source: Words


class Drill(Table, frozen=True):
    id: FileId
    protocol: FileId
    title: Words
    about: Words
    patient: Invented
    dose: Annotated[int, Meta(ge=1, le=1000)]
    step: Annotated[tuple[DrillStep, ...], Meta(min_length=1)]
    values: dict[Id, Any] = msgspec.field(default_factory=dict)


class DrillError(Exception):
    """A drill file that cannot be used; `problems` are sentences."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def parse(text: str, name: str = "drill") -> Drill:
    """The tables of a drill's text. Raises DrillError with every problem found."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a key that stands twice, and numbers of thousands of digits
        raise DrillError([f"{name}: expected TOML, found: {error}"]) from None
    steps = raw.get("step")
    for n, raw_step in enumerate(steps if isinstance(steps, list) else [], 1):
        _shaped(raw_step, DrillStep, f"{name}: [[step]] {n}: ")
    drill = _shaped(raw, Drill, f"{name}: ")
    sentences = [f"{name}: {sentence}" for sentence in [*endless(raw), *_problems(drill)]]
    if sentences:
        raise DrillError(sentences)
    return drill


def load(path: Path) -> Drill:
    """A drill file, named as its id. Raises DrillError."""
    try:
        drill = parse(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        raise DrillError([f"{path.name}: expected UTF-8 text, found byte {error.start} unreadable"]) from None
    except OSError as error:
        raise DrillError([f"{path.name}: expected a readable file, found: {error.strerror}"]) from None
    if drill.id != path.stem:
        raise DrillError([f"{path.name}: id: expected the file's name '{path.stem}', found '{drill.id}'"])
    return drill


@cache
def shipped() -> dict[str, Drill]:
    """The drills that come with Interspace, by id."""
    return {drill.id: drill for drill in map(load, sorted(FOLDER.glob("*.toml")))}


def _shaped(raw: Any, kind: type[T], place: str) -> T:
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        raise DrillError([place + said_of(error, raw)]) from None


def _problems(drill: Drill) -> Iterator[str]:
    if drill.protocol not in protocols.shipped():
        yield f"protocol: expected one of {', '.join(protocols.shipped())}; found '{drill.protocol}'"
        return
    p, _ = protocols.shipped()[drill.protocol]
    for key, content in drill.values.items():
        yield from (f"[values] {key}: {sentence}" for sentence in misfits(p, key, content))
    before: list[tuple[After, StepExpect]] = []
    for n, step in enumerate(drill.step, 1):
        yield from (f"[[step]] {n}: {sentence}" for sentence in _step_problems(p, step))
        if (step.after, step.expect) in before:
            first = before.index((step.after, step.expect)) + 1
            yield f"[[step]] {n}: expected another after or expect than in step {first}, found the same"
        before.append((step.after, step.expect))


def misfits(p: Protocol, key: str, content: Any) -> Iterator[str]:
    """A sentence where a value is none that a drill can begin with."""
    if key not in p.value:
        yield f"expected a value that is defined ({', '.join(sorted(p.value))}), found '{key}'"
        return
    value = p.value[key]
    fits = has_type(p, key, content) and _can_be_stored(content)
    if fits and value.type == "option":
        fits = content in [option.id for option in p.options(key)]
    if fits and value.type == "number":
        fits = (value.min is None or content >= value.min) and (value.max is None or content <= value.max)
    if not fits:
        yield f"expected {expected(p, key)}; found {content!r}"


def _can_be_stored(content: Any) -> bool:
    try:
        msgspec.convert(content, Scalar)
    except msgspec.ValidationError:
        return False
    return True


def _step_problems(p: Protocol, step: DrillStep) -> Iterator[str]:
    seen_at_bedside = {key for key, complication in p.complication.items() if not complication.follow_up_only}
    known = {"mark": set(p.mark), "prompt": set(p.prompt), "check": set(p.check), "value": set(p.value)}
    known["complication"] = seen_at_bedside
    for place, table, kinds in (("after", step.after, AFTER), ("expect", step.expect, EXPECT)):
        ids = {kind: getattr(table, kind) for kind in kinds if getattr(table, kind) is not None}
        if len(ids) != 1:
            yield f"{place}: expected one of {', '.join(kinds)}; found {', '.join(ids) or 'none'}"
        for kind, id_ in ids.items():
            if id_ not in known[kind]:
                offered = ", ".join(sorted(known[kind]))
                yield f"{place}.{kind}: expected a {kind} that Bedside offers ({offered}), found '{id_}'"
    yield from uncited(step.source, p.source, "source")

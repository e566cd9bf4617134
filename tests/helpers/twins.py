"""The twins: what tablet and server both work out or word, in Python and in JavaScript, a row each.

A module that is a twin says so in its first comment ("Twin of …"); tests/engine/test_twins.py demands that the two
agree on every log, and that each of these modules stands in a row here.
"""

import json
import random
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, NamedTuple

import msgspec

from core import site
from core.care import follow_up
from core.drills import debrief, drill
from core.engine import (
    cautions,
    clocks,
    counters,
    log,
    options,
    prompts,
    review,
    sentences,
    session,
    steps,
    typed,
    walk,
    words,
)
from core.engine.session import Session
from core.facts import aftercare, timers
from core.protocols import tables, wording
from core.protocols.tables import Protocol
from pages.parts.frame import words as page_words

ZONE = "Europe/Berlin"
HOUR_MS = 3600 * 1000
SPRING, AUTUMN = 1_774_746_000_000, 1_792_890_000_000  # when the clocks of that zone are put forward and back
NUMBERS = (0, -0.0, 0.1 + 0.2, 1 / 3, 1e21, 1.5e300, 1e-7, 123_456_789_012, 12_345_678.125, 299.99999999999994, 0.5, 65)


class Case(NamedTuple):
    """A record, and the moment and the numbers at which it is looked at."""

    session: Session
    now: int
    numbers: list[float]
    seconds: list[int]
    moments: list[int]

    @property
    def p(self) -> Protocol:
        return self.session.protocol

    @property
    def asked(self) -> Any:
        """What goes to the board with the log."""
        return {
            "now": self.now,
            "numbers": self.numbers,
            "seconds": self.seconds,
            "moments": self.moments,
            "drills": [msgspec.to_builtins(script) for script in drills_of(self.p)],
        }


class Twin(NamedTuple):
    """`ours`: what the server says; `theirs`: the board's function of {model, now, numbers, seconds, moments, drills},
    in which a module is called by its file's name.
    """

    name: str
    server: tuple[ModuleType, ...]
    board: tuple[str, ...]
    ours: Callable[[Case], Any]
    theirs: str


def case_of(rng: random.Random, record: Session) -> Case:
    """A record at a random moment: at, before or after one that a call of its protocol turns on."""
    hours = [
        hours
        for call in record.protocol.follow_up
        for hours in (call.hours, call.late_hours, call.lapses_hours)
        if hours is not None
    ]
    after = rng.choice([0, 60_000, *(round(hours * HOUR_MS) for hours in hours)]) + rng.choice((-1, 0, 1))
    last = max((entry.at for entry in record.entries), default=SPRING)
    numbers = [rng.choice(NUMBERS), rng.uniform(-1000, 1000), rng.expovariate(1e-6), rng.randrange(10**6) / 8]
    moments = [rng.choice((SPRING, AUTUMN)) + rng.randrange(-2, 3) * HOUR_MS, rng.randrange(4 * 10**12)]
    seconds = [rng.choice((0, 59, 60, 3600, 86_400, 90 * 60)), rng.randrange(10**6)]
    return Case(record, max(0, last + after), numbers, seconds, moments)


def drills_of(p: Protocol) -> list[drill.Drill]:
    """The drills that are shipped for a protocol."""
    return [script for script in drill.shipped().values() if script.protocol == p.id]


def settled(case: Case) -> Any:
    return [
        msgspec.structs.asdict(entry) | {"event": entry.event.id, "counts": entry.counts, "late": entry.late}
        for entry in case.session.entries
    ]


def whole(case: Case) -> Any:
    record, p = case.session, case.p
    outcome = next(outcome.label for outcome in p.outcome if outcome.id == record.walk.outcome)
    over = outcome if record.closed else None
    return {"phase": record.phase, "over": over, "flags": record.flags, "opened_at": record.opened_at}


def left(case: Case) -> Any:
    """The options of the group that are left after each entry; which options go with what it carries."""
    p, entries = case.p, case.session.entries[-6:]
    return {
        "left": [
            [
                option.id
                for option in options.left_options(p, options.until(case.session.entries, entry.event.id), p.group)
            ]
            for entry in entries
        ],
        "fitting": [
            [option.id for option in p.options(fit.key) if p.goes(fit.key, option.id, entry.data)]
            for entry in entries
            for fit in p.fit
        ],
        "labels": [options.label_of(p, key, key) for key in p.value],
    }


LEFT = """({ model, model: { protocol, entries } }) => ({
  left: entries.slice(-6).map((entry) =>
    options.leftOptions({ protocol, entries: options.until(entries, entry.event.id) }).map(({ id }) => id)),
  fitting: entries.slice(-6).flatMap((entry) => protocol.fit.map((fit) =>
    options.optionsOf(protocol, fit.key).filter(({ id }) => options.goes(model, fit.key, id, entry.data))
      .map(({ id }) => id))),
  labels: Object.keys(protocol.value).map((key) => options.optionLabel(protocol, key, key)),
})"""


def values(case: Case) -> Any:
    p = case.p
    return {
        "carried": [words.carried(p, entry.data) for entry in case.session.entries],
        "shown": [
            [
                words.shown(p, key, content)
                for content in (*entry.data.values(), None)
                for key in (*p.value, "constructor")
            ]
            for entry in case.session.entries[:2]
        ],
        "prompts": [words.prompt(case.session, raised) for raised in case.session.walk.prompts],
    }


VALUES = """({ model, model: { protocol, entries } }) => ({
  carried: entries.map(({ data }) => wording.carried(protocol, data).map(({ label, value }) => [label, value])),
  shown: entries.slice(0, 2).map(({ data }) => [...Object.values(data), null].flatMap((content) =>
    [...Object.keys(protocol.value), "constructor"].map((key) => wording.shown(protocol, key, content)))),
  prompts: model.walk.prompts.map((prompt) => wording.worded(model, prompt).text),
})"""


TEMPLATES = ("{a} and {b}.", "{c}", "{constructor}", "{{a}}", "{a:>9}", "{a.b}", "{", "{a-b}")


def formats(case: Case) -> Any:
    signed = [sign * second for second in case.seconds for sign in (1, -1)]
    return {
        "numbers": [wording.number(number) for number in case.numbers],
        "plainly": [words.plainly(content) for content in ("", "7", True, False, None, {}, 0.1 + 0.2)],
        "durations": [wording.duration(abs(number)) for number in (*case.numbers, *case.seconds)],
        "spans": [words.span(second) for second in signed],
        "lasted": [page_words.span(second * 1000) for second in signed],
        "moments": [site.day_and_time(moment) for moment in case.moments],
        "times": [words.time(moment) for moment in case.moments],
        "filled": [wording.fill(template, {"a": "{b}", "b": "$&"}) for template in TEMPLATES],
    }


FORMATS = """({ numbers, seconds, moments }) => {
  const signed = seconds.flatMap((second) => [second, -second]);
  return {
    numbers: numbers.map(format.number),
    plainly: ["", "7", true, false, null, {}, 0.1 + 0.2].map(format.plainly),
    durations: [...numbers.map(Math.abs), ...seconds].map(format.duration),
    spans: signed.map((second) => format.span(second * 1000)),
    lasted: signed.map((second) => format.inWords(second * 1000)),
    moments: moments.map(format.moment),
    times: moments.map((moment) => format.timeOfDay(moment)),
    filled: ["{a} and {b}.", "{c}", "{constructor}", "{{a}}", "{a:>9}", "{a.b}", "{", "{a-b}"].map((template) =>
      format.fill(template, { a: "{b}", b: "$&" }),
    ),
  };
}"""


def reviewed(case: Case) -> Any:
    record, p = case.session, case.p
    items = [*record.walk.review, *record.walk.reviewed]
    return {
        "labels": [sentences.label(p, entry) for entry in record.entries],
        "items": [sentences.sentence(record, item, words.time(item.at)) for item in items],
        "expected": {key: sentences.expected(p, key) for key in p.value},
    }


REVIEWED = """({ model, model: { protocol, entries, walk } }) => ({
  labels: entries.map((entry) => sentences.labelOf(protocol, entry)),
  items: [...walk.review, ...walk.reviewed].map((item) => sentences.reviewText(model, item)),
  expected: Object.fromEntries(Object.keys(protocol.value).map((key) => [key, sentences.expected(protocol, key)])),
})"""


TYPED = (
    "",
    "12",
    "12,5",
    " 12.5 ",
    "12 mL",
    "12kg",
    ".5",
    "5,",
    "1.234,5",
    "1 2",
    "-3",
    "+4",
    "1e3",
    "0x10",
    "٣",
    "½",
    "NaN",
    "9" * 60,
)


def typed_numbers(case: Case) -> Any:
    def read(key: str, text: str) -> Any:
        try:
            return [typed.number(case.p, key, text), ""]
        except typed.NotANumber as error:
            return [None, str(error)]

    return {key: [read(key, text) for text in TYPED] for key, value in case.p.value.items() if value.type == "number"}


TYPED_NUMBERS = f"""({{ model: {{ protocol }} }}) => Object.fromEntries(
  Object.keys(protocol.value).filter((key) => protocol.value[key].type === "number").map((key) =>
    [key, {json.dumps(TYPED)}.map((text) => Object.values(typed_number.typedNumber(protocol, key, text)))]))"""


def after_needle(case: Case) -> Any:
    record, p = case.session, case.p
    seen = [entry.data for entry in record.entries if entry.event.kind == "complication"]
    calls = aftercare.calls(record)
    return {
        "red_flags": [aftercare.red_flag(p, data) for data in seen],
        "over": [aftercare.is_over(p, data) for data in seen],
        "calls": msgspec.to_builtins(calls),
        "standing": [follow_up.standing(call, case.now) for call in calls],
        "expected": aftercare.expected_at_end(record),
    }


AFTER_NEEDLE = """({ model, model: { protocol, entries }, now }) => {
  const seen = entries.filter(({ event }) => event.kind === "complication").map(({ data }) => data);
  const calls = aftercare.calls(model);
  return {
    red_flags: seen.map((data) => aftercare.redFlag(protocol, data)),
    over: seen.map((data) => aftercare.isOver(protocol, data)),
    calls,
    standing: calls.map((call) => aftercare.callStanding(call, now)),
    expected: aftercare.expectedAtEnd(model),
  };
}"""


def on_the_ward(case: Case) -> Any:
    running = timers.running(case.session)
    waits = timers.waits(case.session)
    return {
        "on_ward": aftercare.on_ward(case.session),
        "running": [[timer.clock, timer.label, timer.bound, timer.since, timer.ends_at] for timer in running],
        "waits": None if waits is None else msgspec.to_builtins(waits),
    }


ON_THE_WARD = """({ model }) => ({
  on_ward: on_ward.onWard(model),
  running: on_ward.onWard(model) ? timers.wardTimers(model).map(({ clock, least, running, ends }) =>
    [clock.id, clock.label, format.duration(least / 1000), running, ends]) : [],
  waits: timers.waits(model),
})"""

TWINS = (
    Twin(
        "entries",
        (log,),
        ("rules/log.js",),
        settled,
        """({ model }) => model.entries.map((entry) =>
          ({ ...entry, event: entry.event.id, counts: log.counts(entry), late: log.late(entry) }))""",
    ),
    Twin(
        "walk",
        (walk, steps, cautions, clocks, counters, prompts, review),
        (
            "rules/walk.js",
            "rules/steps.js",
            "rules/figures.js",
            "rules/cautions.js",
            "rules/review.js",
            "rules/evidence.js",
            "rules/misfits.js",
        ),
        lambda case: msgspec.to_builtins(case.session.walk),
        "({ model }) => model.walk",
    ),
    Twin(
        "session",
        (session,),
        ("model/model.js",),
        whole,
        """({ model: { phase, over, openedAt }, model }) =>
          ({ phase, over, flags: phases.flags(model).map(({ label }) => label), opened_at: openedAt })""",
    ),
    Twin("options", (options, tables), ("rules/options.js",), left, LEFT),
    Twin("values and prompts", (words,), ("model/wording.js",), values, VALUES),
    Twin(
        "numbers, spans, moments",
        (wording, words, site, page_words),
        ("model/format.js",),
        formats,
        FORMATS,
    ),
    Twin("labels and items to review", (sentences,), ("model/sentences.js",), reviewed, REVIEWED),
    Twin("typed numbers", (typed,), ("model/typed_number.js",), typed_numbers, TYPED_NUMBERS),
    Twin("after the needle", (aftercare, follow_up), ("model/aftercare.js",), after_needle, AFTER_NEEDLE),
    Twin("timers of the ward", (timers,), ("model/timers.js",), on_the_ward, ON_THE_WARD),
    Twin(
        "debrief",
        (debrief,),
        ("rules/debrief.js",),
        lambda case: [msgspec.to_builtins(debrief.debrief(script, case.session)) for script in drills_of(case.p)],
        "({ model, drills }) => drills.map((script) => debrief.debrief(script, model))",
    ),
)
MODULES = sorted({path for twin in TWINS for path in twin.board} | {"model/on_ward.js", "model/phases.js"})


def page() -> str:
    """The page that asks the board's modules by `window.twins(names, protocol, cases)`; a case is {events, now, …}."""
    imports = "\n".join(f'import * as {path.split("/")[1].removesuffix(".js")} from "./{path}";' for path in MODULES)
    rows = ",\n".join(f"[{name!r}, {theirs}]" for name, _, _, _, theirs in TWINS)
    return f"""<script>localStorage.setItem("is:zone", "{ZONE}");</script><script type="module">
{imports}
const twins = new Map([{rows}]);
const answers = (names, protocol, {{ events, ...asked }}) => {{
  const context = {{ ...asked, model: model.modelOf(protocol, events) }};
  return Object.fromEntries(names.map((name) => [name, twins.get(name)(context)]));
}};
window.twins = (names, protocol, cases) => cases.map((asked) => {{
  try {{
    return answers(names, protocol, asked);
  }} catch (error) {{
    return {{ thrown: error.stack }};
  }}
}});
</script>"""


def server_answers(case: Case, names: Iterable[str]) -> dict[str, Any]:
    """What the server says of a case, by row."""
    return {twin.name: twin.ours(case) for twin in TWINS if twin.name in names}

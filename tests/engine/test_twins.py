"""The walker in Python and the one on the board agree on every log: the same walk and the same settled lines."""

import json
import random
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page

from core.engine.events import read_stored
from core.engine.log import settle
from core.engine.walk import is_number, walk
from core.protocols.check import problems
from core.protocols.reader import shipped
from core.protocols.shape import shape
from core.protocols.tables import Protocol
from core.protocols.wording import plain
from tests.engine.test_laws import CERVICAL, LUMBAR, Raw, event, random_log
from tests.helpers.bare import bare_page
from tests.protocols.test_third_protocol import LANDMARKS

BATCH = 250
PAGE = """<script type="module">
import { counts, late, settle } from "./rules/log.js";
import { walk } from "./rules/walk.js";
const plain = (line) => ({ ...line, event: line.event.id, counts: counts(line), late: late(line) });
window.board = (protocol, logs) => logs.map((log) => {
  try {
    return { walk: walk(protocol, log), lines: settle(log, protocol.recording.two_devices_s * 1000).map(plain) };
  } catch (error) {
    return { thrown: error.stack };
  }
});
</script>"""

# The lumbar file with ids that JavaScript gives every object, or that look like its words.
RENAMED = {
    "skin_puncture": "constructor",
    "withdrawn": "true",
    "csf_outflow": "null",
    "scan_started": "undefined",
    "interspace": "valueof",
    "approach": "get",
    "needle_in": "constructor",
    "weight_kg": "then",
    "age_y": "name",
    "change_interspace": "constructor",
    "consent": "constructor",
    "depth_mm": "length",
    "leg_numbness": "constructor",
}

# A small invented procedure in place of the lumbar tables.
SMALL = """
start = "constructor"
group = "side"
operator_mark = "undefined"
everywhere = ["undefined", "halt"]
opening = ["mass"]
recording = { two_devices_s = 0.7, same_tablet_s = 0.1, source = "site", late_h = 48, ahead_s = 1 }

[phase]
true = { label = "Only phase" }
[check]
constructor = { phase = "true", label = "Check", source = "site" }
[complication]
constructor = { label = "Trouble", source = "site" }

[value]
mass = { label = "Mass", type = "number", unit = "kg", min = 0, source = "site" }
age = { label = "Age", type = "number", unit = "y", whole = true, max = 120, source = "site" }
constructor = { label = "Given", type = "number", unit = "mL", min = 0.1, max = 20, source = "site" }
side = { label = "Side", type = "option", options = [{ id = "constructor", label = "L" }, { id = "1", label = "R" }] }
other = { label = "Other side", type = "option", options_of = "side" }
get = { label = "Get", type = "text" }
asleep = { label = "Asleep", type = "yesno" }

[mark]
constructor = { label = "In", needs = ["side"], may = ["constructor", "get", "other"] }
true = { label = "Out", needs = ["constructor"], may = ["asleep"] }
undefined = { label = "Change", needs = ["operator"] }
halt = { label = "Stop" }
[value.operator]
label = "Operator"
type = "text"

[state]
constructor = { label = "out", phases = ["true"], open = { constructor = "null" }, astray = { true = "constructor" } }
null = { label = "in", phases = ["true"], open = { true = "constructor" }, astray = { constructor = "null" } }

[prompt]
constructor = { label = "A", text = "A", priority = "low", other_group = "constructor", clears = ["true"] }
true = { label = "B", text = "B", priority = "high", once = true, pass = "Seen" }
null = { label = "C", text = "C", priority = "medium", until = ["true"], pass = "Seen" }

[[counter]]
id = "all"
label = "All, of no group"
counts = "constructor"
limit = 2
unit = "times"
prompt = "constructor"
source = "site"
[[counter]]
id = "outs"
label = "Out per side"
counts = "true"
per = "side"
of = "constructor"
until = ["halt"]
limit = 1
unit = "times"
prompt = "constructor"
groups = 2
groups_unit = "sides"
groups_prompt = "true"
source = "site"

[[clock]]
id = "anew"
label = "Restarts"
from = "constructor"
to = "true"
restart = true
source = "site"
[[clock]]
id = "sum"
label = "Adds up and restarts"
from = "constructor"
to = "true"
sum = true
restart = true
until = ["halt"]
source = "site"
[[clock]]
id = "halt"
label = "From a mark to one that is open everywhere"
from = "constructor"
to = "halt"
source = "site"

[[window]]
id = "short"
clock = "anew"
below_s = 5
prompt = "null"
source = "site"
[[window]]
id = "long"
clock = "sum"
above_s = 30.5
prompt = "null"
source = "site"

[[total]]
id = "given"
label = "Given"
mark = "constructor"
key = "constructor"
factor = 0.1
unit = "mg"
per = "mass"
source = "site"
ceiling = [
  { when = "age", at_least = 0, limit = 3, per_limit = 0.07, prompt = "null", source = "site" },
  { when = "age", at_least = 18, limit = 1.5, prompt = "true", source = "site" },
  { when = "mass", at_least = 10.5, limit = 0.3, per_limit = 0.001, prompt = "constructor", source = "site" },
]

[[outcome]]
id = "none"
label = "Open"
rank = 0
[[outcome]]
id = "constructor"
label = "Done"
marks = ["true"]
until = ["halt"]
rank = 1
[[outcome]]
id = "halted"
label = "Halted"
marks = ["halt"]
rank = 1
closed = true

[[plan]]
key = "side"
on = "constructor"
[[plan]]
key = "other"
on = "constructor"
"""


def renamed() -> Protocol:
    _, text = shipped()[LUMBAR.id]
    for old, new in RENAMED.items():
        text = re.sub(rf"\b{old}\b", new, text)
    return checked(tomllib.loads(text))


def small() -> Protocol:
    raw = tomllib.loads(shipped()[LUMBAR.id][1])
    kept = {key: raw[key] for key in ("id", "version", "title", "short", "region", "schema", "source", "review")}
    return checked(kept | tomllib.loads(SMALL))


def landmarks() -> Protocol:
    return checked(tomllib.loads(LANDMARKS))


def checked(raw: Raw) -> Protocol:
    protocol = shape(raw, "invented", Protocol)
    assert problems(protocol) == []
    return protocol


@pytest.fixture(scope="module")
def board(browser: Browser) -> Iterator[Page]:
    yield from bare_page(browser, PAGE, "board")


def on_the_board(page: Page, protocol: Protocol, logs: list[list[Raw]]) -> list[Any]:
    ask = "([protocol, logs]) => JSON.stringify(window.board(JSON.parse(protocol), JSON.parse(logs)))"
    answers: list[Any] = json.loads(page.evaluate(ask, [json.dumps(plain(protocol)), json.dumps(logs)]))
    return answers


def on_the_server(protocol: Protocol, log: list[Raw]) -> Raw:
    events = read_stored(log)
    lines = [
        msgspec.structs.asdict(line) | {"event": line.event.id, "counts": line.counts, "late": line.late}
        for line in settle(events, protocol.recording.two_devices_s * 1000)
    ]
    return {"walk": msgspec.to_builtins(walk(protocol, events)), "lines": lines}


def text(answer: Any) -> str:
    """As JSON; a number is one however it is written (5 and 5.0, 0 and -0.0), True is none, no key is not null."""

    def alike(one: Any) -> Any:
        if isinstance(one, dict):
            return {key: alike(content) for key, content in one.items()}
        if isinstance(one, list | tuple):
            return [alike(content) for content in one]
        return float(one) + 0.0 if is_number(one) else one

    return json.dumps(alike(answer), sort_keys=True, indent=1)


def differing(page: Page, protocol: Protocol, logs: list[list[Raw]]) -> list[int]:
    answers = on_the_board(page, protocol, logs)
    return [n for n, log in enumerate(logs) if text(answers[n]) != text(on_the_server(protocol, log))]


def smallest(page: Page, protocol: Protocol, log: list[Raw]) -> list[Raw]:
    """The log with every entry left out that the difference does not need."""
    while True:
        fewer = [log[:n] + log[n + 1 :] for n in range(len(log))]
        still = differing(page, protocol, fewer)
        if not still:
            return log
        log = fewer[still[0]]


def agree(page: Page, protocol: Protocol, number: int, seed: int) -> None:
    """Random logs, as many as asked for, give the same on both; else fails with the smallest log that does not."""
    for batch in range(seed, seed + number, BATCH):
        seeds = range(batch, min(batch + BATCH, seed + number))
        logs = [random_log(random.Random(one), protocol) for one in seeds]
        found = differing(page, protocol, logs)
        if found:
            log = smallest(page, protocol, logs[found[0]])
            ours, theirs = text(on_the_server(protocol, log)), text(on_the_board(page, protocol, [log])[0])
            pytest.fail(f"seed {seeds[found[0]]}: {json.dumps(log, indent=1)}\nserver: {ours}\nboard: {theirs}")


def test_tablet_and_server_tell_the_same_of_every_lumbar_procedure(board: Page) -> None:
    agree(board, LUMBAR, 5000, seed=0)


def test_tablet_and_server_tell_the_same_of_every_cervical_procedure(board: Page) -> None:
    agree(board, CERVICAL, 3000, seed=200_000)


@pytest.mark.parametrize("invented", [renamed, small, landmarks])
def test_tablet_and_server_tell_the_same_of_procedures_that_nobody_has_invented_yet(board: Page, invented: Any) -> None:
    agree(board, invented(), 1250, seed=100_000)


def test_a_tablet_reads_a_record_with_thousands_of_undos_as_the_server_does(board: Page) -> None:
    tap = event("u0", "mark", 1000, {"mark": "scan_started"})
    undos = [event(f"u{n}", "undo", 1000 + n, {"of": f"u{n - 1}"}) for n in range(1, 5001)]
    log = [msgspec.to_builtins(one) for one in (tap, *undos)]
    assert differing(board, LUMBAR, [log, log[:-1]]) == []
    assert on_the_server(LUMBAR, log)["walk"]["state"] == "scanned"


@pytest.mark.parametrize("p", [LUMBAR, CERVICAL], ids=lambda p: p.id)
def test_the_random_procedures_reach_every_state_prompt_outcome_and_kind_of_review(p: Protocol) -> None:
    walks = [walk(p, read_stored(random_log(random.Random(seed), p))) for seed in range(3000)]
    assert {one.state for one in walks} == set(p.state)
    assert {one.outcome for one in walks} == {outcome.id for outcome in p.outcome}
    assert {(prompt.kind, prompt.open) for one in walks for prompt in one.prompts} == {
        (kind, is_open) for kind in p.prompt for is_open in (True, False)
    }
    limits = {0, 1, 2, 3} if any(counter.limit for counter in p.counter) else {0}
    assert {len(count.reached) for one in walks for count in one.counts} >= limits
    reviewed = {(item.kind, item.key) for one in walks for item in one.review}
    assert {item.kind for one in walks for item in one.reviewed} >= {"double", "missing", "out_of_order"}
    evidence = {(kind, expect.id) for expect in p.expect for kind in ("missing_evidence", "too_late")}
    needed = evidence | {("does_not_fit", fit.key) for fit in p.fit} | {("missing", flag.needs) for flag in p.flag}
    assert needed <= reviewed
    never = (set() if p.expect else {"missing_evidence", "too_late"}) | (set() if p.fit else {"does_not_fit"})
    assert {kind for kind, _ in reviewed} == set(p.review.__struct_fields__) - never

"""Tablet and server agree on every log in all that both work out or word: the twins of tests/helpers/twins.py."""

import json
import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page

from core import site
from core.engine.events import read_stored
from core.engine.session import fold
from core.engine.walk import is_number, walk
from core.protocols.check import problems
from core.protocols.reader import shipped
from core.protocols.shape import shape
from core.protocols.tables import Protocol
from core.protocols.wording import plain
from tests.engine.test_laws import CERVICAL, LUMBAR, Raw, event, random_log
from tests.helpers.app import ROOT
from tests.helpers.bare import BOARD, bare_page
from tests.helpers.twins import TWINS, ZONE, Case, Twin, case_of, page, server_answers
from tests.protocols.test_third_protocol import LANDMARKS

BATCH = 250
RULES = ["entries", "walk"]  # what the rest stands on, and quick to compare
WORDS = [twin.name for twin in TWINS if twin.name not in RULES]
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
    head = {key: raw[key] for key in ("id", "version", "title", "short", "region", "schema", "source", "review")}
    return checked(head | tomllib.loads(SMALL))


def landmarks() -> Protocol:
    return checked(tomllib.loads(LANDMARKS))


def checked(raw: Raw) -> Protocol:
    protocol = shape(raw, "invented", Protocol)
    assert problems(protocol) == []
    return protocol


@pytest.fixture(scope="module")
def board(browser: Browser) -> Iterator[Page]:
    yield from bare_page(browser, page(), "twins")


@pytest.fixture(autouse=True)
def in_the_zone_of_the_tablet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INTERSPACE_TIME_ZONE", ZONE)
    site.zone.cache_clear()
    yield
    site.zone.cache_clear()


def case(protocol: Protocol, log: list[Raw]) -> Case:
    return case_of(random.Random(len(log)), fold(protocol, "s", read_stored(log)))


def on_the_board(page: Page, protocol: Protocol, logs: list[list[Raw]], names: list[str]) -> list[Any]:
    ask = "([names, ...given]) => JSON.stringify(window.twins(names, ...given.map(JSON.parse)))"
    cases = [case(protocol, log).asked | {"events": log} for log in logs]
    answers: list[Any] = json.loads(page.evaluate(ask, [names, json.dumps(plain(protocol)), json.dumps(cases)]))
    return answers


def on_the_server(protocol: Protocol, log: list[Raw], names: list[str]) -> Raw:
    return server_answers(case(protocol, log), names)


def text(answer: Any) -> str:
    """As JSON; a number is one however it is written (5 and 5.0, 0 and -0.0), True is none, no key is not null."""

    def alike(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: alike(content) for key, content in value.items()}
        if isinstance(value, list | tuple):
            return [alike(content) for content in value]
        return float(value) + 0.0 if is_number(value) else value

    return json.dumps(alike(answer), sort_keys=True)


def differing(page: Page, protocol: Protocol, logs: list[list[Raw]], names: list[str]) -> list[int]:
    answers = on_the_board(page, protocol, logs, names)
    return [n for n, log in enumerate(logs) if text(answers[n]) != text(on_the_server(protocol, log, names))]


def smallest(page: Page, protocol: Protocol, log: list[Raw], names: list[str]) -> list[Raw]:
    """The log with every entry left out that the difference does not need."""
    while True:
        fewer = [log[:n] + log[n + 1 :] for n in range(len(log))]
        still = differing(page, protocol, fewer, names)
        if not still:
            return log
        log = fewer[still[0]]


def agree(page: Page, protocol: Protocol, number: int, seed: int, names: list[str]) -> None:
    """Random logs, as many as asked for, give the same on both; else fails with the smallest log that does not."""
    for batch in range(seed, seed + number, BATCH):
        seeds = range(batch, min(batch + BATCH, seed + number))
        logs = [random_log(random.Random(seed), protocol) for seed in seeds]
        different = differing(page, protocol, logs, names)
        if different:
            log = smallest(page, protocol, logs[different[0]], names)
            ours, theirs = on_the_server(protocol, log, names), on_the_board(page, protocol, [log], names)[0]
            rows = [f"{name}\nserver: {text(ours[name])}\nboard: {text(theirs.get(name))}" for name in names]
            apart = [row for name, row in zip(names, rows, strict=True) if text(ours[name]) != text(theirs.get(name))]
            pytest.fail("\n".join([f"seed {seeds[different[0]]}: {json.dumps(log)}", theirs.get("thrown", ""), *apart]))


@pytest.mark.parametrize(("names", "number"), [(RULES, 5000), (WORDS, 1000)], ids=["rules", "words"])
def test_tablet_and_server_tell_the_same_of_every_lumbar_procedure(board: Page, names: list[str], number: int) -> None:
    agree(board, LUMBAR, number, 0, names)


@pytest.mark.parametrize(("names", "number"), [(RULES, 3000), (WORDS, 1000)], ids=["rules", "words"])
def test_tablet_and_server_tell_the_same_of_every_cervical_procedure(
    board: Page, names: list[str], number: int
) -> None:
    agree(board, CERVICAL, number, 200_000, names)


@pytest.mark.parametrize(("names", "number"), [(RULES, 1250), (WORDS, 250)], ids=["rules", "words"])
@pytest.mark.parametrize("invented", [renamed, small, landmarks])
def test_tablet_and_server_tell_the_same_of_procedures_that_nobody_has_invented_yet(
    board: Page, invented: Any, names: list[str], number: int
) -> None:
    agree(board, invented(), number, 100_000, names)


def test_a_tablet_reads_a_record_with_thousands_of_undos_as_the_server_does(board: Page) -> None:
    tap = event("u0", "mark", 1000, {"mark": "scan_started"})
    undos = [event(f"u{n}", "undo", 1000 + n, {"of": f"u{n - 1}"}) for n in range(1, 5001)]
    log = [msgspec.to_builtins(one) for one in (tap, *undos)]
    assert differing(board, LUMBAR, [log, log[:-1]], RULES) == []
    assert on_the_server(LUMBAR, log, RULES)["walk"]["state"] == "scanned"


@pytest.mark.parametrize("p", [LUMBAR, CERVICAL], ids=lambda p: p.id)
def test_the_random_procedures_reach_every_state_prompt_outcome_and_kind_of_review(p: Protocol) -> None:
    walks = [walk(p, read_stored(random_log(random.Random(seed), p))) for seed in range(3000)]
    assert {walked.state for walked in walks} == set(p.state)
    assert {walked.outcome for walked in walks} == {outcome.id for outcome in p.outcome}
    assert {(prompt.kind, prompt.open) for walked in walks for prompt in walked.prompts} == {
        (kind, is_open) for kind in p.prompt for is_open in (True, False)
    }
    limits = {0, 1, 2, 3} if any(counter.limit for counter in p.counter) else {0}
    assert {len(count.reached) for walked in walks for count in walked.counts} >= limits
    reviewed = {(item.kind, item.key) for walked in walks for item in walked.review}
    assert {item.kind for walked in walks for item in walked.reviewed} >= {"double", "missing", "out_of_order"}
    evidence = {(kind, expect.id) for expect in p.expect for kind in ("missing_evidence", "too_late")}
    needed = evidence | {("does_not_fit", fit.key) for fit in p.fit} | {("missing", flag.needs) for flag in p.flag}
    assert needed <= reviewed
    never = (set() if p.expect else {"missing_evidence", "too_late"}) | (set() if p.fit else {"does_not_fit"})
    never |= set() if any(counter.infer for counter in p.counter) else {"inferred"}
    assert {kind for kind, _ in reviewed} == set(p.review.__struct_fields__) - never


# --------------------------------------------------------------------------------------- what says it is a twin
TWIN_OF = re.compile(r"Twin of ((?:[\w/]+\.(?:py|js)(?:,? and |, )?)+)")


def declared() -> set[tuple[str, str]]:
    """(module, the twin that it names in its first comment) of every module on either side."""
    python = [*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]
    heads = {path: path.read_text(encoding="utf-8").partition("import ")[0] for path in (*python, *BOARD.rglob("*.js"))}
    return {
        (str(path.relative_to(ROOT)), twin)
        for path, head in heads.items()
        for match in TWIN_OF.finditer(" ".join(line.removeprefix("//").strip() for line in head.splitlines()))
        for twin in re.findall(r"[\w/]+\.(?:py|js)", match[1])
    }


def test_every_module_that_says_it_is_a_twin_stands_in_the_table_and_its_twin_says_the_same() -> None:
    pairs = declared()
    assert pairs == {(twin, module) for module, twin in pairs}
    server = {str(Path(module.__file__ or "").relative_to(ROOT)) for twin in TWINS for module in twin.server}
    board = {f"pages/board/{path}" for twin in TWINS for path in twin.board}
    assert {module for module, _ in pairs} == server | board


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.name)
def test_a_row_pairs_modules_that_name_each_other(twin: Twin) -> None:
    server = {str(Path(module.__file__ or "").relative_to(ROOT)) for module in twin.server}
    board = {f"pages/board/{path}" for path in twin.board}
    for module in server:
        assert any((module, other) in declared() for other in board), module
    for module in board:
        assert any((module, other) in declared() for other in server), module

"""Laws that hold for every log: undo, order of arrival, and that the walk never raises. The logs are random ones.

`random_log` makes plausible procedures with noise, and now and then pure noise; tests/engine/test_twins.py gives its
logs to tablet and server.
"""

import random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engine.events import Event, read, read_stored
from core.engine.log import FIXED, settle
from core.engine.review import ReviewItem
from core.engine.walk import Walk, walk
from core.protocols.reader import shipped
from core.protocols.tables import Protocol

Raw = dict[str, Any]
LUMBAR, _ = shipped()["lumbar-nusinersen"]
CERVICAL, _ = shipped()["cervical-fluoroscopy"]
DAY_MS = 24 * 3600 * 1000
START = 1_795_168_800_000
TEXTS = (
    "",
    " ",
    "L3–L4",
    "Wāng 王",
    "😀",
    "é",
    "\ud83d",
    "\x00",
    "0",
    "7",
    "null",
    "true",
    "undefined",
    "constructor",
    "toString",
    "__proto__",
    "hasOwnProperty",
    "valueOf",
    "length",
)
DATES = ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11", "10/2026", "11.2026", "19.11.2026", "2026-13", "soon")
NUMBERS = (0, -0.0, 1, 2.0, 3.5, -7, 17.999, 18, 60, 1e-9, 0.1, 299.9999, 10**15, -(10**15), 2**31, 1e14 + 0.5)
KEYS = ("of", "is", "check", "value", "prompt", "text", "constructor", "valueof", "then", "at", "reason", "recorder")
DEVICES = ("tablet-1", "Tablet-2", "constructor")
CASUAL = ("check", "value", "complication", "note", "answer", "takeover", "mark")


def random_log(rng: random.Random, p: Protocol) -> list[Raw]:
    """A log as plain JSON data, in any order of arrival, entries repeated; `core.events.read` accepts every entry."""
    log = Log(rng, p)
    if rng.random() < 0.9:
        log.add("opened", {"operator": log.scalar(), "recorder": "Nurse Ω", "protocol": p.id} | log.suggested())
    for plan in p.plan:
        if plan.bar and rng.random() < 0.3:
            log.add("value", {"value": plan.bar, "is": log.content(plan.bar)})
    for key in dict.fromkeys(each.value for each in p.caution):
        if rng.random() < 0.2:
            log.add("value", {"value": key, "is": log.content(key)})
    for value in p.opening if rng.random() < 0.5 else ():
        log.add("value", {"value": value, "is": log.content(value)})
    for _ in range(rng.choice((0, 3, 12, 12, 25, 25, 60))):
        log.happen()
    for _ in range(rng.choice((0, 0, 2, 6, 15))):
        log.correct()
    if rng.random() < 0.5:
        for prompt in walk(p, read_stored(log.raw)).prompts:
            if rng.random() < 0.6:
                log.add("answer", {"prompt": prompt.kind, "of": prompt.event})
    if rng.random() < 0.5:
        log.review()
    if rng.random() < 0.5:
        log.correct()
    again = rng.choices(log.raw, k=rng.choice((0, 0, 3))) if log.raw else []
    return rng.sample([*log.raw, *again], len(log.raw) + len(again)) if rng.random() < 0.7 else log.raw + again


class Log:
    """A random session under way: `now` runs, the state is guessed from the protocol's tables."""

    def __init__(self, rng: random.Random, p: Protocol) -> None:
        self.rng, self.p = rng, p
        self.raw: list[Raw] = []
        self.now, self.state, self.device = START, p.start, rng.choice(DEVICES)
        self.noise = rng.choice((0.0, 0.02, 0.1, 0.4, 1.0))
        options = {key: [option.id for option in p.options(key)] for key in p.value}
        self.options = {key: ids + ids[:1] * rng.choice((0, 3, 30)) for key, ids in options.items()}
        # What this procedure is full of.
        self.habits = rng.choice(round_trips(p)) if rng.random() < 0.7 else set(rng.sample(list(p.mark), 3))
        bounds = [bound for window in p.window for bound in (window.below_s, window.above_s) if bound]
        edges = [round(1000 * bound) for bound in [*bounds, p.recording.two_devices_s]]
        self.pauses = [0, 0, 1, 5000, 30_000] * 8
        self.pauses += [max(0, edge + more) for edge in edges for more in (-1000, -1, 0, 1, 999, 1000)]

    def add(self, kind: str, data: Raw, **fields: Any) -> Raw:
        rng = self.rng
        n = len(self.raw)
        late = rng.choice((1, 60_000, 3_600_000)) if rng.random() < 0.1 else 0
        entry: Raw = {
            "id": f"{rng.choice('aZ0bA')}{rng.choice(('', '-', '.', '_'))}{n}",
            "session": "s",
            "kind": kind,
            "at": self.now - late,
            "tapped": self.now,
            "device": self.device,
            "by": rng.choice(("", "Jo", "Ω", "then")),
            "seq": n if rng.random() < 0.8 else rng.choice((0, 1, 2**53 - 1)),
            "data": data,
        }
        if rng.random() < 0.5:
            entry["received"] = self.now + rng.choice((0, 900, DAY_MS - 1, DAY_MS, DAY_MS + 1, 2 * DAY_MS, -self.now))
        entry |= fields
        if rng.random() < 0.05:
            entry["received"] = None
        if not data or (rng.random() < 0.02 and kind not in ("detail", "amend", "undo")):
            entry.pop(rng.choice(("data", "by")))
        read(entry)
        self.raw.append(entry)
        return entry

    def happen(self) -> None:
        """The next thing: mostly a mark that is open, else any entry; sometimes the other tablet tells of it too."""
        rng = self.rng
        self.now += rng.choice(self.pauses)
        if rng.random() < 0.05:
            self.device = rng.choice(DEVICES)
        fields = {"device": rng.choice(DEVICES)} if rng.random() < 0.1 else {}
        if rng.random() < 0.3 and self.raw:
            entry = self.add(*self.casual(rng.choice(CASUAL)), **fields)
        else:
            entry = self.add("mark", self.mark(), **fields)
        while rng.random() < 0.12:
            edge = round(self.p.recording.two_devices_s * 1000)
            at = entry["at"] + rng.choice((0, 1, edge // 2, edge - 1, edge, edge + 1))
            self.add(entry["kind"], entry.get("data", {}), at=at, tapped=at, device=rng.choice(DEVICES))

    def mark(self) -> Raw:
        rng, here = self.rng, self.p.state[self.state]
        ways = [mark_id for mark_id in here.open if mark_id in self.habits] or list(here.open) or list(self.p.mark)
        mark = rng.choices(ways, [0.5**n for n in range(len(ways))])[0]  # the tables name the most likely first
        if rng.random() < 0.02 + self.noise / 3:
            mark = rng.choice([*here.astray, *self.p.everywhere, *self.p.mark])
        self.state = here.open.get(mark) or here.astray.get(mark) or self.state
        data: Raw = {"mark": mark}
        for key in (*self.p.mark[mark].needs, *self.p.mark[mark].may):
            if rng.random() > 0.1 + self.noise / 4:
                data[key] = self.content(key)
        if rng.random() < self.noise / 4:
            data["mark"] = self.scalar()
        return data | self.extras()

    def casual(self, kind: str) -> tuple[str, Raw]:
        rng, p = self.rng, self.p
        value = rng.choice(list(p.value)) if rng.random() > self.noise / 4 else self.scalar()
        check = rng.choice(list(p.check)) if rng.random() > self.noise / 4 else self.scalar()
        complication = rng.choice(list(p.complication)) if rng.random() > self.noise / 4 else self.scalar()
        data: dict[str, Raw] = {
            "check": {"check": check},
            "value": {"value": value, "is": self.content(value)},
            "complication": {"complication": complication, "text": "a bruise"} | self.described(),
            "answer": {"prompt": rng.choice(list(p.prompt)), "of": rng.choice(self.raw)["id"]},
            "mark": self.mark(),
        }
        chosen = data.get(kind, {})
        if chosen and rng.random() < self.noise / 6:
            del chosen[rng.choice(list(chosen))]
        return kind, chosen | self.extras()

    def correct(self) -> None:
        """Undo, detail or amendment of anything: earlier, later, unknown or itself; undos of undos, in circles too."""
        rng = self.rng
        of = rng.choice(("gone", "constructor", None, 3, *(entry["id"] for entry in self.raw)))
        kind = rng.choice(("undo", "undo", "detail", "amend"))
        self.now += rng.choice((0, 1, 1000))
        moment = self.now if rng.random() < 0.6 else rng.randint(START, self.now)
        changes = {key: self.content(key) for key in rng.sample(list(self.p.value), rng.choice((0, 1, 2)))}
        if rng.random() < 0.5:
            moments = (START - 5, float(self.now), self.now + 0.5, -1, True, "5", None, 0)
            changes["at"] = rng.choice((rng.randint(START, self.now), rng.choice(moments)))
        if rng.random() < 0.2:
            changes |= dict.fromkeys(FIXED, rng.choice(list(self.p.mark))) | {"is": self.scalar(), "constructor": 1}
        data = {"of": of} if kind == "undo" else {"of": of, "set": changes}
        if rng.random() < self.noise / 10:
            data = {"set": data.get("set", {})}
        entry = self.add(kind, data | self.extras(), at=moment, tapped=moment)
        if kind == "undo" and rng.random() < 0.4:
            tapped = moment + rng.choice((-1, 0, 1))
            other = self.add("undo", {"of": entry["id"]}, at=tapped, tapped=tapped)
            if rng.random() < 0.5:
                self.raw[self.raw.index(entry)] = entry | {"data": {"of": rng.choice((other, entry))["id"]}}

    def review(self) -> None:
        """Some of what is listed is looked at; any mark may be said to be the same as the one before, or another."""
        rng = self.rng
        for item in walk(self.p, read_stored(self.raw)).review:
            if rng.random() < 0.4:
                target: Raw = {"of": item.event, "kind": item.kind}
                target |= {"key": item.key} if item.key is not None or rng.random() < 0.5 else {}
                ruling = {"verdict": rng.choice(("same", "separate", self.scalar()))} if rng.random() < 0.5 else {}
                self.add("review", target | ruling | self.extras())
        for entry in rng.sample(self.raw, min(len(self.raw), rng.choice((0, 1, 3)))):
            verdict = rng.choice(("same", "separate"))
            self.add("review", {"of": entry["id"], "kind": "double", "verdict": verdict})

    def content(self, key: Any) -> Any:
        """Something for a value: mostly of its type, within and at its bounds."""
        value = self.p.value.get(key) if isinstance(key, str) else None
        if value is None or self.rng.random() < self.noise / 3:
            return self.scalar()
        rng, low, high = self.rng, value.min or 0, value.max or 100
        if value.type == "number":
            between = rng.uniform(low, high)
            edges = [edge for each in self.p.caution if each.value == key for edge in (each.below, each.above) if edge]
            near = [edge + more for edge in edges for more in (-1, 0, 1)]
            return rng.choice((low, high, between, round(between), (low + high) / 2, high + 1, *near))
        if value.type == "moment":
            return rng.choice((self.now, START, 0, 3.5))
        if value.type == "option":
            return rng.choice(self.options[self.p.value[key].options_of or key])
        if value.type == "text" and any(each.value == key for each in self.p.caution):
            return rng.choice((*DATES, "none", " None ", "apixaban"))
        return rng.random() < 0.5 if value.type == "yesno" else rng.choice(TEXTS)

    def suggested(self) -> Raw:
        """What New procedure suggests for the group, and why; sometimes nothing."""
        if self.rng.random() < 0.5:
            return {}
        key = f"suggested_{self.p.group}"
        return {
            key: self.content(self.p.group),
            f"{key}_why": self.rng.choice(("the last dose succeeded there", "", 3)),
        }

    def described(self) -> Raw:
        return {key: self.content(key) for key in self.p.describe if self.rng.random() < 0.4}

    def scalar(self) -> Any:
        return self.rng.choice((self.rng.choice(TEXTS), self.rng.choice(NUMBERS), True, False, None))

    def extras(self) -> Raw:
        """Keys that do not belong there."""
        if self.rng.random() > self.noise / 6:
            return {}
        stray: Raw = {"set": {"at": 1}} if self.rng.random() < 0.2 else {}
        known = self.rng.choice((*self.p.value, *self.p.check))
        return stray | {self.rng.choice((*KEYS, *self.p.value)): self.rng.choice((self.scalar(), known))}


def round_trips(p: Protocol) -> list[set[str]]:
    """Pairs of marks that lead to another state and back: in and out, start and end."""
    ways = [(state, mark, after) for state, here in p.state.items() for mark, after in here.open.items()]
    there = [way for way in ways if way[0] != way[2]]
    return [{mark, back} for state, mark, after in there for start, back, end in ways if (start, end) == (after, state)]


def logs(examples: int = 300) -> Any:
    """A decorator: the law for as many random logs of the lumbar protocol; `rng` makes the log and chooses from it."""
    dice = st.integers(0, 2**32).map(random.Random)
    return lambda law: settings(max_examples=examples, deadline=None, derandomize=True)(given(rng=dice)(law))


def log_from(rng: random.Random) -> tuple[Event, ...]:
    return read_stored(random_log(rng, LUMBAR))


def undo(of: Event, number: int) -> Event:
    """Takes `of` back, after everything else, on the tablet that made it."""
    return read(
        {
            "id": f"undo-{number}",
            "session": "s",
            "kind": "undo",
            "at": 2**52,
            "tapped": 2**52 + number,
            "device": of.device,
            "seq": number,
            "data": {"of": of.id},
        }
    )


def without_mentions(session: Walk, events: tuple[Event, ...], of: Event) -> Walk:
    """The session, its list to review without entries that only speak of `of` or of what speaks of it."""
    speaking = {entry.id for entry in events if entry.data.get("of") == of.id} | {"undo-1", "undo-2"}

    def silent(items: list[ReviewItem]) -> list[ReviewItem]:
        return [item for item in items if item.event not in speaking]

    return msgspec.structs.replace(session, review=silent(session.review), reviewed=silent(session.reviewed))


@logs()
def test_undoing_a_tap_leaves_the_session_as_if_it_had_not_been_tapped(rng: random.Random) -> None:
    events = log_from(rng)
    taps = [entry for entry in events if entry.kind != "opened"]
    if not taps:
        return
    tap = rng.choice(taps)
    never = tuple(entry for entry in events if entry.id != tap.id)
    undone = (*events, undo(tap, 1))
    assert without_mentions(walk(LUMBAR, undone), undone, tap) == without_mentions(walk(LUMBAR, never), never, tap)


@logs()
def test_undoing_the_undo_brings_the_tap_back_as_it_was(rng: random.Random) -> None:
    events = log_from(rng)
    if not events:
        return
    tap = rng.choice(events)
    back = (*events, undo(tap, 1), undo(undo(tap, 1), 2))
    assert without_mentions(walk(LUMBAR, back), back, tap) == without_mentions(walk(LUMBAR, events), events, tap)


@logs()
def test_taps_that_arrive_in_another_order_or_twice_make_the_same_session(rng: random.Random) -> None:
    events = log_from(rng)
    shuffled = rng.sample(events, len(events))
    assert walk(LUMBAR, events + events) == walk(LUMBAR, shuffled) == walk(LUMBAR, events)


@logs(1000)
def test_no_log_however_odd_stops_the_record_from_being_read(rng: random.Random) -> None:
    session = walk(LUMBAR, log_from(rng))
    assert session.state in LUMBAR.state
    assert session.outcome in {outcome.id for outcome in LUMBAR.outcome}


@logs(1000)
def test_a_device_that_never_recorded_is_no_former_recorder(rng: random.Random) -> None:
    events = log_from(rng)
    recorded = {entry.device for entry in events if entry.kind in ("opened", "takeover")}
    device = {entry.id: entry.device for entry in events}
    former = [item for item in walk(LUMBAR, events).review if item.kind == "former_recorder"]
    assert {device[item.event] for item in former} <= recorded


@logs()
def test_the_opening_of_a_session_cannot_be_undone(rng: random.Random) -> None:
    events = log_from(rng)
    opened = [entry for entry in events if entry.kind == "opened"]
    for line in settle((*events, *(undo(entry, 1) for entry in opened)), 10_000):
        assert line.event.kind != "opened" or not line.undone


def event(id_: str, kind: str, at: int, data: Raw, device: str = "tablet-1") -> Event:
    when = {"at": at, "tapped": at, "seq": at}
    return read({"id": id_, "session": "s", "kind": kind, "device": device, "data": data, **when})


def test_only_a_tap_on_the_checklist_ticks_a_check() -> None:
    note = event("n", "note", 1, {"text": "seen", "check": "consent"})
    tick = event("c", "check", 2, {"check": "allergies"})
    assert walk(LUMBAR, [note, tick]).checks == {"allergies": "c"}


def test_a_late_entry_stands_where_it_happened_not_where_it_was_tapped() -> None:
    outflow = event("o", "mark", 90_000, {"mark": "csf_outflow"})
    late = msgspec.structs.replace(
        event("p", "mark", 95_000, {"mark": "skin_puncture", "interspace": "L3-L4"}), at=60_000
    )
    assert walk(LUMBAR, [outflow, late]).clock("puncture").closed == 30_000


@pytest.mark.parametrize("moment", [60_000, 60_000.0])
def test_an_amended_time_counts_however_its_number_is_written(moment: float) -> None:
    tap = event("m", "mark", 90_000, {"mark": "scan_started"})
    amend = event("a", "amend", 95_000, {"of": "m", "set": {"at": moment}, "reason": "clock read wrong"})
    assert walk(LUMBAR, [tap, amend]).clock("operation").start == 60_000


@pytest.mark.parametrize(("apart_ms", "insertions"), [(9_999, 1), (10_000, 1), (10_001, 2)])
def test_the_same_mark_from_two_tablets_within_ten_seconds_counts_once(apart_ms: int, insertions: int) -> None:
    puncture = {"mark": "skin_puncture", "interspace": "L3-L4"}
    taps = [event("a", "mark", 50_000, puncture), event("b", "mark", 50_000 + apart_ms, puncture, "tablet-2")]
    assert walk(LUMBAR, taps).count("insertions").total == insertions


PUNCTURE = {"mark": "skin_puncture", "interspace": "L3-L4"}
SCAN = event("s", "mark", 1_000, {"mark": "scan_started"})


def test_a_pair_that_a_review_calls_two_events_counts_twice_and_waits_no_more() -> None:
    taps = [SCAN, event("a", "mark", 50_000, PUNCTURE), event("b", "mark", 51_000, PUNCTURE, "tablet-2")]
    verdict = event("r", "review", 90_000, {"of": "b", "kind": "double", "verdict": "separate"})
    assert [item.kind for item in walk(LUMBAR, taps).review] == ["double"]
    after = walk(LUMBAR, [*taps, verdict])
    assert after.count("insertions").total == 2
    assert "double" not in [item.kind for item in after.review]


def test_a_mark_that_a_review_merges_with_the_one_before_counts_once_and_is_shown_as_reviewed() -> None:
    taps = [SCAN, event("a", "mark", 50_000, PUNCTURE), event("b", "mark", 120_000, PUNCTURE)]
    merged = walk(LUMBAR, [*taps, event("r", "review", 200_000, {"of": "b", "kind": "double", "verdict": "same"})])
    assert (walk(LUMBAR, taps).count("insertions").total, merged.count("insertions").total) == (2, 1)
    assert merged.review == []
    assert [(item.kind, item.event, item.review) for item in merged.reviewed] == [("double", "b", "r")]


def test_merging_with_nothing_before_it_takes_no_mark_away() -> None:
    tap = event("a", "mark", 50_000, PUNCTURE)
    verdict = event("r", "review", 90_000, {"of": "a", "kind": "double", "verdict": "same"})
    assert walk(LUMBAR, [tap, verdict]).count("insertions").total == 1


def test_a_reviewed_item_leaves_the_list_alone_and_comes_back_when_the_review_is_undone() -> None:
    weight = event("w", "value", 1_000, {"value": "weight_kg", "is": 900})
    age = event("y", "value", 2_000, {"value": "age_y", "is": 900})
    seen = event("r", "review", 9_000, {"of": "w", "kind": "out_of_range", "key": "weight_kg"})
    reviewed = walk(LUMBAR, [weight, age, seen])
    assert [item.key for item in reviewed.review] == ["age_y"]
    assert [item.key for item in reviewed.reviewed] == ["weight_kg"]
    assert len(walk(LUMBAR, [weight, age, seen, undo(seen, 1)]).review) == 2


def test_a_review_of_an_entry_that_is_not_in_the_record_is_itself_to_review() -> None:
    lost = event("r", "review", 9_000, {"of": "gone", "kind": "double", "verdict": "same"})
    assert [item.kind for item in walk(LUMBAR, [lost]).review] == ["no_target"]


def test_the_office_that_calls_is_no_former_recorder_and_the_tablet_that_handed_over_is() -> None:
    opened = event("o", "opened", 1_000, {"operator": "AK"}, "bedside")
    taken = event("t", "takeover", 5_000, {}, "ward")
    late = event("late", "note", 6_000, {"text": "from the bedside"}, "bedside")
    call = event("call", "note", 7_000, {"text": "a call"}, "office")
    own = event("own", "note", 8_000, {"text": "who records"}, "ward")
    items = walk(LUMBAR, [opened, taken, late, call, own]).review
    assert [(item.kind, item.event) for item in items] == [("former_recorder", "late")]

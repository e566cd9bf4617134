"""The reference of every key of a protocol file, as the tables that one becomes.

A protocol is a TOML document in `core/protocols/`. Its tables hold every phase, mark, limit and word; code names
none of them. Twin of pages/board/rules/options.js: the options of a value, and those that go together.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

SCHEMA = 1
Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*\Z", max_length=64)]
Prefix = Annotated[str, Meta(pattern=r"^([a-z]{2,6})?\Z")]
FileId = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*\Z", max_length=64)]
OptionId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./+-]*\Z", max_length=64)]
Words = Annotated[str, Meta(min_length=1, max_length=300)]
Seconds = Annotated[float, Meta(gt=0)]
Hours = Annotated[float, Meta(gt=0)]
Positive = Annotated[int, Meta(ge=1)]
Tone = Literal["", "stop"]
Priority = Literal["high", "medium", "low"]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of the file: a key that is not listed here is refused."""


class Recording(Table, frozen=True):
    """How taps of several tablets, and of one hand, are told apart; which entries are listed to review for their time.

    The last three keys came later: a text that lacks them is read with what stands here, the numbers of before.
    """

    two_devices_s: Seconds
    same_tablet_s: Seconds
    source: Words
    late_h: Hours = 24  # an entry that reached the server later than this after its tap
    ahead_s: Seconds = 5  # an entry that is stamped later than this after it reached the server
    arrival_source: Words = "site default"


class Ward(Table, frozen=True):
    """Who stands on the recovery board. A text that lacks the table or a key is read with what stands here."""

    forgotten_h: Hours = 48  # a patient of whose record nothing was heard for so long lies in no bed
    left_h: Hours = 1  # one who left stays in sight, so that a discharge by mistake can be undone
    source: Words = "site default"


class Phase(Table, frozen=True):
    label: Words
    short: str = ""
    headline: tuple[Id, ...] = ()  # clocks at the top of Bedside while the phase is current
    ward: bool = False  # the patient stands on the recovery board


class Check(Table, frozen=True):
    phase: Id
    label: Words
    source: Words


class Option(Table, frozen=True):
    id: OptionId
    label: Words
    short: str = ""
    warn: str = ""


class Value(Table, frozen=True):
    """Something recorded: on its own (then `phase` says where it is asked) or carried by a mark."""

    label: Words
    type: Literal["number", "text", "option", "yesno", "moment"]  # a moment is UTC ms
    phase: Id | None = None
    unit: str = ""
    min: float | None = None
    max: float | None = None
    step: float | None = None
    whole: bool = False
    usual: float | None = None  # where the stepper starts
    ask: bool = True  # False: a mark may carry it, but the board does not ask for it
    amber_below: float | None = None
    red_below: float | None = None
    options: tuple[Option, ...] = ()
    options_of: Id | None = None  # the options of another value
    scan: Literal["", "lot", "expiry", "gtin"] = ""  # which part of a scanned code (GS1) it takes
    source: str = ""


class Mark(Table, frozen=True):
    label: Words
    short: str = ""
    hint: str = ""  # may name a window or a value in braces: its bound or usual amount is filled in
    needs: tuple[Id, ...] = ()
    may: tuple[Id, ...] = ()
    why: str = ""  # said with what is missing from it
    rare: bool = False  # stands behind "More…"
    tone: Tone = ""


class Action(Table, frozen=True):
    """One button that writes several marks."""

    id: Id
    label: Words
    marks: Annotated[tuple[Id, ...], Meta(min_length=2)]


class Alarm(Table, frozen=True):
    """What is said while a clock is past its window's bound, or a state lasts. A `cue` sounds once and is not lit."""

    priority: Priority
    text: Words  # may use {bound}
    say: str = ""
    cue: bool = False


class State(Table, frozen=True):
    label: Words
    phases: Annotated[tuple[Id, ...], Meta(min_length=1)]
    open: dict[Id, Id] = {}
    astray: dict[Id, Id] = {}
    rare: tuple[Id, ...] = ()  # open here, but seldom: behind "More…"
    near: dict[Id, tuple[Id, ...]] = {}  # once this outcome stands, these come first and the others are behind "More…"
    final: bool = False  # nothing more is awaited here
    alarm: Alarm | None = None  # lit as long as the procedure is here


class Counter(Table, frozen=True):
    """Counts a mark, in all and per group; `limit` in one group and `groups` that reached it raise prompts."""

    id: Id
    label: Words
    counts: Id
    source: Words
    per: Id | None = None
    of: Id | None = None  # the mark whose last event names the group
    in_turn: bool = False  # at most once for each `of`: a needle that went in is withdrawn once …
    out: tuple[Id, ...] = ()  # … and not after one of these took it out
    infer: tuple[Id, ...] = ()  # these prove, while `of` is due, what was not recorded: it counts at their moment …
    infer_until: tuple[Id, ...] = ()  # … but not once one of these came after `of`
    until: tuple[Id, ...] = ()
    runs: Id | None = None  # name of the number of runs of one group in the summary
    limit: Positive | None = None
    repeats: bool = False  # prompts again at each further count of a group that has reached the limit
    unit: str = ""
    prompt: Id | None = None
    groups: Positive | None = None
    groups_unit: str = ""
    groups_prompt: Id | None = None


class Clock(Table, frozen=True):
    """From the first `from` to the first `to` after it, or (`sum`) all closed intervals."""

    id: Id
    label: Words
    from_: Id = msgspec.field(name="from")
    to: Id
    source: Words
    until: tuple[Id, ...] = ()
    sum: bool = False
    restart: bool = False  # a later `from` before the end starts it anew
    hidden: bool = False  # not a figure of the record
    amount: Id | None = None  # the value that flows in this time: shown per second


class Window(Table, frozen=True):
    """Bounds of a clock in seconds: outside them, once a mark proves it, the prompt is raised."""

    id: Id
    clock: Id
    source: Words
    below_s: Seconds | None = None
    above_s: Seconds | None = None
    advise_s: tuple[Seconds, Seconds] | None = None
    prompt: Id | None = None
    alarm: Alarm | None = None
    warn_s: Seconds | None = None  # so long before the bound `warning` is raised, which may use {until}
    warning: Alarm | None = None


class Ceiling(Table, frozen=True, kw_only=True):
    """Holds where the value `when` is at least `at_least`: the lower of `limit` and `per_limit` × the total's `per`."""

    when: Id
    at_least: float
    limit: Annotated[float, Meta(gt=0)]
    per_limit: Annotated[float, Meta(gt=0)] | None = None
    prompt: Id
    source: Words


class Total(Table, frozen=True):
    """`factor` × the sum of `key` over a mark, with ceilings."""

    id: Id
    label: Words
    mark: Id
    key: Id
    factor: Annotated[float, Meta(gt=0)]
    unit: Words
    source: Words
    per: Id | None = None
    per_unit: str = ""
    no_ceiling: str = ""  # what to say where no ceiling holds
    ceiling: tuple[Ceiling, ...] = ()


class Prompt(Table, frozen=True):
    label: Words
    text: Words  # may use {group} {count} {left} {bound}
    priority: Priority
    say: str = ""  # spoken instead of the text
    suggested: str = ""  # added when there is a suggestion: {suggested} {why}
    action: Id | None = None  # the mark that does what is asked
    clears: tuple[Id, ...] = ()
    other_group: Id | None = None  # this mark in another group answers it too
    once: bool = False
    until: tuple[Id, ...] = ()  # not raised once one of these stands
    reasons: tuple[Words, ...] = ()
    pass_: str = msgspec.field(name="pass", default="")


class Outcome(Table, frozen=True):
    """The outcome whose mark stands: the highest rank wins, equal ranks the later."""

    id: Id
    label: Words
    rank: int
    marks: tuple[Id, ...] = ()
    until: tuple[Id, ...] = ()
    closed: bool = False  # opened by mistake: nothing more is awaited, and it is no procedure of the patient


class Plan(Table, frozen=True):
    """A value chosen ahead that goes with the next `on`; after the first `on`, `change` records a new choice."""

    key: Id
    on: Id
    change: Id | None = None
    bar: Id | None = None  # the value that names an option which is barred for this patient
    bar_why: Id | None = None  # the value that says why


class Expect(Table, frozen=True):
    """What has to stand before a mark, else it is listed as missing there and as too late afterwards: one of `mark`,
    `check`, `value`.

    After one of `anew` (the needle moved on) what stood before counts no more. `given`: only where one of these stands.
    """

    id: Id
    label: Words
    before: Id
    why: Words
    source: Words
    mark: Id | None = None
    check: Id | None = None
    value: Id | None = None
    anew: tuple[Id, ...] = ()
    given: tuple[Id, ...] = ()


class Fit(Table, frozen=True):
    """Which options of `key` go with each option of `with`."""

    key: Id
    with_: Id = msgspec.field(name="with")
    allowed: dict[OptionId, tuple[OptionId, ...]]
    why: Words
    source: Words


class Flag(Table, frozen=True):
    """A choice that marks the whole record, on Bedside and in its row; `needs` is the value that gives the reason."""

    id: Id
    label: Words
    value: Id
    is_: OptionId = msgspec.field(name="is")
    source: Words
    needs: Id | None = None


class Caution(Table, frozen=True, kw_only=True):
    """A value at whose content `prompt` is raised as the mark `at` is made: one bound, content or comparison.

    The content is what the mark carries, else what was recorded last before it. `when`: only where that is `when_is`.
    """

    value: Id
    at: Id
    prompt: Id
    source: Words
    below: float | None = None
    above: float | None = None
    is_: OptionId | None = msgspec.field(name="is", default=None)
    yes: bool | None = None  # the answer of a question
    is_not: Words | None = None  # a text that says none, in small letters; any other raises it
    equals: Id | None = None  # another value of the same content
    differs: Id | None = None  # another value of other content
    day_past: bool = False  # a day or month (2026-12-31, 12/2026) that is over
    when: Id | None = None
    when_is: OptionId | None = None


class Suggest(Table, frozen=True):
    """The first rule of a key that yields an answer is suggested: from the last dose, from a value, or fixed."""

    key: Id
    reason: Words
    source: Words
    last: Id | None = None
    value: Id | None = None
    is_: OptionId | None = msgspec.field(name="is", default=None)


class Medication(Table, frozen=True, kw_only=True):
    """A drug, and the marks that give it; `amount` is the value that they carry, `clock` the time in which it flows."""

    id: Id
    label: Words
    route: Words
    marks: Annotated[tuple[Id, ...], Meta(min_length=1)]
    amount: Id
    source: Words
    halted: tuple[Id, ...] = ()  # those of `marks` that end it midway
    clock: Id | None = None
    named: Id | None = None  # the value that says which drug it was
    lot: Id | None = None
    about: tuple[Id, ...] = ()  # values that are reported with it


class Complication(Table, frozen=True):
    label: Words
    source: Words
    follow_up_only: bool = False
    words: bool = False  # asks to be described
    do: str = ""  # what to do about it, shown where it was tapped


class Observe(Table, frozen=True):
    """One tap on the recovery board: one of these."""

    complication: Id | None = None
    check: Id | None = None


class RedFlag(Table, frozen=True):
    """A complication, or one with this value, that needs somebody at once; `do` says whom and what."""

    complication: Id
    do: Words
    source: Words
    value: Id | None = None
    is_: OptionId | None = msgspec.field(name="is", default=None)


class Score(Table, frozen=True):
    """A figure followed from dose to dose; the value `untested` says why it could not be tested, which is not 0."""

    value: Id
    untested: Id | None = None


class FollowUp(Table, frozen=True):
    """A call, due `hours` after the last of `after`; overdue from `late_hours`, no more awaited from `lapses_hours`.

    It stands as the mark `made`, and `tries` unanswered ones as `tried`, both carrying `value` with the option `is`;
    the text `left_out` of `made` names what was not asked. Without `made` no call is asked for.
    """

    id: Id
    label: Words
    after: Annotated[tuple[Id, ...], Meta(min_length=1)]
    hours: Annotated[float, Meta(gt=0)]
    unit: Literal["h"]
    source: Words
    late_hours: Annotated[float, Meta(gt=0)] | None = None
    lapses_hours: Annotated[float, Meta(gt=0)] | None = None
    tries: Positive | None = None  # so many unanswered calls: unreachable
    tries_unit: str = ""
    made: Id | None = None
    tried: Id | None = None
    value: Id | None = None
    is_: OptionId | None = msgspec.field(name="is", default=None)
    left_out: Id | None = None


class Reached(Table, frozen=True, kw_only=True):
    """A case is a success on the curve if the clock `reached` ended, the counter stands at `most` at most, and the
    outcome is none of `never`.
    """

    label: Words
    reached: Id
    counter: Id
    most: Positive
    unit: Words
    source: Words
    never: tuple[Id, ...] = ()


class Evidence(Table, frozen=True):
    """Where LC-CUSUM starts: the acceptable and the unacceptable share of failures, the cases watched, and how often an
    operator who is at `p1` may be called adequate.
    """

    p0: Annotated[float, Meta(gt=0)]
    p1: Annotated[float, Meta(gt=0)]
    horizon: Positive
    false_adequate: Annotated[float, Meta(gt=0)]
    unit: Words
    source: Words


class Curve(Table, frozen=True, kw_only=True):
    """The learning curves. `figures`: clocks, counters and their runs, in this order; `filters`: values to choose by.

    `hand_over`: whose case it is when the needle changed hands: nobody's (the team's alone), the first operator's or
    the last one's.
    """

    figures: Annotated[tuple[Id, ...], Meta(min_length=1)]
    hand_over: Literal["left_out", "first", "last"]
    hand_over_source: Words
    running: Positive  # cases in a running median
    experience: tuple[Positive, ...]  # an operator's cases are told apart up to each of these
    unit: Words  # of running and experience
    source: Words
    success: Reached
    evidence: Evidence
    filters: tuple[Id, ...] = ()


class Review(Table, frozen=True, kw_only=True):
    """A sentence for each kind of thing that is listed to review."""

    out_of_order: Words  # {what} {t} {state}
    missing: Words  # {what} {t} {key}
    not_offered: Words  # {what} {t} {key} {found} {expected}
    out_of_range: Words
    wrong_type: Words
    unknown: Words  # {what} {t}
    double: Words
    former_recorder: Words
    arrived_late: Words
    clock_ahead: Words
    inferred: Words = "{what} at {t} shows that the one before had failed: counted as unsuccessful."
    to_come: Words = "{what} is said to have happened at {t}, after it was entered."
    no_target: Words
    missing_evidence: Words  # {key}: what was expected, {why}
    too_late: Words  # {why}
    does_not_fit: Words  # {other}, {why}


class Protocol(Table, frozen=True, kw_only=True):
    id: FileId
    version: Words
    title: Words
    short: Words
    region: Id
    schema: int
    order: int = 1  # where New procedure offers it
    prefix: Prefix = ""  # what the columns of its tables begin with; without it the id's first three letters
    levels: tuple[Id, ...] = ()  # values whose options are levels of this region, and of no other
    recall: tuple[Id, ...] = ()  # values of the last procedure that New procedure shows
    start: Id
    group: Id
    operator_mark: Id
    handover: Id | None = None  # the mark by which the patient goes to the ward; it needs who gives and who takes
    everywhere: tuple[Id, ...] = ()
    opening: tuple[Id, ...] = ()
    dosed: tuple[Id, ...] = ()  # marks that say that a dose was given
    bed: Id | None = None  # the value that says where the patient lies
    profile: Id | None = None  # the value that names the patient's schedule (core/schedules/)
    describe: tuple[Id, ...] = ()  # values that describe a complication
    ask: tuple[Id, ...] = ()  # complications that a follow-up call asks for, in this order
    source: dict[str, Words]
    recording: Recording
    ward: Ward = Ward()
    review: Review
    phase: dict[Id, Phase]
    check: dict[Id, Check]
    value: dict[Id, Value]
    mark: dict[Id, Mark]
    state: dict[Id, State]
    prompt: dict[Id, Prompt]
    complication: dict[Id, Complication]
    action: tuple[Action, ...] = ()
    counter: tuple[Counter, ...] = ()
    clock: tuple[Clock, ...] = ()
    window: tuple[Window, ...] = ()
    total: tuple[Total, ...] = ()
    outcome: tuple[Outcome, ...]
    plan: tuple[Plan, ...] = ()
    suggest: tuple[Suggest, ...] = ()
    expect: tuple[Expect, ...] = ()
    fit: tuple[Fit, ...] = ()
    flag: tuple[Flag, ...] = ()
    caution: tuple[Caution, ...] = ()
    observe: tuple[Observe, ...] = ()
    red_flag: tuple[RedFlag, ...] = ()
    score: tuple[Score, ...] = ()
    follow_up: tuple[FollowUp, ...] = ()
    medication: tuple[Medication, ...] = ()
    curve: Curve | None = None  # without it no learning curve is drawn

    def options(self, value: str) -> tuple[Option, ...]:
        """The options of a value, its own or those it shares."""
        table = self.value[value]
        return self.value[table.options_of].options if table.options_of else table.options

    def goes(self, value: str, option: str, chosen: dict[str, Any]) -> bool:
        """Whether an option goes with what is chosen for other values."""
        rows = (fit.allowed.get(chosen.get(fit.with_) or "") for fit in self.fit if fit.key == value)
        return all(row is None or option in row for row in rows)

    def bounds(self, prompt: str) -> Window | None:
        """The window that raises a prompt."""
        return next((window for window in self.window if window.prompt == prompt), None)

"""What the ward is told when a patient comes from the procedure. Pure; moments UTC ms."""

from collections import Counter
from typing import Any

import msgspec

from core.engine.session import Session, marked
from core.facts import aftercare, timers
from core.facts.aftercare import Adverse, Call
from core.facts.insertions import insertions
from core.facts.timers import WardTimer
from core.protocols.tables import Check, Protocol


class Handover(msgspec.Struct, frozen=True):
    """One hand-over: when, and who gave the patient to whom, by the labels of the protocol."""

    at: int
    names: dict[str, str]


class Card(msgspec.Struct, frozen=True):
    """The card that goes with the patient: codes and times, what to watch for, when the calls are due. No name."""

    patient: str
    dose: int | None
    protocol: str
    dosed_at: int | None
    figures: dict[str, int]  # insertions and the like, by label
    groups: dict[str, int]  # insertions at each interspace, by label
    timers: list[WardTimer]
    reasons: dict[str, str]  # why a timer was ended as it was, by clock
    seen: list[Adverse]  # adverse events so far, red flags first
    checked: list[tuple[str, int]]  # the ward's checks that were done, by label, and when
    watch: list[str]
    to_do: list[str]  # the ward's checks that were not done yet
    red_flags: list[str]
    calls: list[Call]
    handovers: list[Handover]
    bed: str = ""


def card(session: Session) -> Card:
    """The card of a session as it stands."""
    p = session.protocol
    counters = [counter for counter in p.counter if counter.runs]
    groups = {option.id: option.label for option in p.options(p.group)}
    groups[""] = f"{p.value[p.group].label.lower()} not recorded"
    done = checked(session)
    bed = session.walk.values.get(p.bed) if p.bed else None
    return Card(
        session.patient,
        session.dose,
        p.short,
        aftercare.dosed_at(session),
        {counter.label: session.walk.count(counter.id).total for counter in counters},
        dict(Counter(groups.get(insertion.group, insertion.group) for insertion in insertions(session))),
        timers.of(session),
        reasons(session),
        sorted(aftercare.adverse(session), key=lambda event: event.red_flag is None),
        [(p.check[check].label, at) for check, at in done.items()],
        watch(session),
        [check.label for id_, check in ward_checks(p).items() if id_ not in done],
        list(dict.fromkeys(flag.do for flag in p.red_flag)),
        aftercare.calls(session),
        handovers(session),
        str(bed or ""),
    )


def watch(session: Session) -> list[str]:
    """The complications that the protocol has the ward look for."""
    p = session.protocol
    return list(
        dict.fromkeys(p.complication[observe.complication].label for observe in p.observe if observe.complication)
    )


def ward_checks(p: Protocol) -> dict[str, Check]:
    """What the protocol has the ward check, by id: its phases' checks, and those that stand on the recovery board."""
    observed = {observe.check for observe in p.observe}
    return {id_: check for id_, check in p.check.items() if id_ in observed or p.phase[check.phase].ward}


def checked(session: Session) -> dict[str, int]:
    """When each of the ward's checks was last done (UTC ms)."""
    done = [line for line in session.entries if line.event.kind == "check" and line.counts]
    return {check: line.at for line in done if (check := str(line.data.get("check"))) in ward_checks(session.protocol)}


def reasons(session: Session) -> dict[str, str]:
    """Why a clock with a least time was ended when it was, by clock: said with its end, or to its prompt."""
    p, by_clock = session.protocol, {}
    for window in p.window:
        ends = {clock.to for clock in p.clock if clock.id == window.clock}
        for line in session.entries if window.below_s else []:
            asked = window.prompt is not None and line.data.get("prompt") == window.prompt
            if line.counts and line.data.get("reason") and (asked or line.data.get("mark") in ends):
                by_clock[window.clock] = str(line.data["reason"])
    return by_clock


def handovers(session: Session) -> list[Handover]:
    """The hand-overs on record, in order."""
    p = session.protocol
    if p.handover is None:
        return []
    keys = p.mark[p.handover].needs
    return [
        Handover(line.at, {p.value[key].label: str(line.data[key]) for key in keys if line.data.get(key)})
        for line in marked(session, (p.handover,))
    ]


def entry(session: Session, names: dict[str, str]) -> tuple[str, dict[str, Any], None]:
    """The hand-over as core.records.add takes it: now, by the values that its mark needs."""
    return "mark", {"mark": session.protocol.handover, **names}, None

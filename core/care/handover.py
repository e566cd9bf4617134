"""What the ward is told when a patient comes from the procedure. Pure; moments UTC ms."""

from typing import Any

import msgspec

from core.care import aftercare, timers
from core.care.aftercare import Call
from core.care.timers import Timer
from core.session import Session, insertions


class Given(msgspec.Struct, frozen=True):
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
    timers: list[Timer]
    watch: list[str]
    red_flags: list[str]
    calls: list[Call]
    given: list[Given]


def card(session: Session) -> Card:
    """The card of a session as it stands."""
    p = session.protocol
    counters = [one for one in p.counter if one.runs]
    groups = {option.id: option.label for option in p.options(p.group)}
    at_group: dict[str, int] = {}
    for one in insertions(session):
        at_group[groups.get(one.group, one.group)] = at_group.get(groups.get(one.group, one.group), 0) + 1
    return Card(
        session.patient,
        session.dose,
        p.short,
        aftercare.dosed_at(session),
        {one.label: session.walk.count(one.id).total for one in counters},
        at_group,
        timers.of(session),
        watch(session),
        list(dict.fromkeys(flag.do for flag in p.red_flag)),
        aftercare.calls(session),
        given(session),
    )


def watch(session: Session) -> list[str]:
    """What the protocol has the ward look for."""
    p = session.protocol
    found = [p.complication[one.complication].label for one in p.observe if one.complication]
    found += [p.check[one.check].label for one in p.observe if one.check]
    return list(dict.fromkeys(found))


def given(session: Session) -> list[Given]:
    """The hand-overs on record, in order."""
    p = session.protocol
    if p.handover is None:
        return []
    keys = p.mark[p.handover].needs
    return [
        Given(line.at, {p.value[key].label: str(line.data[key]) for key in keys if line.data.get(key)})
        for line in aftercare.marked(session, (p.handover,))
    ]


def entry(session: Session, names: dict[str, str]) -> tuple[str, dict[str, Any], None]:
    """The hand-over as core.records.add takes it: now, by the values that its mark needs."""
    return "mark", {"mark": session.protocol.handover, **names}, None

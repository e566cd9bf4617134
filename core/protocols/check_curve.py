"""Checks of [curve] in a protocol file: figures of the record, options to choose by, bounds that go together."""

from collections.abc import Iterator
from typing import Any

from core.protocols.tables import Curve, Protocol

LONGEST = 500  # cases that LC-CUSUM may watch: the simulation stays quick


def figures(p: Protocol) -> set[str]:
    """What a curve can plot: clocks, counters of the record and their runs."""
    counted = {name for counter in p.counter if counter.runs for name in (counter.id, counter.runs)}
    return counted | {clock.id for clock in p.clock if not clock.hidden}


def references(p: Protocol) -> Iterator[tuple[str, str, str]]:
    """(place, section, id) for every id that [curve] uses of another table."""
    if p.curve is None:
        return
    yield from (("[curve].figures", "figure", id_) for id_ in p.curve.figures)
    yield from (("[curve].filters", "value", id_) for id_ in p.curve.filters)
    yield "[curve.success].reached", "clock", p.curve.success.reached
    yield "[curve.success].counter", "counter", p.curve.success.counter
    yield from (("[curve.success].never", "outcome", id_) for id_ in p.curve.success.never)


def tables(p: Protocol) -> list[tuple[str, Any]]:
    """The tables of [curve] with their places."""
    if p.curve is None:
        return []
    return [("[curve]", p.curve), ("[curve.success]", p.curve.success), ("[curve.evidence]", p.curve.evidence)]


def problems(p: Protocol) -> list[str]:
    """Every sentence about [curve]. Every name has to be defined already."""
    checks = (_success, _filters, _twice, _experience, _evidence)
    return [sentence for check in checks for sentence in check(p, p.curve)] if p.curve else []


def _success(p: Protocol, curve: Curve) -> Iterator[str]:
    """What a success needs is a figure of the record: a row of a list knows nothing else."""
    for key in ("reached", "counter"):
        figure = getattr(curve.success, key)
        if figure not in figures(p):
            offered = ", ".join(sorted(figures(p)))
            yield f"[curve.success].{key}: expected a figure of the record ({offered}), found '{figure}'"


def _filters(p: Protocol, curve: Curve) -> Iterator[str]:
    for key in curve.filters:
        if p.value[key].type != "option":
            yield f"[curve].filters: expected a value of type 'option', found '{key}' of type '{p.value[key].type}'"


def _twice(_: Protocol, curve: Curve) -> Iterator[str]:
    for key in ("figures", "filters"):
        ids = getattr(curve, key)
        for id_ in dict.fromkeys(id_ for id_ in ids if ids.count(id_) > 1):
            yield f"[curve].{key}: expected every id once, found '{id_}' {ids.count(id_)} times"


def _experience(_: Protocol, curve: Curve) -> Iterator[str]:
    steps = curve.experience
    if list(steps) != sorted(set(steps)):
        yield f"[curve].experience: expected numbers that rise, found {', '.join(map(str, steps))}"


def _evidence(_: Protocol, curve: Curve) -> Iterator[str]:
    evidence = curve.evidence
    for key in ("p0", "p1", "false_adequate"):
        if getattr(evidence, key) >= 1:
            yield f"[curve.evidence].{key}: expected a share below 1, found {getattr(evidence, key):g}"
    if evidence.p1 <= evidence.p0:
        yield f"[curve.evidence].p1: expected more than p0 ({evidence.p0:g}), found {evidence.p1:g}"
    if evidence.horizon > LONGEST:
        yield f"[curve.evidence].horizon: expected at most {LONGEST}, found {evidence.horizon}"

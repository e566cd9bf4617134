"""What [curve] of a protocol file must hold: figures of the record, options to choose by, bounds that go together."""

from collections.abc import Iterator
from typing import Any

from core.protocols.tables import Curve, Protocol

LONGEST = 500  # cases that LC-CUSUM may watch: the simulation stays quick


def figures(p: Protocol) -> set[str]:
    """What a curve can plot: clocks, counters of the record and their runs."""
    counted = {name for one in p.counter if one.runs for name in (one.id, one.runs)}
    return counted | {clock.id for clock in p.clock if not clock.hidden}


def named(p: Protocol) -> Iterator[tuple[str, str, str]]:
    """(place, section, id) for every id that [curve] uses of another table."""
    if p.curve is None:
        return
    yield from (("[curve].figures", "figure", one) for one in p.curve.figures)
    yield from (("[curve].filters", "value", one) for one in p.curve.filters)
    yield "[curve.success].reached", "clock", p.curve.success.reached
    yield "[curve.success].counter", "counter", p.curve.success.counter
    yield from (("[curve.success].never", "outcome", one) for one in p.curve.success.never)


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
        found = getattr(curve.success, key)
        if found not in figures(p):
            offered = ", ".join(sorted(figures(p)))
            yield f"[curve.success].{key}: expected a figure of the record ({offered}), found '{found}'"


def _filters(p: Protocol, curve: Curve) -> Iterator[str]:
    for key in curve.filters:
        if p.value[key].type != "option":
            yield f"[curve].filters: expected a value of type 'option', found '{key}' of type '{p.value[key].type}'"


def _twice(_: Protocol, curve: Curve) -> Iterator[str]:
    for key in ("figures", "filters"):
        found = getattr(curve, key)
        for one in dict.fromkeys(one for one in found if found.count(one) > 1):
            yield f"[curve].{key}: expected every id once, found '{one}' {found.count(one)} times"


def _experience(_: Protocol, curve: Curve) -> Iterator[str]:
    found = curve.experience
    if list(found) != sorted(set(found)):
        yield f"[curve].experience: expected numbers that rise, found {', '.join(map(str, found))}"


def _evidence(_: Protocol, curve: Curve) -> Iterator[str]:
    one = curve.evidence
    for key in ("p0", "p1", "false_adequate"):
        if getattr(one, key) >= 1:
            yield f"[curve.evidence].{key}: expected a share below 1, found {getattr(one, key):g}"
    if one.p1 <= one.p0:
        yield f"[curve.evidence].p1: expected more than p0 ({one.p0:g}), found {one.p1:g}"
    if one.horizon > LONGEST:
        yield f"[curve.evidence].horizon: expected at most {LONGEST}, found {one.horizon}"

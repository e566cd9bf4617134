"""The scores that are followed from dose to dose, as a small chart each; "could not test" is not 0."""

from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from core import clock, entry, patient, site
from core.protocol import Protocol, Score
from core.scenario import TEXT_MAX
from core.scores import Score as Reading
from pages.parts import called, filling, initials, tokens, words

Row = dict[str, Any]


def show(p: Protocol, rows: list[Row]) -> None:
    """Each score with its readings, and a form to add one to the newest record."""
    readings = [reading for _, reading in patient.scores(rows)]
    for table in p.score:
        own = [one for one in readings if one.value == table.value]
        if own:
            st.header(p.value[table.value].label, anchor=False)
            _chart(p, table, own)
            st.html(f'<ul class="readings">{"".join(f"<li>{escape(_said(p, one))}</li>" for one in own)}</ul>')
    if p.score:
        with st.expander("Add a score"):
            _form(p, rows[-1])


def _said(p: Protocol, one: Reading) -> str:
    day = words.calendar_day(site.day(one.at))
    unit = p.value[one.value].unit
    return f"{day}: could not test: {one.why}" if one.points is None else f"{day}: {one.points:g} {unit}"


def _chart(p: Protocol, table: Score, own: list[Reading]) -> None:
    """Points over the dates; a reading that could not be taken is a dashed line, not a point at 0."""
    import altair as alt  # heavy: only where a chart is drawn

    value, line, faint = p.value[table.value], tokens.colour("run"), tokens.colour("ink-3")
    days: list[datetime] = [site.local(one.at).replace(tzinfo=None) for one in own]
    tested = [
        {"day": f"{day:%Y-%m-%d}", "points": one.points} for one, day in zip(own, days, strict=True) if not one.why
    ]
    missed = [{"day": f"{day:%Y-%m-%d}", "said": "not tested"} for one, day in zip(own, days, strict=True) if one.why]
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b %y", labelAngle=0, labelOverlap=True, grid=False))
    y = alt.Y("points:Q", title=value.unit, scale=alt.Scale(domain=[value.min or 0, value.max or 0]))
    points = alt.Chart(alt.Data(values=tested)).encode(x=x, y=y)
    layers = [points.mark_line(color=line, strokeWidth=3), points.mark_circle(color=line, size=120, opacity=1)]
    layers.append(points.mark_text(dy=-16, color=line, fontSize=16).encode(text="points:Q"))
    if missed:
        untested = alt.Chart(alt.Data(values=missed)).encode(x=x)
        layers.append(untested.mark_rule(color=faint, strokeDash=[4, 4], strokeWidth=2))
        layers.append(
            untested.mark_text(color=faint, fontSize=14, align="left", dx=6).encode(text="said:N", y=alt.value(12))
        )
    said = f"{value.label}: " + "; ".join(_said(p, one) for one in own)
    st.altair_chart(alt.layer(*layers).properties(height=220), alt=said)


def _form(p: Protocol, row: Row) -> None:
    form = f"score {row['session']}"
    name = filling.of(form)
    labels = {one.value: p.value[one.value].label for one in p.score}
    chosen = st.pills(
        "Score", list(labels), format_func=labels.get, default=p.score[0].value, required=True, key=f"{name} of"
    )
    table = next(one for one in p.score if one.value == chosen)
    value = p.value[chosen]
    left, right = st.columns(2)
    points = left.number_input(
        f"{value.label}, {value.unit}", value=None, step=value.step or 1.0, format="%g", key=f"{name} {chosen}"
    )
    why = (
        right.text_input("Or could not test: why", max_chars=TEXT_MAX, key=f"{name} {chosen} why").strip()
        if table.untested
        else ""
    )
    at = called.moment(f"{name} at", "Tested on (empty: now)", left)
    by = initials.ask("Recorded by", f"{name} by", right)
    if st.button("Save the score", key=f"{name} save score"):
        _save(form, p, table, row, points, why, at, by)


def _save(
    form: str, p: Protocol, table: Score, row: Row, points: float | None, why: str, at: int | None, by: str
) -> None:
    """A score, or why there is none; the sentence says what was expected and what was found."""
    told = int(points) if points is not None and points == int(points) else points
    fault = entry.fault(p, table.value, told) if told is not None or not why else None
    if told is not None and why:
        fault = f"{p.value[table.value].label}: expected points or why it could not be tested, found both."
    if at is not None and at > clock.now_ms():
        fault = f"{p.value[table.value].label}: expected a time that is past, found {site.said(at)}."
    if fault:
        st.error(fault)
        return
    content = {"value": table.untested, "is": why} if told is None else {"value": table.value, "is": told}
    if filling.save(form, row["session"], [("value", content, at)], by):
        st.rerun()

"""The scores that are followed from dose to dose, as a small chart each; "could not test" is not 0."""

from html import escape

import streamlit as st

from core import clock, site
from core.care import patient
from core.engine.events import TEXT_MAX
from core.facts.scores import ScoreReading
from core.protocols import number
from core.protocols.tables import Protocol, Score
from core.records import faults
from core.records.row import Row
from pages.parts.forms import asking, filling, initials
from pages.parts.frame import words


def show(p: Protocol, rows: list[Row]) -> None:
    """Each score with its readings, and a form to add one to the newest record."""
    readings = [reading for _, reading in patient.scores(rows)]
    for table in p.score:
        own = [reading for reading in readings if reading.value == table.value]
        if own:
            with st.container(border=True, key=f"card-{p.id}-{table.value}"):
                st.header(p.value[table.value].label, anchor=False)
                _chart(p, table, own)
                lines = "".join(f"<li>{escape(_sentence(p, reading))}</li>" for reading in own)
                st.html(f'<ul class="readings">{lines}</ul>')
    if p.score:
        with st.expander("Add a score"):
            _form(p, rows[-1])


def _sentence(p: Protocol, reading: ScoreReading) -> str:
    day = words.calendar_day(site.day(reading.at))
    unit = p.value[reading.value].unit
    return (
        f"{day}: could not test: {reading.why}" if reading.points is None else f"{day}: {number(reading.points)} {unit}"
    )


def _chart(p: Protocol, table: Score, own: list[ScoreReading]) -> None:
    from core.curves.charts import scores  # heavy: only where a chart is drawn

    value = p.value[table.value]
    sentence = f"{value.label}: " + "; ".join(_sentence(p, reading) for reading in own)
    chart = scores.course(value, own, sentence, st.context.theme.type == "dark")
    st.vega_lite_chart(chart, width="stretch", theme=None, key=f"chart {p.id} {table.value}")


def _form(p: Protocol, row: Row) -> None:
    form = f"score {row.session}"
    name = filling.of(form)
    labels = {score.value: p.value[score.value].label for score in p.score}
    chosen = st.pills(
        "Score",
        list(labels),
        format_func=lambda id_: labels.get(id_, id_),
        default=p.score[0].value,
        required=True,
        key=f"{name} of",
    )
    table = next(score for score in p.score if score.value == chosen)
    left, right = st.columns(2)
    points = asking.number(p, chosen, f"{name} {chosen}", left)
    why = (
        right.text_input("Or could not test: why", max_chars=TEXT_MAX, key=f"{name} {chosen} why").strip()
        if table.untested
        else ""
    )
    at = asking.moment(f"{name} at", "Tested on (empty: now)", left)
    by = initials.ask("Recorded by", f"{name} by", right)
    if st.button("Save the score", key=f"{name} save score"):
        _save(form, p, table, row, points, why, at, by)


def _save(
    form: str, p: Protocol, table: Score, row: Row, points: float | None, why: str, at: int | None, by: str
) -> None:
    """Saves a score, or why it could not be tested; an error says what was expected and what was found."""
    score = int(points) if points is not None and points == int(points) else points
    fault = faults.fault(p, table.value, score) if score is not None or not why else None
    if score is not None and why:
        fault = f"{p.value[table.value].label}: expected points or why it could not be tested, found both."
    if at is not None and at > clock.now_ms():
        fault = f"{p.value[table.value].label}: expected a time that is past, found {site.day_and_time(at)}."
    if fault:
        st.error(fault)
        return
    content = {"value": table.untested, "is": why} if score is None else {"value": table.value, "is": score}
    if filling.save(form, row.session, [("value", content, at)], by):
        st.rerun()

"""A patient's doses in order, each with where it was given and its figures, as the protocol's tables name them."""

from datetime import date
from html import escape
from urllib.parse import quote

import streamlit as st

from core import site
from core.care import dosing
from core.engine.words import shown
from core.protocols.figures import of_clock
from core.protocols.tables import Protocol
from core.records.row import Row
from pages.parts.frame import words


def show(p: Protocol, rows: list[Row]) -> None:
    """A card for each procedure, the oldest first; a dose outside its window is labelled."""
    off = dosing.off_window(rows, p.id)
    st.header(f"Doses · {p.short}", anchor=False)
    st.html(f'<div class="doses">{"".join(_card(p, row, off) for row in rows)}</div>')


def _card(p: Protocol, row: Row, off: dict[date, int]) -> str:
    figures = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(content)}</dd></div>" for label, content in contents(p, row)
    )
    lacks = f'<p class="left">Still missing: {escape(", ".join(row.missing))}</p>' if row.missing else ""
    lacks += _timing(off.get(site.day(row.dosed_at), 0)) if row.dosed_at else ""
    session, links = quote(row.session), [("Record", "record"), ("Hand-over card", "handover")]
    links += [] if row.closed else [("Bedside", "bedside")]
    ways = "".join(f'<a href="/{page}?s={session}" target="_self">{name}</a>' for name, page in links)
    return f"""<section class="dose"><h3>Dose {row.dose}<span>{words.calendar_day(site.day(row.opened_at))}</span>
        <em>{escape(row.outcome_label)}</em></h3><dl>{figures}</dl>{lacks}<p class="ways">{ways}</p></section>"""


def _timing(days: int) -> str:
    by = words.count(abs(days), "day")
    off = f"{by} before its window opened" if days < 0 else f"{by} after its window closed"
    return f'<p class="left">Given {off}, by the schedule followed now.</p>' if days else ""


def contents(p: Protocol, row: Row) -> list[tuple[str, str]]:
    """(label, content) of everything that the tables say of a procedure: choices, recalled values, counts, clocks."""
    carried = {p.group: row.group} | row.carried
    keys = dict.fromkeys([p.group, *(plan.key for plan in p.plan), *p.recall])
    values = {key: carried.get(key, row.values.get(key)) for key in keys}
    pairs = [(p.value[key].label, "" if value is None else shown(p, key, value)) for key, value in values.items()]
    pairs += [(counter.label, str(row.figures.get(counter.id, ""))) for counter in p.counter if counter.runs]
    pairs += [(clock.label, _clock(row.figures.get(of_clock(clock)))) for clock in p.clock if not clock.hidden]
    pairs += [("Operator", row.operator or "")]
    return [(label, content or "–") for label, content in pairs]


def _clock(seconds: int | None) -> str:
    return "" if seconds is None else words.span(seconds * 1000)

"""A chart on a card: its heading, the chart, what it shows in a sentence, its data and its files."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pandas as pd
import streamlit as st

from core import clock, site
from core.curves.charts import look
from core.curves.charts.look import Spec
from core.transfer import export_csv


class Card(NamedTuple):
    """What a card shows. `draw(dark)`: the chart (None: the sentence stands alone); `about`: whose cases, which, when;
    `table`: its data.
    """

    key: str
    title: str
    draw: Callable[[bool], Spec] | None
    sentence: str
    table: pd.DataFrame
    note: str = ""
    about: str = ""


def show(card: Card) -> None:
    """Draws the card as light or dark as the room."""
    with st.container(border=True, key=f"card-{card.key}"):
        st.header(card.title, anchor=False)
        if card.draw:
            chart = card.draw(st.context.theme.type == "dark")
            st.vega_lite_chart(chart, width="stretch", theme=None, key=f"chart-{card.key}")
        st.markdown(card.sentence)
        if card.note:
            st.caption(card.note)
        if card.draw:
            _more(card, card.draw)


def _more(card: Card, draw: Callable[[bool], Spec]) -> None:
    """The data and the files, made when they are asked for. Files are for paper: light, and they say what they show."""
    more = st.expander("Data and files", key=f"more-{card.key}", on_change="rerun")
    if not more.open:
        return
    today = f"{site.day(clock.now_ms())}"
    lines = [line for line in (card.about, card.sentence, card.note, f"Drawn {today}.") if line]
    whose = re.findall("[A-Za-z0-9]+", " ".join(card.about.split(" · ")[1:2]))
    name = "-".join([card.key, *whose, today])
    with more:
        st.dataframe(card.table, hide_index=True, height=280, alt=f"{card.title}: {len(card.table)} rows")
        with st.container(horizontal=True):
            for kind, mime, make in (
                ("PNG", "image/png", lambda: look.png(draw(False), card.title, lines)),
                ("SVG", "image/svg+xml", lambda: look.svg(draw(False), card.title, lines)),
                ("CSV", "text/csv", lambda: _csv(card.table)),
            ):
                st.download_button(
                    kind, make, f"{name}.{kind.lower()}", mime, key=f"{kind}-{card.key}", on_click="ignore"
                )


def _csv(table: pd.DataFrame) -> str:
    """Safe to open in a spreadsheet: codes and initials are what somebody typed. A missing number is an empty cell."""
    cells = table.astype(object).where(table.notna(), "")
    return export_csv.text_of(list(table.columns), cells.itertuples(index=False), bom=True)

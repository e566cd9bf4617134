"""Whose cases, which doses, which filters: the controls of the learning curves."""

from collections.abc import Mapping
from datetime import date

import msgspec
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.curves import choice
from core.curves.cases import FIRST, REPEAT, UNKNOWN
from core.curves.choice import Choice
from core.protocols.tables import Protocol
from pages.parts.curves import data

TEAM, ALL = "Team", "All doses"
DOSES = {ALL: None, "First in patient": FIRST, "Repeat": REPEAT}


def protocol(offered: Mapping[str, Protocol], row: DeltaGenerator) -> str:
    """Which protocol; nothing is asked where there is one."""
    if len(offered) == 1:
        return next(iter(offered))
    chosen: str = row.segmented_control(
        "Protocol",
        list(offered),
        format_func=lambda id_: offered[id_].short,
        default=next(iter(offered)),
        key="curve-protocol",
        required=True,
    )
    return chosen


def show(p: Protocol, frame: pd.DataFrame, row: DeltaGenerator, settings: DeltaGenerator) -> Choice:
    """The choice; filters stand in `settings`. Dates the wrong way round get a sentence and are not used."""
    operators = sorted(name for name in frame["operator"].unique() if name)
    with row:
        whose = st.pills("Operator", [TEAM, *operators], default=TEAM, key=f"whose-{p.id}", required=True, wrap=True)
        doses = st.segmented_control("Doses", list(DOSES), default=ALL, key="doses", required=True)
    with settings:
        filters = _filters(p, frame)
    wrong = choice.problem(filters)
    if wrong:
        st.error(f"{wrong} All dates are shown.")
        filters = msgspec.structs.replace(filters, since=None, until=None)
    return msgspec.structs.replace(filters, operator=None if whose == TEAM else whose, doses=DOSES[doses])


def _filters(p: Protocol, frame: pd.DataFrame) -> Choice:
    values = {key: _options(p, key, frame) for key in data.curve_of(p).filters}
    bands = choice.experience(data.curve_of(p))
    experience = st.pills(
        "The operator's own experience",
        range(len(bands)),
        format_func=bands.__getitem__,
        selection_mode="multi",
        key="experience",
        wrap=True,
    )
    left, right = st.columns(2)
    since, until = _date(left, "From", "since"), _date(right, "To", "until")
    return Choice(values=values, experience=list(experience), since=since, until=until)


def _options(p: Protocol, key: str, frame: pd.DataFrame) -> list[str]:
    labels = {option.id: option.label for option in p.options(key)}
    if (frame[f"by_{key}"] == UNKNOWN).any():
        labels[UNKNOWN] = "Not recorded"
    return st.pills(
        p.value[key].label,
        list(labels),
        format_func=lambda option: labels.get(option, option),
        selection_mode="multi",
        key=f"by-{p.id}-{key}",
        wrap=True,
    )


def _date(column: DeltaGenerator, label: str, key: str) -> date | None:
    return column.date_input(label, value=None, key=key, format="YYYY-MM-DD", min_value=date(2000, 1, 1))


VIEWS = {"curves.py": "Curves", "paper.py": "The paper", "replay.py": "A case replayed"}


def views(here: str) -> None:
    """Links to the views; the one that is open is marked."""
    with st.container(horizontal=True, key="curve-views"):
        for page, label in VIEWS.items():
            with st.container(key="view-here" if page == here else None, width="content"):
                st.page_link(page, label=label)

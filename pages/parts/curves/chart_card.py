"""A chart on a card: its heading, the chart, what it shows in a sentence, its data and its files."""

import pandas as pd
import streamlit as st

from core.curves.charts import look
from core.curves.charts.look import Spec
from core.transfer import export_csv


def show(key: str, title: str, chart: Spec | None, sentence: str, table: pd.DataFrame, note: str = "") -> None:
    """Where there is no chart, the sentence stands alone."""
    with st.container(border=True, key=f"card-{key}"):
        st.header(title, anchor=False)
        if chart is not None:
            st.vega_lite_chart(chart, width="stretch", theme=None, key=f"chart-{key}")
        st.markdown(sentence)
        if note:
            st.caption(note)
        if chart is not None:
            _more(key, title, chart, table)


def _more(key: str, title: str, chart: Spec, table: pd.DataFrame) -> None:
    """The data and the files, made when they are asked for."""
    more = st.expander("Data and files", key=f"more-{key}", on_change="rerun")
    if more.open:
        with more:
            st.dataframe(table, hide_index=True, height=280, alt=f"{title}: {len(table)} rows")
            with st.container(horizontal=True):
                for kind, mime, make in (
                    ("PNG", "image/png", lambda: look.png(chart)),
                    ("SVG", "image/svg+xml", lambda: look.svg(chart)),
                    ("CSV", "text/csv", lambda: _csv(table)),
                ):
                    st.download_button(
                        kind, make, f"{key}.{kind.lower()}", mime, key=f"{kind}-{key}", on_click="ignore"
                    )


def _csv(table: pd.DataFrame) -> str:
    """Safe to open in a spreadsheet: codes and initials are what somebody typed. A missing number is an empty cell."""
    cells = table.astype(object).where(table.notna(), "")
    return export_csv.text_of(list(table.columns), cells.itertuples(index=False), bom=True)

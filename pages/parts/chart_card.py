"""A chart on a card: its heading, the chart, what it shows in a sentence, its data and its files."""

from typing import Any

import pandas as pd
import streamlit as st

from core import charts_look


def show(
    key: str, title: str, spec: dict[str, Any] | None, chart: Any, said: str, table: pd.DataFrame, note: str = ""
) -> None:
    """`spec` is what is drawn (None: only the sentence stands there), `chart` what the files are made from."""
    with st.container(border=True, key=f"card-{key}"):
        st.header(title, anchor=False)
        if spec is not None:
            st.vega_lite_chart(spec, width="stretch", theme=None, key=f"chart-{key}")
        st.markdown(said)
        if note:
            st.caption(note)
        if spec is not None:
            _more(key, title, chart, table)


def _more(key: str, title: str, chart: Any, table: pd.DataFrame) -> None:
    """The data and the files, made when they are asked for."""
    more = st.expander("Data and files", key=f"more-{key}", on_change="rerun")
    if more.open:
        with more:
            st.dataframe(table, hide_index=True, height=280, alt=f"{title}: {len(table)} rows")
            with st.container(horizontal=True):
                for kind, mime, make in (
                    ("PNG", "image/png", lambda: charts_look.png(chart)),
                    ("SVG", "image/svg+xml", lambda: charts_look.svg(chart)),
                    ("CSV", "text/csv", lambda: table.to_csv(index=False)),
                ):
                    st.download_button(
                        kind, make, f"{key}.{kind.lower()}", mime, key=f"{kind}-{key}", on_click="ignore"
                    )

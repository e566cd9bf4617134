"""The procedures under way: one large tap each to go on with it."""

from typing import Any
from urllib.parse import quote

import streamlit as st

from pages.parts.words import ago


def show(rows: list[dict[str, Any]], unreadable: list[tuple[str, str]]) -> None:
    """Each procedure with its phase and what it waits for; then files that could not be read, and why."""
    st.subheader("Under way", anchor=False)
    if not rows:
        st.markdown('<p class="about">No procedure is under way.</p>', unsafe_allow_html=True)
    for row in rows:
        with st.container(border=True, key=f"case-{row['session']}", horizontal=True, vertical_alignment="center"):
            drill = "**DRILL** · " if row["drill"] else ""
            waits = "".join(f" · :orange[{one}]" for one in row["waiting"])
            st.markdown(
                f"{drill}**{row['patient']}** · dose {row['dose']} · {row['phase_label']}{waits}  \n"
                f"{row['protocol_short']} · opened {ago(row['opened_at'])} · {_names(row)}"
            )
            st.link_button(f"Resume {row['patient']}", f"/bedside?s={quote(row['session'])}")
    for session, why in unreadable:
        st.error(f"{session}: {why}")


def _names(row: dict[str, Any]) -> str:
    names = (
        f"operator {row['operator']}" if row["operator"] else "",
        f"recorder {row['recorder']}" if row["recorder"] else "",
    )
    return " · ".join(name for name in names if name) or "no names given"

"""What worked last time, and what is suggested today and why."""

from typing import Any

import streamlit as st

from core.history import Suggestion
from core.protocol import Protocol


def show(p: Protocol, earlier: list[dict[str, Any]]) -> None:
    """The patient's last dose in one line, older ones folded away."""
    if not earlier:
        return
    with st.container(border=True, key="last-time"):
        st.markdown(f"**What happened last time** · {len(earlier)} earlier {'dose' if len(earlier) == 1 else 'doses'}")
        for row in earlier[:4]:
            st.markdown(_line(p, row))


def suggest(p: Protocol, suggested: list[Suggestion]) -> None:
    """Each suggestion with its reason. Nothing is chosen by it."""
    if not suggested:
        return
    with st.container(border=True, key="suggested"):
        lines = [
            f"**{p.value[one.key].label}: {_label(p, one.key, one.option)}** :gray[— {one.why}]" for one in suggested
        ]
        st.markdown("Suggested  \n" + "  \n".join(lines))


def _line(p: Protocol, row: dict[str, Any]) -> str:
    parts = [f"Dose {row['dose']}: **{row['outcome_label']}**"]
    if row["group"]:
        parts.append(_label(p, p.group, row["group"]))
    parts += [
        _label(p, key, row["carried"][key])
        for key in (plan.key for plan in p.plan)
        if key != p.group and key in row["carried"]
    ]
    parts += [f"{counter.label.lower()}: {row[counter.id]}" for counter in p.counter if counter.runs]
    recalled = {key: row["carried"].get(key, row["values"].get(key)) for key in p.recall}
    parts += [
        f"{p.value[key].label.lower()} {_shown(p, key, found)}" for key, found in recalled.items() if found is not None
    ]
    parts += [f":orange[{one['label']}]" for one in row["complications"]]
    return " · ".join(parts)


def _label(p: Protocol, key: str, option: str) -> str:
    return next((one.label for one in p.options(key) if one.id == option), option)


def _shown(p: Protocol, key: str, found: Any) -> str:
    return _label(p, key, found) if p.value[key].type == "option" else f"{found} {p.value[key].unit}".strip()

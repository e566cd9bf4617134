"""What the learning curves are compared with: `streamlit run tests/benchmark/benchmark_curves_peer.py -- FOLDER`.

What one writes first: every session file is parsed at each rerun, and every case is a mark of its own. It runs under
Interspace's own settings, draws four charts instead of six, and knows neither filters nor what is to be left out.
"""

import json
import sys
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st


def case(path: Path) -> dict[str, Any]:
    """The figures of a session, straight from its events."""
    figures: dict[str, Any] = {"opened": 0, "operator": "", "insertions": 0, "spaces": 0}
    moments: dict[str, int] = {}
    last = None
    for event in sorted(json.loads(path.read_bytes())["events"].values(), key=lambda entry: entry["at"]):
        mark = event["data"].get("mark")
        moments.setdefault(mark, event["at"])
        if event["kind"] == "opened":
            figures |= {"opened": event["at"], "operator": event["data"]["operator"]}
        if mark == "skin_puncture":
            figures["insertions"] += 1
            figures["spaces"] += event["data"]["interspace"] != last
            last = event["data"]["interspace"]
    for name, start, end in (
        ("puncture", "skin_puncture", "csf_outflow"),
        ("operation", "scan_started", "injection_completed"),
    ):
        figures[name] = (moments[end] - moments[start]) / 60_000 if {start, end} <= moments.keys() else None
    return figures


cases = pd.DataFrame([case(path) for path in sorted(Path(sys.argv[1]).glob("sessions/*/*.json"))])
operators = sorted(name for name in cases["operator"].unique() if name)
chosen = st.pills("Operator", ["Team", *operators], default="Team")
if chosen != "Team":
    cases = cases[cases["operator"] == chosen]
cases = cases.sort_values("opened").reset_index(names="n")
for figure in ("puncture", "operation", "insertions", "spaces"):
    cases["median"] = cases[figure].rolling(9).median()
    dots = alt.Chart(cases).mark_point().encode(x="n:Q", y=f"{figure}:Q")
    st.altair_chart(dots + dots.mark_line().encode(y="median:Q"), width="stretch")
st.text(f"{len(cases)} cases of {chosen}")

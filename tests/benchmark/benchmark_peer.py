"""What Interspace is compared with: `streamlit run tests/benchmark/benchmark_peer.py -- floor`, or `… -- naive FILE`.

Both run under Interspace's own settings (.streamlit/config.toml), which favours them.
"""

import sys

import streamlit as st
from tinydb import TinyDB
from tinydb.table import Document

from core import clock


def floor() -> None:
    """The least that a Streamlit tap can be: one button, one counter."""
    if st.button("Tap"):
        st.session_state.count = st.session_state.get("count", 0) + 1
    with st.container(key="count"):
        st.text(f"{st.session_state.get('count', 0)}")


def naive(path: str) -> None:
    """What one writes first: every session in one TinyDB file, a button, a page that runs again each second."""
    db = TinyDB(path)
    st.button("Tap", on_click=_save, args=(db,))
    _live(db)


def _last(db: TinyDB) -> Document:
    """The session under way: the last one in the file."""
    return db.all()[-1]


def _save(db: TinyDB) -> None:
    live = _last(db)
    live["events"].append({"mark": "skin_puncture", "at": clock.now_ms()})
    db.update({"events": live["events"]}, doc_ids=[live.doc_id])
    st.session_state.saved = clock.now_ms()


@st.fragment(run_every=1)
def _live(db: TinyDB) -> None:
    live = _last(db)
    st.text(f"Operation {(clock.now_ms() - live['opened']) // 1000} s")
    with st.container(key="count"):
        st.text(f"{len(live['events'])} {st.session_state.get('saved', '')}")


if sys.argv[1] == "floor":
    floor()
else:
    naive(sys.argv[2])

"""The export of the records that were found: a format, its progress with a way to stop, then the file to save."""

import tempfile

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core import clock, site
from core.records import sessions
from core.records.row import Row
from core.store import StoreError
from core.transfer import exports
from core.transfer.progress import Progress
from pages.parts.frame import words


def show(rows: list[Row]) -> None:
    """The formats and the button. Any tap while a file is being made stops it, and the part made so far is dropped."""
    st.header("Export", anchor=False)
    if not rows:
        st.html('<p class="about">No record was found that could be exported.</p>')
        return
    formats = exports.FORMATS
    chosen = st.segmented_control(
        "Format",
        list(formats),
        format_func=lambda name: formats[name].label,
        default="csv",
        required=True,
        key="format",
    )
    with_it = "" if formats[chosen].plain else " With its data dictionary, in a zip."
    st.html(f'<p class="about">{formats[chosen].about}{with_it}</p>')
    asked = (chosen, [row.session for row in rows])
    if st.button(f"Make the file of {words.count(len(rows), 'record')}", key="make", width="stretch"):
        _make(chosen, rows, asked)
    export = st.session_state.get("made")
    if export and export[0] == asked:
        _save(*export[1:])


def _make(chosen: str, rows: list[Row], asked: object) -> None:
    """Makes the file; a tap on Stop runs the page again without it."""
    st.session_state.pop("made", None)
    bar = st.progress(0.0, f"0 of {len(rows)}")
    stop = st.empty()
    stop.button("Stop", key="stop")
    problems = []
    with tempfile.TemporaryFile() as file:
        try:
            for step in exports.download(chosen, sessions.store(), rows, file):
                problems += [step.problem] if step.problem else []
                _draw(bar, step, exports.FORMATS[chosen].every)
        except (StoreError, OSError) as error:
            st.error(f"The file could not be made: {error}")
            return
        file.seek(0)
        name = exports.saved_as(chosen, site.day(clock.now_ms()).isoformat())
        st.session_state["made"] = (asked, name, file.read(), problems)
    bar.empty()
    stop.empty()


def _draw(bar: DeltaGenerator, step: Progress, every: int) -> None:
    if step.done % every == 0 or step.done == step.total:
        bar.progress(step.done / step.total, f"{step.done} of {step.total}")


def _save(name: str, content: bytes, problems: list[str]) -> None:
    for problem in problems:
        st.error(problem)
    size = f"{len(content) / 1e6:.1f} MB" if len(content) > 1e5 else f"{len(content) / 1e3:.0f} kB"
    st.download_button(
        f"Save {name} ({size})", content, name, key="save", type="primary", on_click="ignore", width="stretch"
    )

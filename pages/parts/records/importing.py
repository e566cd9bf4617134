"""The import of records: an archive of Interspace, or paper records as CSV. First a preview, then a tap."""

from collections.abc import Iterable
from html import escape
from typing import Any

import streamlit as st

from core import clock, protocols, site
from core.engine.summary import summary
from core.records import sessions
from core.store import StoreError
from core.transfer import archive_file, import_archive, import_sheets
from core.transfer import sheets as paper_table
from core.transfer.import_archive import ImportPlan
from core.transfer.import_sheets import Sheet
from core.transfer.progress import BadImport, Progress
from core.transfer.typed_cells import Order
from core.web.dress import device_of
from pages.parts.forms import initials
from pages.parts.frame import words
from pages.parts.records import alike_patients

MOST_SHOWN = 50  # problems on the page: a file with more usually repeats one mistake
COLUMNS = ("Sheet", "Patient", "Dose", "Began", "Entries", "Outcome", "To review", "Known")
SIZE_MB = archive_file.BYTES_MAX // 2**20


def show() -> None:
    """The field for a file, and the result of the last import."""
    st.header("Import", anchor=False)
    _templates()
    outcome = st.session_state.pop("imported", None)
    if outcome:
        st.html(f'<div class="told done" role="status"><p>{escape(outcome)}</p></div>')
    number = st.session_state.get("import number", 0)
    file = _chosen_file(
        "Archive (.zip, .json) or paper records (.csv, .xlsx)",
        ["zip", "json", "csv", "xlsx"],
        f"import {number}",
        SIZE_MB,
    )
    if file is not None:
        data = file.getvalue()
        (_archive if archive_file.is_archive(data) else _paper)(data)


def _templates() -> None:
    tables = sorted((p for p, _ in protocols.shipped().values()), key=lambda p: p.order)
    offered = {p.id: p for p in tables}
    left, blank = st.columns(2, vertical_alignment="bottom")
    places = st.columns(3)
    chosen = left.selectbox(
        "Paper records of", list(offered), format_func=lambda id_: offered[id_].short, key="paper of"
    )
    blank.link_button("Blank paper sheet", f"/sheet/{chosen}", width="stretch")
    p = offered[chosen]
    for place, label, name, content in (
        (places[0], "Template (Excel)", "template.xlsx", paper_table.workbook(p)),
        (places[1], "Template (CSV)", "template.csv", paper_table.template(p).encode()),
        (places[2], "Dictionary (CSV)", "dictionary.csv", paper_table.dictionary(p).encode()),
    ):
        place.download_button(
            label,
            content,
            f"{chosen}-{name}",
            key=f"paper {name}",
            on_click="ignore",
            width="stretch",
        )


def _archive(data: bytes) -> None:
    bar = st.progress(0.0, "Checking")
    try:
        for step in import_archive.plan(sessions.store(), data):
            if isinstance(step, ImportPlan):
                plan = step
            elif step.done % 50 == 0:
                bar.progress(step.done / step.total, f"{step.done} of {step.total} checked")
    except BadImport as error:
        _problems(error.problems)
        return
    finally:
        bar.empty()
    new, more, same = (plan.of(state) for state in ("new", "more", "same"))
    added = sum(change.entries for change in more)
    known = f"{words.count(added, 'entry', 'entries')} for {words.count(len(more), 'record')} known already"
    st.html(
        f'<p role="status">{words.count(len(new), "record")} new; {known}; {len(same)} unchanged; '
        f"{len(plan.of('refused'))} refused.</p>"
    )
    _problems([change.why for change in plan.of("refused")])
    adding = len(new) + len(more)
    answers = alike_patients.ask(plan.patients)
    device = device_of(st.context.cookies) or "unassigned"
    if adding and st.button(f"Import {words.count(adding, 'record')}", type="primary", key="bring", width="stretch"):
        if answers is None:
            st.error(alike_patients.UNANSWERED)
        else:
            _run(import_archive.write(sessions.store(), plan, answers, device), adding)


def _paper(data: bytes) -> None:
    device = device_of(st.context.cookies) or "unassigned"
    by = initials.ask("Imported by", "import by")
    order: Order = st.session_state.get("day order") or ""
    try:
        sheets = import_sheets.plan(sessions.store(), data, site.zone(), device, by, order=order)
    except BadImport as error:
        if order or any(paper_table.TWO_DAYS in problem for problem in error.problems):
            _ask_order()
        st.error(
            f"Nothing was imported: {words.count(len(error.problems), 'thing is', 'things are')} wrong in this file."
        )
        _problems(error.problems)
        return
    if order:  # in sight as long as it is used: the next file may be written otherwise
        _ask_order()
    header = "".join(f"<th>{name}</th>" for name in COLUMNS)
    st.html(
        f'<div class="scroll" tabindex="0"><table class="plain"><thead><tr>{header}</tr></thead>'
        f"<tbody>{''.join(map(_sheet, sheets))}</tbody></table></div>"
    )
    answers = alike_patients.ask(import_sheets.patients(sheets))
    if answers is not None:
        sheets = import_sheets.plan(sessions.store(), data, site.zone(), device, by, answers, order)
    new = [sheet for sheet in sheets if not sheet.known]
    if new and st.button(f"Import {words.count(len(new), 'sheet')}", type="primary", key="bring", width="stretch"):
        if answers is None:
            st.error(alike_patients.UNANSWERED)
        elif by:
            _run(import_sheets.write(sessions.store(), sheets), len(new))
        else:
            st.error("Imported by: expected initials, found nothing.")


def _ask_order() -> None:
    labels = {"dmy": "1 February 2026", "mdy": "January 2, 2026"}
    st.pills(
        "Days are written with slashes. What is 1/2/2026?",
        list(labels),
        format_func=labels.__getitem__,
        key="day order",
        persist_state="session",
    )


def _sheet(sheet: Sheet) -> str:
    session = sheet.session
    outcome = next(option.label for option in session.protocol.outcome if option.id == session.walk.outcome)
    cells = (
        session.opened.get("sheet", ""),
        session.patient,
        session.dose,
        site.day_and_time(session.opened_at),
        len(session.entries),
        outcome,
        len(summary(session)["to_review"]),
        "already" if sheet.known else "new",
    )
    return f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in cells)}</tr>"


def _run(steps: Iterable[Progress], total: int) -> None:
    bar, begun, done = st.progress(0.0, f"0 of {total}"), clock.now_ms(), 0
    try:
        for step in steps:
            done = step.done
            bar.progress(done / total, f"{done} of {total}")
    except StoreError as error:
        st.error(
            f"{words.count(done, 'record')} imported, then: {error} Import the same file again: nothing is added twice."
        )
        return
    seconds = (clock.now_ms() - begun) / 1000
    st.session_state["imported"] = f"{words.count(done, 'record')} imported, {seconds:.1f} s."
    st.session_state["import number"] = st.session_state.get("import number", 0) + 1
    st.rerun()


def _problems(problems: list[str]) -> None:
    for problem in problems[:MOST_SHOWN]:
        st.error(problem)
    if len(problems) > MOST_SHOWN:
        st.error(f"And {len(problems) - MOST_SHOWN} more.")


_SCRIPT = """
export default function () {
  const tidy = () => {
    for (const zone of document.querySelectorAll("[data-testid=stFileUploaderDropzone]")) zone.removeAttribute("role");
  };
  const watch = new MutationObserver(tidy);
  watch.observe(document.body, { childList: true, subtree: true });
  tidy();
  return () => watch.disconnect();
}
"""

_TIDY = st.components.v2.component("interspace_upload", js=_SCRIPT, html="<span></span>", isolate_styles=False)


def _chosen_file(label: str, kinds: list[str], key: str, most_mb: int) -> Any:
    """The file that was chosen; None while there is none."""
    _TIDY(key=f"{key} tidy")
    return st.file_uploader(label, kinds, key=key, max_upload_size=most_mb)

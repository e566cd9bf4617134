"""Learning curves, per operator and for the team."""

from functools import partial

import streamlit as st

from core.curves import cases, words
from core.records import index
from pages.parts.curves import chart_card, choice, cusum, data, figures
from pages.parts.curves.chart_card import Card
from pages.parts.frame import frame, tables

frame.show(
    "Learning curves", "For operators who want to know, in case order. Formative, never a credential.", here="Curves"
)
choice.views("curves.py")

offered = data.with_curves()
if not offered:
    st.info("No protocol in use has a learning curve: its file needs a table [curve].")
    st.stop()
row = st.container(horizontal=True, gap="small")
p = offered[choice.protocol(offered, row)]
curve, recorded = data.curve_of(p), data.cases(p.id)
unreadable = index.index().unreadable()
left_out = words.of_left_out(recorded.left_out, len(unreadable))
if not len(recorded.frame):
    st.info(f"No case under “{p.short}” yet. {left_out} A procedure is a case once it has an outcome and an insertion.")
    st.stop()

settings = st.expander("Filters and settings", key="settings")
by = choice.show(p, recorded.frame, row, settings)
with settings:
    log = st.toggle("Times on a logarithmic scale", value=True, key="log")
    asked, wrong = cusum.design(curve.evidence)
if wrong:
    st.error(wrong)
chosen, dark = data.chosen(p.id, by), st.context.theme.type == "dark"
if not len(chosen):
    st.info(f"None of the {len(recorded.frame)} cases is of this kind. Take a filter away.")
else:
    tables.tiles(figures.of(p, by, chosen, asked))

about = words.of_choice(by, p, chosen)
handed = words.of_hand_overs(int(recorded.frame["handed"].sum()), curve.hand_over, curve.hand_over_source)
with st.grid(2, min_column_width=440, gap="small"):
    plotted = [*cases.figures(p), cases.success(curve)]
    ids = [figure.id for figure in plotted]
    for figure in plotted:
        drawn = data.drawn(p.id, by, figure, log and figure.kind == "time", dark)
        draw = partial(data.chart, p.id, by, figure, log and figure.kind == "time") if drawn.chart else None
        title, note = f"{figure.label}, case by case", f"{drawn.shaded} {handed}".strip()
        key = figure.id if ids.count(figure.id) == 1 else figure.column
        chart_card.show(Card(key, title, draw, drawn.sentence, drawn.table, note, about))
    cusum.show(p, by, asked, handed)

st.caption(f"{len(chosen)} of {len(recorded.frame)} cases. {left_out} {words.of_lines(curve.running)}")
for session, why in unreadable:
    st.error(f"{session}: {why}")

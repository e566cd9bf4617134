"""A button that prints what a page has to print (pages.css: `.sheet`), and nothing around it."""

import streamlit as st

_SCRIPT = """
export default function ({ parentElement }) {
  parentElement.querySelector(".print").onclick = () => window.print();
}
"""

_PRINT = st.components.v2.component(
    "interspace_print",
    js=_SCRIPT,
    html='<button class="theme print" type="button">Print</button>',
    isolate_styles=False,
)


def show() -> None:
    """Opens the browser's own print dialog."""
    _PRINT(key="print", width="content")

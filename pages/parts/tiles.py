"""Four figures at a glance."""

from html import escape

import streamlit as st

Tile = tuple[str, str, str]  # what it is, the figure, what it is compared with


def show(tiles: list[Tile]) -> None:
    """Each with its large figure."""
    cards = (
        f'<div class="tile"><span>{escape(what)}</span><b>{escape(figure)}</b><i>{escape(beside)}</i></div>'
        for what, figure, beside in tiles
    )
    st.html(f'<div class="tiles">{"".join(cards)}</div>')

"""A table that can be read on a phone: it scrolls in its own place, and by keyboard."""

from html import escape

import pandas as pd
import streamlit as st


def show(frame: pd.DataFrame, label: str = "") -> None:
    """Every cell as text."""
    head = "".join(f'<th scope="col">{escape(str(column))}</th>' for column in frame.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in frame.itertuples(index=False)
    )
    name = escape(label or ", ".join(str(column) for column in frame.columns if column))
    st.html(
        f'<div class="table" role="region" tabindex="0" aria-label="{name}"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def beside(figure: float | None, published: float | None) -> str:
    """A figure from the events, with the published one behind it where they differ."""
    shown = "–" if figure is None else f"{figure:g}"
    return (
        shown
        if figure == published
        else f"{shown} (not published)"
        if published is None
        else f"{shown} ({published:g})"
    )


Tile = tuple[str, str, str]  # what it is, the figure, what it is compared with


def tiles(tiles: list[Tile]) -> None:
    """A row of tiles, each with one large figure."""
    cards = (
        f'<div class="tile"><span>{escape(what)}</span><b>{escape(figure)}</b><i>{escape(beside)}</i></div>'
        for what, figure, beside in tiles
    )
    st.html(f'<div class="tiles">{"".join(cards)}</div>')

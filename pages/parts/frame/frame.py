"""The frame of every page: its style, its heading with links to the other pages, and links at its end."""

import base64
from functools import cache
from html import escape

import streamlit as st

from core.paths import BOARD
from pages.parts.frame import mounts, unread, words

_ICON = base64.b64encode((BOARD / "style" / "icon.svg").read_bytes()).decode()
PLACES = {
    "Start": "/",
    "Recovery": "/recovery",
    "Follow-up": "/followup",
    "Curves": "/curves",
    "Records": "/records",
}


def dress() -> None:
    """Puts the tokens and the page's rules into the page."""
    st.html(f"<style>{_style()}</style>")
    _wake()


@cache
def _style() -> str:
    """The tokens, then what restyles Streamlit, then the pages' own pieces: what several share before what one has."""
    own = sorted((BOARD / "style" / "pages").glob("*.css"), key=lambda path: (path.name != "shared.css", path.name))
    files = [BOARD / "style" / "tokens.css", BOARD / "style" / "streamlit.css", *own]
    return "".join(path.read_text(encoding="utf-8") for path in files)


@st.fragment(run_every=3600)
def _wake() -> None:
    """Does nothing itself: because of it, an open page reruns by itself after the server was restarted."""


def show(title: str, about: str = "", back: bool = False, here: str = "") -> None:
    """The title with the mark of Interspace beside it, or the way back. `here`: which of PLACES it is or belongs to;
    with it all of them are offered.
    """
    unread.forget()
    with st.container(horizontal=True, vertical_alignment="center", key="top"):
        if back:
            st.page_link("start.py", label="‹ Start")
        else:
            st.html(f'<img src="data:image/svg+xml;base64,{_ICON}" alt="" width="52" height="52">', width="content")
        st.title(words.plain(title), anchor=False)
        if here:
            _places(here)
        mounts.theme()
    mounts.renewal()
    if about:
        st.markdown(f'<p class="about">{escape(about)}</p>', unsafe_allow_html=True)


def _places(here: str) -> None:
    """Plain links, so that they work while Streamlit is still connecting."""
    links = "".join(
        f'<a href="{address}" target="_self"{_current(name == here)}>{name}</a>' for name, address in PLACES.items()
    )
    st.html(f'<nav class="places" aria-label="Pages">{links}</nav>', width="content")


def ways(links: list[tuple[str, str]]) -> None:
    """Links to other pages at the end of this one: (address, label)."""
    anchors = "".join(
        f'<a class="way" href="{escape(address)}" target="_self">{escape(name)}</a>' for address, name in links
    )
    st.html(f'<p class="ways">{anchors}</p>')


def _current(is_here: bool) -> str:
    return ' aria-current="page"' if is_here else ""

"""The colours of pages/board/tokens.css for what is drawn outside of CSS."""

import re

import streamlit as st

from pages.parts.frame import BOARD

_DARK = re.compile(r"\[data-theme=dark\]\{(.*?)\}", re.DOTALL)
_LIGHT = re.compile(r":root\{(.*?)\}", re.DOTALL)


def colour(name: str) -> str:
    """A colour role as the reader's theme has it: `colour("run")`."""
    text = (BOARD / "tokens.css").read_text(encoding="utf-8")
    dark = st.context.theme.type == "dark"
    blocks = _LIGHT.findall(text) + (_DARK.findall(text) if dark else [])
    return [found for block in blocks for found in re.findall(rf"--{name}:(#[0-9a-f]+)", block)][-1]

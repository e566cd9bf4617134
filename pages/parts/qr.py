"""An address of this server as a QR picture, for another device to open."""

from html import escape
from urllib.parse import quote, urlsplit

import streamlit as st


def show(path: str, what: str) -> None:
    """The picture, with the address below it."""
    if address := _address(path):
        link = f'<a href="{escape(path)}" target="_self">{escape(address)}</a>'
        said = f"<figcaption>{escape(what)}<br>{link}</figcaption>"
        st.html(f'<figure class="qr">{_picture(address, what, 220)}{said}</figure>')


def small(path: str, what: str) -> str:
    """The picture alone, to stand on what is printed; empty where the address is not known."""
    address = _address(path)
    return f'<figure class="qr">{_picture(address, what, 110)}</figure>' if address else ""


def _address(path: str) -> str:
    """The address as this browser would write it: by it the other device finds this server."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{path}" if here.netloc else ""


def _picture(address: str, what: str, size: int) -> str:
    source = f"/api/qr?url={quote(address, safe='')}"
    return f'<img src="{source}" alt="QR: {escape(what)}" width="{size}" height="{size}">'

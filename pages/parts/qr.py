"""An address of this server as a QR picture, for another device to open."""

from html import escape
from urllib.parse import quote, urlsplit

import streamlit as st


def show(path: str, what: str) -> None:
    """The picture, with the address below it as this browser would write it."""
    here = urlsplit(st.context.url or "")
    if not here.netloc:
        return
    address = f"{here.scheme}://{here.netloc}{path}"
    st.html(
        f'<figure class="qr"><img src="/api/qr?url={quote(address, safe="")}" alt="QR: {escape(what)}" width="220" '
        f'height="220"><figcaption>{escape(what)}<br><a href="{escape(path)}" target="_self">{escape(address)}</a>'
        "</figcaption></figure>"
    )

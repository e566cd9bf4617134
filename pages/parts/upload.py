"""A field for a file. Streamlit's says both that it is nothing and that it takes focus; the first is taken off it."""

from typing import Any

import streamlit as st

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


def show(label: str, kinds: list[str], key: str, most_mb: int) -> Any:
    """The file that was chosen; None while there is none."""
    _TIDY(key=f"{key} tidy")
    return st.file_uploader(label, kinds, key=key, max_upload_size=most_mb)

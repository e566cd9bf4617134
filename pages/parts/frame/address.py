"""The session that the address of a page names, or a sentence why there is none."""

import streamlit as st

from core.engine.session import Session
from core.records import sessions
from core.store import NotFound, StoreError
from pages.parts.frame import words


def session() -> Session | None:
    """The session that `?s=` names; else a sentence stands on the page."""
    id_ = st.query_params.get("s", "")
    if not id_:
        st.warning("Expected a procedure in the address (?s=…), found none. Open it from a list.")
        return None
    try:
        return sessions.read(sessions.store(), id_)
    except NotFound:
        st.error(f"Expected a procedure that is on record, found “{words.plain(id_[:40])}”, which is not.")
    except StoreError as error:
        st.error(words.plain(str(error)))
    return None

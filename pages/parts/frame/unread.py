"""Fields whose content cannot be read, as the present run of a page found them: nothing is saved without them."""

import streamlit as st

FIELDS = "fields that cannot be read"


def forget() -> None:
    """A run of a page begins: which fields they are shows as these are drawn."""
    st.session_state[FIELDS] = {}


def note(field: str, sentence: str) -> None:
    """What was expected and found in a field."""
    st.session_state.setdefault(FIELDS, {})[field] = sentence


def of(form: str) -> list[str]:
    """The sentences of the fields whose names begin with that of a form."""
    return [sentence for field, sentence in st.session_state.get(FIELDS, {}).items() if field.startswith(form)]

"""Interspace: `streamlit run app.py`. The ASGI app, its routes and nothing else; screens live in pages/, rules in core/."""

import streamlit as st

from core.server import HANDLERS, MIDDLEWARE, ROUTES, lifespan

app = st.App(
    "pages/shell.py", routes=ROUTES, middleware=MIDDLEWARE, exception_handlers=HANDLERS, lifespan=lifespan
)

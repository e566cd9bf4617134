"""Interspace: `streamlit run app.py`. The app and its routes, nothing else: screens live in pages/, rules in core/."""

import streamlit as st

from core.server import HANDLERS, MIDDLEWARE, ROUTES, lifespan

app = st.App("pages/shell.py", routes=ROUTES, middleware=MIDDLEWARE, exception_handlers=HANDLERS, lifespan=lifespan)

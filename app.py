"""Interspace: `streamlit run app.py`. The app and its routes, nothing else: screens live in pages/, rules in core/."""

import sys

import streamlit as st

from core import site
from core.web.server import HANDLERS, MIDDLEWARE, ROUTES, lifespan

try:
    site.zone()
except site.SiteError as error:  # no page could say it
    sys.exit(f"Interspace does not start. {error}")

app = st.App("pages/shell.py", routes=ROUTES, middleware=MIDDLEWARE, exception_handlers=HANDLERS, lifespan=lifespan)

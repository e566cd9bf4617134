"""The rules, the log and the store of Interspace in plain Python: no Streamlit, no screens."""

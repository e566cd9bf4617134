"""Pieces of Follow-up and the call."""

"""Pieces of a patient's page."""

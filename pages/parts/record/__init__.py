"""Pieces of one record's page."""

"""Pieces of New procedure."""

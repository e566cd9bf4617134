"""Pieces of Start."""

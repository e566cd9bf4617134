"""Pieces of Learning curves."""

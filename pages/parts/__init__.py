"""Pieces of screens: one verb each, show()."""

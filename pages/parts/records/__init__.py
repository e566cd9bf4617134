"""Pieces of Records: the list, its filters, export and import."""

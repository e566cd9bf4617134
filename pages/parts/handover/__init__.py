"""Pieces of Hand-over: the card and its QR code."""

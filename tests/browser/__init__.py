"""Tests that drive the real app by touch in a real browser."""

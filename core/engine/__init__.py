"""Entries become a session: pure and total, no file and no clock."""

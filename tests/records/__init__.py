"""Tests of core/records/."""

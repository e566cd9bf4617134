"""Tests of core/care/."""

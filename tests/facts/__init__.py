"""Tests of core/facts/."""

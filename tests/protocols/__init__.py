"""Tests of core/protocols/."""

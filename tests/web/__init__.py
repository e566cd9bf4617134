"""Tests of core/web/."""

"""Tests of core/drills/."""

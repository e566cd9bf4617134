"""Tests of core/curves/."""

"""Tests of core/transfer/."""

"""Tests of the house itself: its names, its layout, its README."""

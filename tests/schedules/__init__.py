"""Tests of core/schedules/."""

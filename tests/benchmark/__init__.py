"""Benchmarks: run by hand, they print figures and pass or fail nothing."""

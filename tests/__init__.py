"""The specification: each test's name is a sentence that a clinician could dispute."""

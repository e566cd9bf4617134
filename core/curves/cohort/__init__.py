"""The published punctures as scenarios."""

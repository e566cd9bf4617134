"""The figures of the publication, worked out from events."""

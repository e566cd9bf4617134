"""What can be read off one session."""

"""What comes after the needle: the ward, calls, patients over their doses, the next dose."""

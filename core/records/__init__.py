"""Sessions in the store: opened, added to, read, listed, found and corrected."""

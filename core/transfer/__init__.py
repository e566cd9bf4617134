"""Records that leave the building, in the standards' shapes, and those that come back."""

"""Charts: colours and axes only."""

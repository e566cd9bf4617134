"""Export in the formats of the standards, and import of archives and paper sheets."""

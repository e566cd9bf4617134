"""What every page stands in: head, style, words, tables, and the mounts of the boards."""

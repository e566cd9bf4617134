"""The frame of every page: heading, style, words, tables, and the mounts of the boards."""

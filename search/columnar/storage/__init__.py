"""Arrays and byte strings in files, and what gathers them while they grow."""

"""From what is asked to what is found: a snapshot of the index and the planner that searches it."""

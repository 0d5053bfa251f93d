"""The pages anybody may read. Views do params → search → render, no more."""

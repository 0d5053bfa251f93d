"""Segments opened for searching and merging."""

"""Segments made: documents in, one file of arrays out."""

"""What is said of a document beyond its own words: facets. Pure values in, pure values out."""

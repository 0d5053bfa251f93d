"""From files and addresses to a published index.

Owns sources, parsing, enrichment, the library (the truth), building and publishing, and
jobs. May import ``search``; never ``webapp``.
"""

"""A codec for Whoosh whose segments are arrays in memory-mapped files, and what runs on them.

Whoosh keeps the schema, the table of contents, locks, deletes and the merge policy, and its own
matchers can read these segments. Ranking does not run in them: ``planning`` works on whole posting
lists at once, in a small compiled ``kernel`` or its numpy twin.
"""

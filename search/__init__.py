"""What a document is, and how a question finds it.

Owns the document model, Swedish, ranking, the index files and ``Query -> Results``.
Knows no web and no crawling, and is the only room that imports Whoosh: no Whoosh object
ever leaves it. Imports none of the other rooms.
"""

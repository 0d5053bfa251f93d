"""Titles that programs write into files: which are titles, and which are leftovers of the program.

Pure. The title of a file that has none is made of its name by ``reading.title_from_name``.
"""

from __future__ import annotations

import re

from indexer.parse.clean import clean_line

#: What Word and its like call a file that nobody gave a title, and what printing prefixes to it.
_LEFTOVER = re.compile(
    r"(?:microsoft\s+(?:word|powerpoint|excel)\b.*"
    r"|(?:namnlös|namnlöst|untitled|utan titel|no title|ingen titel)\b.*"
    r"|(?:dokument|document|presentation|bok|book|layout|mall|blad|sida|slide|bild)\s*\d*"
    r"|(?:powerpoint-presentation|rubrik|titel|title|print|skrivbord|scan(?:ned)?\b.*))",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r".*\.(?:docx?|dotx?|pptx?|xlsx?|pdf|indd|qxp|qxd|ai|psd|rtf|odt|pages|html?|tmp|txt)\d*",
    re.IGNORECASE,
)
_ARTICLE_NUMBER = re.compile(r"[\W\d_]*")
_LEAST_LETTERS = 3


def real_title(text: str) -> str:
    """The title when it is one that somebody gave, else ``""``.

    >>> real_title("Microsoft Word - Slutrapport.docx"), real_title("Samverka mot brott")
    ('', 'Samverka mot brott')
    """
    title = clean_line(text)
    letters = sum(character.isalpha() for character in title)
    if letters < _LEAST_LETTERS or _LEFTOVER.fullmatch(title) or _FILE_NAME.fullmatch(title):
        return ""
    # One word with underscores or without any vowel of a language is what a system calls a file.
    looks_like_name = " " not in title and ("_" in title or any(c.isdigit() for c in title))
    return "" if looks_like_name or _ARTICLE_NUMBER.fullmatch(title) else title

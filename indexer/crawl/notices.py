"""Pages that say, with an answer of 200, that there is no page (soft 404s).

Pure. Sites that are rebuilt send old addresses to such a page; kept, it would answer for whatever
stood there.
"""

from __future__ import annotations

import re

from search.document import Document

#: A notice is a few sentences; an article about lost pages is longer.
_MOST_WORDS = 120
_NOTICE = re.compile(
    r"^(?:fel\s*)?404\b|"
    r"\b(?:sidan?|sida|artikeln|dokumentet|innehållet)\b(?:\s+(?:du|som|ni|kan|söker|sökte|letar|"
    r"efter|begärde|tyvärr|har)){0,5}\s+(?:finns\s+(?:inte|tyvärr\s+inte|ej)|hittades\s+inte|hittas\s+inte|"
    r"inte\s+hittas|kunde\s+inte\s+hittas|kan\s+inte\s+(?:hittas|visas)|saknas|har\s+tagits\s+bort|tagits\s+bort|"
    r"är\s+borttagen)|"
    r"\bpage\s+(?:was\s+)?not\s+found\b",
    re.IGNORECASE,
)


def says_it_is_gone(document: Document) -> bool:
    """Whether a page is only a notice that what was asked for is not there.

    >>> says_it_is_gone(Document(key="k", source="bra", title="Sidan finns inte"))
    True
    """
    words = sum(len(block.text.split()) for block in document.blocks) + len(document.lead.split())
    return words <= _MOST_WORDS and bool(_NOTICE.search(document.title))

"""Pages that are no documents though nothing in their address says so.

Pure. Two kinds: those that say, with an answer of 200, that there is no page (soft 404s), and
those that only lead on. Sites that are rebuilt send old addresses to the first; the second would
answer, by their teasers, for what other pages say in full.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from indexer.parse.readings import words_of
from search.document import Document

#: A notice is a few sentences; an article about lost pages is longer.
_MOST_WORDS = 120
#: A heading that is a link is one of a teaser, where there are so many of them and few others.
_FEWEST_TEASERS = 3
_MOST_OF = 0.8
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
    return words_of(document) <= _MOST_WORDS and bool(_NOTICE.search(document.title))


def only_leads_on(document: Document, link_texts: Collection[str]) -> bool:
    """Whether nearly all that a page says is the text of its links, or stands under such.

    ``link_texts`` are those of the page's links to other pages.

    >>> page = Document(key="k", source="bra", title="Metoder", lead="Medling Grannsamverkan")
    >>> only_leads_on(page, ["Medling", "Grannsamverkan"])
    True
    """
    texts = {_words(text) for text in link_texts} - {""}
    headings = [_words(heading) for heading in document.headings]
    linked = sum(heading in texts for heading in headings)
    if linked >= _FEWEST_TEASERS and linked >= _MOST_OF * len(headings):
        return True
    lines = [line for block in document.blocks for line in block.text.splitlines()]
    said = " ".join(_words(line.removeprefix("– ")) for line in [document.lead, *lines])
    left = said
    for text in sorted(texts, key=len, reverse=True):
        left = left.replace(text, " ")
    return len(left.replace(" ", "")) <= (1 - _MOST_OF) * len(said.replace(" ", ""))


def _words(text: str) -> str:
    return " ".join(text.casefold().split())

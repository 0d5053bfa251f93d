"""Numbers that name documents: ISBN, ISSN, URN, report, statute and bill numbers found in text.

Pure. A number with a checksum that fails is left out; a statute's number counts only where the
words say that it is one, since "2016:13" may also be a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.document import Identifier

#: More numbers than this are a list of references, not the document's own.
MOST_IDENTIFIERS = 20

_ISBN = re.compile(
    r"\bISBN(?:-1[03])?(?:\s*\([^)]*\))?\s*:?\s*((?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9X])\b",
    re.IGNORECASE,
)
_ISSN = re.compile(r"\bISSN\s*:?\s*([0-9]{4}-[0-9]{3}[0-9X])\b", re.IGNORECASE)
_URN = re.compile(r"\burn:nbn:[a-z]{2}(?::[a-z0-9]+)*[:-][a-z0-9-]*[0-9]+\b", re.IGNORECASE)
_REPORT = re.compile(
    r"\b(?:rapport(?:en)?|kortanalys(?:en)?|Brå)[\s-]+(?:nr\.?\s*|nummer\s*)?"
    r"((?:19|20)[0-9]{2}:[0-9]{1,3})\b(?!:)",
    re.IGNORECASE,
)
_NUMBER = r"((?:1[6-9]|20)[0-9]{2}:[0-9]{1,4})\b(?!:)"
_SFS = re.compile(
    rf"\b(?:SFS(?:\s+nr)?|SoL|LVU|LUL|OSL|LSU|LVM)\s*\(?{_NUMBER}"
    rf"|\b(?P<law>\w*(?:lag|balk|förordning|ordning)(?:en|s|ens)?)\b"
    rf"(?:\s*{_NUMBER}|[^.()\n]{{0,100}}\({_NUMBER})",
    re.IGNORECASE,
)
#: Words that end as a law does and are none.
_NO_LAW = re.compile(r"(?:förs|ans|avs|bes|upps|ins|bo|under)lag(?:en|s|ens)?$", re.I)
_BILL = re.compile(
    r"\bprop(?:\.|osition(?:en)?)?\s*((?:19|20)[0-9]{2}/[0-9]{2,4}:[0-9]{1,3})\b", re.IGNORECASE
)


def find_identifiers(text: str, node: str = "") -> tuple[Identifier, ...]:
    """The numbers in a text, each once: the node first, then in the order of their kinds.

    >>> find_identifiers("Lagen om kommuners ansvar (2023:196), se rapport 2021:9.")
    (Identifier(kind='report', value='2021:9'), Identifier(kind='sfs', value='2023:196'))
    """
    found = dict.fromkeys(_found(text))
    own = (Identifier("node", node),) if node else ()
    return (*own, *found)[:MOST_IDENTIFIERS]


def is_isbn(digits: str) -> bool:
    """Whether 10 or 13 characters are an ISBN by their checksum."""
    if not re.fullmatch(r"[0-9]{9}[0-9X]|97[89][0-9]{10}", digits):
        return False
    values = [10 if digit == "X" else int(digit) for digit in digits]
    if len(digits) == len("9789100000011"):
        return sum(v * (3 if n % 2 else 1) for n, v in enumerate(values)) % 10 == 0
    return sum(v * (10 - n) for n, v in enumerate(values)) % 11 == 0


def is_issn(issn: str) -> bool:
    """Whether ``1234-567X`` is an ISSN by its checksum."""
    values = [10 if digit == "X" else int(digit) for digit in issn.replace("-", "")]
    return sum(v * (8 - n) for n, v in enumerate(values)) % 11 == 0


def _found(text: str) -> Iterator[Identifier]:
    for match in _ISBN.finditer(text):
        digits = re.sub(r"[^0-9X]", "", match[1].upper())
        if is_isbn(digits):
            yield Identifier("isbn", digits)
    for match in _ISSN.finditer(text):
        if is_issn(match[1].upper()):
            yield Identifier("issn", match[1].upper())
    for match in _URN.finditer(text):
        yield Identifier("urn", match[0].lower())
    for match in _REPORT.finditer(text):
        yield Identifier("report", match[1])
    for match in _SFS.finditer(text):
        if not (match["law"] and _NO_LAW.search(match["law"])):
            yield Identifier("sfs", match[1] or match[3] or match[4])
    for match in _BILL.finditer(text):
        yield Identifier("bill", match[1])

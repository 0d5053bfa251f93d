"""How links and titles say what a file is: a report's name, "Sammanfattning", "In English".

Pure; knows words and addresses, no documents. What it does not know it takes for a name of
something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from posixpath import basename
from urllib.parse import unquote, urlsplit

from indexer.parse.language import language_of
from search.document import VariantKind

#: Words that say what a file is, and not what it is about.
_SUMMARY = frozenset(
    ["sammanfattning", "sammanfattningen", "kortversion", "kortversionen", "summary"]
)
_EXTRA = frozenset(
    [
        "tabell",
        "tabeller",
        "tabellbilaga",
        "bilaga",
        "bilagor",
        "bilagan",
        "diagram",
        "tabellunderlag",
        "underlag",
        "appendix",
        "presentation",
    ]
)
_ENGLISH = frozenset(["english", "engelska", "engelsk"])
_WHAT = (
    _SUMMARY
    | _EXTRA
    | _ENGLISH
    | frozenset(
        [
            "rapport",
            "rapporten",
            "rapportens",
            "publikation",
            "publikationen",
            "kortanalys",
            "kortanalysen",
            "studien",
            "utvärderingen",
            "vägledningen",
            "handboken",
            "metodstödet",
            "slutrapport",
            "slutrapporten",
            "report",
            "study",
            "hela",
            "fulltext",
            "full",
            "text",
            "texten",
            "version",
            "versionen",
            "dokumentet",
            "fil",
            "filen",
            "pdf",
            "pdfen",
            "word",
            "excel",
            "ladda",
            "ner",
            "ned",
            "hem",
            "läs",
            "hämta",
            "öppna",
            "download",
            "read",
            "the",
            "som",
            "i",
            "på",
            "av",
            "till",
            "en",
            "den",
            "in",
            "of",
            "svenska",
            "svensk",
            "swedish",
            "webbversion",
            "tillgänglig",
            "mb",
            "kb",
            "öppnas",
            "nytt",
            "fönster",
        ]
    )
)
#: A name is said in such words too; these alone say that a link leads to a publication.
_NAMING = _WHAT - frozenset(
    ["i", "på", "av", "till", "en", "den", "in", "of", "the", "som", "text", "full"]
)
_WORD = re.compile(r"[^\W_]+")
_SIZE = re.compile(r"\b\d+(?:[.,]\d+)?\s*[kKmM]i?B\b")
_SMALL_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "in",
        "on",
        "for",
        "with",
        "how",
        "what",
        "to",
        "as",
        "from",
        "by",
        "we",
        "do",
        "it",
        "is",
        "are",
        "against",
        "between",
        "among",
    ]
)
_SMALL_SWEDISH = frozenset(
    [
        "och",
        "i",
        "av",
        "för",
        "med",
        "om",
        "på",
        "en",
        "ett",
        "att",
        "som",
        "är",
        "vi",
        "till",
        "från",
        "mot",
        "hur",
        "vad",
        "ur",
    ]
)
_OWN_LETTERS = frozenset("åäö")
#: 2022_1_… and 2022-1 …: the number of a report, first in the name of its files.
_NUMBER = re.compile(r"^((?:19|20)\d\d)[_ :-](\d{1,3})(?=[_ .-])")
_DATED = re.compile(r":(\d{4}-\d{2}-\d{2})-")
#: Endings of files that hold a text; tables and pictures are no variants of one.
_FILE_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The names that a page's own files may have."""

    titles: tuple[tuple[str, ...], ...]

    @classmethod
    def of_page(cls, title: str, subtitle: str) -> Wording:
        """A file is called as its page, with or without the subtitle."""
        titles = dict.fromkeys((_words(title), _words(f"{title} {subtitle}")))
        return cls(tuple(words for words in titles if not _WHAT.issuperset(words)))

    def names(self, text: str) -> bool:
        """Whether a text is the page's title, with nothing beside it but what the file is.

        >>> Wording.of_page("Otillåten påverkan", "").names("Otillåten påverkan – sammanfattning")
        True
        >>> Wording.of_page("Otillåten påverkan", "").names("Otillåten påverkan 2012")
        False
        """
        said = _words(text)
        return any(
            said[at : at + len(title)] == title
            and _WHAT.issuperset(said[:at] + said[at + len(title) :])
            for title in self.titles
            for at in range(len(said) - len(title) + 1)
        )

    def only_says_what(self, text: str) -> bool:
        """Whether a link says what it leads to and nothing about whose it is.

        >>> Wording(()).only_says_what("Ladda ner rapporten (pdf, 1,2 MB)")
        True
        """
        said = _words(text)
        return _WHAT.issuperset(said) and not _NAMING.isdisjoint(said)

    def kind(self, text: str, url: str = "") -> VariantKind:
        """What a file is, by its title, its link and its name."""
        beside = [*_words(text), *_words(_name(url))]
        for title in self.titles:  # "Sammanfattning av läget" is no summary of itself
            beside = _without(beside, title)
        said = set(beside)
        if said & _SUMMARY:
            return VariantKind.SUMMARY
        return VariantKind.OTHER if said & _EXTRA else VariantKind.FULL

    def language(self, text: str, url: str, otherwise: str) -> str:
        """The language of a file that nobody has read, by its link and its address."""
        said = set(_words(text))
        named = said | set(_words(_name(url)))
        is_english = said & _SMALL_ENGLISH and not said & _SMALL_SWEDISH
        if named & _ENGLISH or (is_english and not set(text.casefold()) & _OWN_LETTERS):
            return "en"
        return language_of("", otherwise, url)


def number_in_name(url: str) -> str:
    """The number of a report by the name of its file, ``2022:1``, or ``""``."""
    match = _NUMBER.match(_name(url))
    return f"{match[1]}:{int(match[2])}" if match else ""


def date_in(key: str) -> str:
    """The day in a document's key, ``bra:2022-04-10-…``, or ``""``."""
    match = _DATED.search(key)
    return match[1] if match else ""


def type_of_file(url: str) -> str:
    """The content type of the text file that an address leads to by its ending, else ``""``."""
    return _FILE_TYPES.get(_name(url).rpartition(".")[2].casefold(), "")


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_SIZE.sub("", text).casefold()))


def _without(words: list[str], run: tuple[str, ...]) -> list[str]:
    for at in range(len(words) - len(run) + 1):
        if run and tuple(words[at : at + len(run)]) == run:
            return _without(words[:at] + words[at + len(run) :], run)
    return words


def _name(url: str) -> str:
    return unquote(basename(urlsplit(url).path))

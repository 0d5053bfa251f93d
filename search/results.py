"""What a question found, free of any engine and ready to be shown.

A hit is a document; under it stand the passages that answer. Text comes in fragments, each
marked or not, so that a page can highlight without ever trusting markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from search.document import Document
from search.query import Query


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of text; ``marked`` where it matched the question."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """About 200 words of a document under one heading.

    ``number`` counts from 1 within the document and is its anchor on the document page.
    """

    number: int
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    page_label: str = ""


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage that answers, and the window of it that says so."""

    passage: Passage
    excerpt: tuple[Fragment, ...]
    score: float


@dataclass(frozen=True, slots=True)
class TermScore:
    """One share of a hit's score: the word asked for, the field it was found in, its points."""

    word: str
    term: str
    field: str
    points: float


class How(StrEnum):
    """In which way a word of the question stands on a page, the surest way first."""

    EXACT = "exact"  # as it was typed, capitals apart
    INFLECTED = "inflected"  # in another form with the same stem
    JOINED = "joined"  # two words of the question in one compound
    SPLIT = "split"  # a compound of the question as its parts, near each other
    ABBREVIATION = "abbreviation"  # the long form for the short one, or the other way round
    SYNONYM = "synonym"  # another name from the thesaurus
    SPELLING = "spelling"  # a word that the typed one is a misspelling of
    PART = "part"  # as a part of a compound, or a part of the asked compound
    NEAR = "near"  # a word that shares most of its letters, four by four


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a document answers for some words of a question: the surest way, at its best place.

    ``asked`` is what was typed, ``matched`` the words of the page in its order (in small letters,
    abbreviations in capitals). ``through`` leads from one to the other: the parts they share, the
    compound, the thesaurus's form, the word that was meant, or else what matched. ``passage`` is
    ``Passage.number``, or None for what is said once about a document.
    """

    asked: str
    how: How
    through: str
    matched: tuple[str, ...]
    field: str
    passage: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers, its best passages first; of a work the variant that answers best.

    ``document`` comes without its sections: what a list needs, and no more to read. ``title``
    and ``lead`` are the document's, in fragments. ``file`` is as in ``StoredDocument``.
    ``reasons`` say how the words of the question stand in it, in the question's order, and
    ``missing`` which of them do not. ``parts`` is filled when the query asked for an explanation;
    its points sum to ``score``.
    """

    document: Document
    score: float
    title: tuple[Fragment, ...]
    lead: tuple[Fragment, ...]
    passages: tuple[PassageHit, ...]
    file: str = ""
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple[TermScore, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A word of the question that nobody knows, and the word that may have been meant."""

    asked: str
    meant: str


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the found documents carry a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits. ``total`` counts every work found, not only those on the page.

    A document that belongs with no other is a work of its own. ``facets`` are counted over all
    found works, most frequent first, without the facet's own filter so that another value can be
    chosen. ``repairs`` were searched for too, unless the question was to be taken exactly;
    ``meant`` is the question with them put in, else empty. ``seconds`` is the searcher's own time.
    """

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    meant: str = ""
    generation: int = 0
    seconds: float = 0.0

    @property
    def pages(self) -> int:
        """How many pages of results there are."""
        return -(-self.total // self.query.page_size)


#: The table among a generation's labels that says how much of a source's texts is shown.
SHOW = "show"
#: What may stand there: excerpts of what answers, a few passages, or everything.
SNIPPET, PASSAGES, FULL = "snippet", "passages", "full"
#: So many passages are shown at a time where not all may be.
MOST_PASSAGES = 3


def right_to(labels: Mapping[str, Mapping[str, str]], source: str) -> str:
    """How much of a source's texts is shown: passages where nothing is said of it.

    Whatever is no right of ours is the least.
    """
    right = labels.get(SHOW, {}).get(source, PASSAGES)
    return right if right in (PASSAGES, FULL) else SNIPPET


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as published: all passages in reading order, and the hash of its file.

    ``file`` is the SHA-256 of the original bytes, or ``""`` when the original is not published.
    """

    document: Document
    passages: tuple[Passage, ...]
    file: str = ""

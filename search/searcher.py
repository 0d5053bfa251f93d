"""``Query → Results``: finds documents, shows their passages. Knows no web and writes nothing.

Follows the index by itself: each call looks at which generation serves and opens a new one
when it has changed. Threads may share one searcher.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

from search.errors import IndexUnavailableError
from search.index import Index
from search.query import FACETS, Query
from search.ranking import Postings, Scored, score
from search.results import FacetCount, Hit, PassageHit, Results, StoredDocument
from search.schema import TEXT_FIELDS
from search.snapshot import Snapshot
from search.snippets import excerpt, mark
from search.swedish.question import Word, read_phrase, read_words
from search.swedish.stopwords import load_stopwords
from search.thesaurus import Head, load_thesaurus

#: Passages shown under a hit: enough to judge a report by, few enough to see the next hit.
PASSAGES_PER_HIT = 3


class Searcher:
    """Searches the serving generation under an index folder."""

    def __init__(self, index_path: Path, vocabulary: Path) -> None:
        """Raises SettingsError when the vocabulary cannot be read; the index may come later."""
        self._index = Index(index_path)
        self._stopwords = load_stopwords(vocabulary)
        self.thesaurus: Mapping[str, Head] = load_thesaurus(vocabulary / "thesaurus")
        self._snapshot: Snapshot | None = None
        self._opening = threading.Lock()

    @property
    def generation(self) -> int:
        """The serving generation's number. Raises IndexUnavailableError when there is none."""
        return self._open().generation.number

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Facet → value → Swedish label, as published with the generation."""
        return self._open().generation.labels

    @property
    def counts(self) -> Mapping[str, int]:
        """How many documents each source has in the index, most first."""
        sources = Counter(item.document.source for item in self._open().documents)
        return dict(sources.most_common())

    def document(self, key: str) -> StoredDocument | None:
        """A document as published, or None."""
        snapshot = self._open()
        number = snapshot.number_of.get(key)
        return None if number is None else snapshot.stored(number)

    def file(self, digest: str) -> Path | None:
        """A published original by its SHA-256, or None."""
        return self._index.file(digest)

    def search(self, query: Query) -> Results:
        """Answer a question.

        Raises IndexUnavailableError when nothing is published; never because of the question.
        """
        started = time.perf_counter()
        snapshot = self._open()
        if query.is_empty:
            return Results(query, 0, (), generation=snapshot.generation.number)
        words = read_words(" ".join((query.words, *query.phrases)), self._stopwords)
        found = self._found(snapshot, query, words)
        kept = [n for n in found if _passes(snapshot.facets[n], query.filters)]
        kept.sort(key=lambda n: _order(snapshot, n, found[n]))
        first = (query.page - 1) * query.page_size
        wanted = {part.term for scored in found.values() for part in scored.parts}
        return Results(
            query=query,
            total=len(kept),
            hits=tuple(
                _hit(snapshot, found[n], wanted, query.explain)
                for n in kept[first : first + query.page_size]
            ),
            facets={facet: _counted(snapshot, found, query, facet) for facet in FACETS},
            generation=snapshot.generation.number,
            seconds=time.perf_counter() - started,
        )

    def _found(
        self, snapshot: Snapshot, query: Query, words: tuple[Word, ...]
    ) -> dict[int, Scored]:
        """Every document the text of the question finds, filters left aside."""
        if words:
            found = score(
                words, _postings(snapshot, words), snapshot.document_of, snapshot.statistics
            )
        elif query.words or query.phrases:
            found = {}
        else:
            found = {number: Scored(number) for number in range(len(snapshot.documents))}
        for phrase in query.phrases:
            holding = _holding(snapshot, read_phrase(phrase))
            found = {number: scored for number, scored in found.items() if number in holding}
        for words_out in query.excluded:
            out = _holding(snapshot, read_phrase(words_out))
            found = {number: scored for number, scored in found.items() if number not in out}
        return found

    def _open(self) -> Snapshot:
        number = self._index.current_number()
        snapshot = self._snapshot
        if snapshot and snapshot.generation.number == number:
            return snapshot
        with self._opening:
            if self._snapshot and self._snapshot.generation.number == number:
                return self._snapshot
            self._snapshot = self._read(number)
            return self._snapshot

    def _read(self, number: int) -> Snapshot:
        if not number:
            raise IndexUnavailableError("nothing is published yet; run 'metodsok index'")
        generation = self._index.generation(number)
        if not generation.is_readable:
            raise IndexUnavailableError(
                f"generation {number} was made by another version; run 'metodsok index'"
            )
        return Snapshot(self._index, generation)


def _postings(snapshot: Snapshot, words: Iterable[Word]) -> Postings:
    terms = {alternative.term for word in words for alternative in word.alternatives}
    return {
        (term, field): snapshot.postings(term, field) for term in terms for field in TEXT_FIELDS
    }


def _holding(snapshot: Snapshot, phrase: tuple[tuple[str, ...], ...]) -> set[int]:
    """The documents that hold a phrase in one field, its terms side by side."""
    documents: set[int] = set()
    for field in TEXT_FIELDS if phrase else ():
        ends: dict[int, set[int]] = {}
        for position, alternatives in enumerate(phrase):
            places: dict[int, set[int]] = {}
            for term in alternatives:
                for row, found in snapshot.positions(term, field).items():
                    places.setdefault(row, set()).update(found)
            if position == 0:
                ends = places
            else:
                ends = {
                    row: {place for place in places[row] if place - 1 in ends[row]}
                    for row in places.keys() & ends.keys()
                }
        documents |= {snapshot.document_of[row] for row, places in ends.items() if places}
    return documents


def _passes(
    facets: Mapping[str, tuple[str, ...]],
    filters: Mapping[str, tuple[str, ...]],
    leave_out: str = "",
) -> bool:
    """Whether a document has one of the chosen values of every facet that is filtered by."""
    return all(
        facet == leave_out or not set(values).isdisjoint(facets.get(facet, ()))
        for facet, values in filters.items()
    )


def _counted(
    snapshot: Snapshot, found: Iterable[int], query: Query, facet: str
) -> tuple[FacetCount, ...]:
    counts = Counter(
        value
        for number in found
        if _passes(snapshot.facets[number], query.filters, leave_out=facet)
        for value in snapshot.facets[number].get(facet, ())
    )
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetCount(value, count) for value, count in ordered)


def _order(snapshot: Snapshot, number: int, scored: Scored) -> tuple[float, int, str]:
    """Best first; equals newest first, then by key so that a list never shuffles."""
    document = snapshot.documents[number].document
    day = document.published.day or document.changed.day or date.min
    return (-scored.score, -day.toordinal(), document.key)


def _hit(snapshot: Snapshot, scored: Scored, wanted: Collection[str], explain: bool) -> Hit:
    item = snapshot.documents[scored.document]
    best = sorted(scored.rows.items(), key=lambda row: (-row[1], row[0]))[:PASSAGES_PER_HIT]
    passages = []
    for row, points in best:
        passage = snapshot.passage(row)
        passages.append(PassageHit(passage, excerpt(passage.text, wanted), points))
    return Hit(
        document=item.document,
        score=scored.score,
        title=mark(item.document.title, wanted),
        lead=mark(item.document.lead, wanted),
        passages=tuple(passages),
        file=item.file,
        parts=tuple(scored.parts) if explain else (),
    )

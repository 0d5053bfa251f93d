"""``Query → Results``: finds documents, shows their passages. Knows no web and writes nothing.

Follows the index by itself: each call looks at which generation serves and opens a new one
when it has changed. Threads may share one searcher.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.asked import AskedWord
from search.asking import Asking
from search.columns import Columns, Ints
from search.errors import IndexUnavailableError
from search.explaining import shares
from search.index import Index
from search.query import Query
from search.ranking import Ranking, rank
from search.reasons import Reasons
from search.results import Hit, PassageHit, Repair, Results, StoredDocument
from search.schema import TEXT_FIELDS
from search.snapshot import Snapshot
from search.snippets import Marker
from search.swedish.analyzer import normalized
from search.swedish.evidence import load_part_lists
from search.swedish.stopwords import Stopwords, load_stopwords
from search.synonyms import Synonyms
from search.thesaurus import Head, load_thesaurus

#: Passages shown under a hit: enough to judge a report by, few enough to see the next hit.
PASSAGES_PER_HIT = 3

#: Where the numbers of a field begin among ascending ones, and where they end.
_BOUNDS = {name: np.array((n, n + 1), np.int8) for n, name in enumerate(TEXT_FIELDS)}
_LETTERS = re.compile(r"[^\W\d_]+")


class Searcher:
    """Searches the serving generation under an index folder."""

    def __init__(self, index_path: Path, vocabulary: Path) -> None:
        """Raises SettingsError when the vocabulary cannot be read; the index may come later."""
        self._index = Index(index_path)
        self._stopwords = load_stopwords(vocabulary)
        self.thesaurus: Mapping[str, Head] = load_thesaurus(vocabulary / "thesaurus")
        self._synonyms = Synonyms(self.thesaurus)
        self._part_lists = load_part_lists(vocabulary)
        self._opened: tuple[Snapshot, Asking] | None = None
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
        return self._open().sources

    def document(self, key: str) -> StoredDocument | None:
        """A document as published, or None."""
        snapshot = self._open()
        number = snapshot.number_of.get(key)
        return None if number is None else snapshot.stored(number)

    def passages_for(self, key: str, query: Query) -> tuple[int, ...]:
        """The numbers of the passages of a document that answer best, the best first."""
        snapshot, asking = self._ready()
        number = snapshot.number_of.get(key)
        if number is None or query.is_empty:
            return ()
        asked = asking.read(normalized(" ".join((query.words, *query.phrases))), query.exact)
        ranking = _ranked(snapshot, asking, query, asked.words)
        return tuple(
            snapshot.passage(row).number for row, _ in _best_rows(snapshot, ranking, number)
        )

    def file(self, digest: str) -> Path | None:
        """A published original by its SHA-256, or None."""
        return self._index.file(digest)

    def search(self, query: Query) -> Results:
        """Answer a question.

        Raises IndexUnavailableError when nothing is published; never because of the question.
        """
        started = time.perf_counter()
        snapshot, asking = self._ready()
        if query.is_empty:
            return Results(query, 0, (), generation=snapshot.generation.number)
        asked = asking.read(normalized(" ".join((query.words, *query.phrases))), query.exact)
        ranking = _ranked(snapshot, asking, query, asked.words)
        facets, found = snapshot.facets, ranking.found
        first = (query.page - 1) * query.page_size
        passing = facets.passing(found, query.filters)
        total, shown = facets.page(passing, ranking.score, first, query.page_size)
        wanted = _words_of(asked.words, snapshot.columns, self._stopwords)
        marker = Marker(wanted, snapshot.columns.words.words)
        reasons = Reasons(snapshot.columns, TEXT_FIELDS, asked.words, query.exact)
        return Results(
            query=query,
            total=total,
            hits=_hits(snapshot, ranking, shown, marker, reasons, query.explain),
            facets=facets.counted(found, query.filters),
            repairs=asked.repairs,
            meant=_repaired(query.text, asked.repairs),
            generation=snapshot.generation.number,
            seconds=time.perf_counter() - started,
        )

    def _open(self) -> Snapshot:
        return self._ready()[0]

    def _ready(self) -> tuple[Snapshot, Asking]:
        number = self._index.current_number()
        opened = self._opened
        if opened and opened[0].generation.number == number:
            return opened
        with self._opening:
            if self._opened and self._opened[0].generation.number == number:
                return self._opened
            snapshot = self._read(number)
            asking = Asking(
                snapshot.columns,
                self._stopwords,
                self._synonyms,
                self._part_lists,
                snapshot.known,
                snapshot.lemmas,
            )
            self._opened = (snapshot, asking)
            return self._opened

    def _read(self, number: int) -> Snapshot:
        if not number:
            raise IndexUnavailableError("nothing is published yet; run 'metodsok index'")
        generation = self._index.generation(number)
        if not generation.is_readable:
            raise IndexUnavailableError(
                f"generation {number} was made by another version; run 'metodsok index'"
            )
        return Snapshot(self._index, generation)


def _ranked(
    snapshot: Snapshot, asking: Asking, query: Query, asked: tuple[AskedWord, ...]
) -> Ranking:
    """Every document the text of the question finds, filters left aside."""
    columns = snapshot.columns
    if asked:
        ranking = rank(columns, TEXT_FIELDS, asked)
    else:
        every = np.arange(0 if query.words or query.phrases else columns.documents)
        ranking = Ranking(np.zeros(columns.documents), every)
    found = ranking.found
    for phrase in query.phrases:
        found = np.intersect1d(found, columns.holding_run(asking.forms(phrase, exact=True)))
    for out in query.excluded:
        found = np.setdiff1d(found, columns.holding_run(asking.forms(out, exact=False)))
    ranking.found = found
    return ranking


def _words_of(
    asked: Iterable[AskedWord], columns: Columns, stopwords: Stopwords
) -> NDArray[np.bool_]:
    """Whether each word of the collection answers for a telling word, to be marked.

    The words of grammar in a phrase answer only there, and are not marked wherever they stand.
    """
    wanted = np.zeros(len(columns.words), bool)
    words = columns.words.words
    for word in asked:
        if word.telling:
            for stem in (*word.stems, *word.parts):
                wanted[columns.words_with_stem(stem)] = True
            for part in word.parts:
                wanted[columns.words_with_part.of(part)] = True
            for stem in {stem for run in word.phrases for stem in run}:
                for number in columns.words_with_stem(stem).tolist():
                    wanted[number] |= words[number] not in stopwords
    return wanted


def _repaired(text: str, repairs: Collection[Repair]) -> str:
    """The question with the words that were meant, or ``""`` when nothing was repaired."""
    if not repairs:
        return ""
    meant = {repair.asked.casefold(): repair.meant for repair in repairs}
    return _LETTERS.sub(lambda word: meant.get(word[0].casefold(), word[0]), normalized(text))


def _best_rows(snapshot: Snapshot, ranking: Ranking, number: int) -> list[tuple[int, float]]:
    """The rows of a document's passages that are shown, with their points."""
    best = sorted(ranking.rows_of(number).items(), key=lambda row: (-row[1], row[0]))
    # The front row matches as a passage does, and is shown as title and lead.
    front = snapshot.columns.row_from[number]
    return [(row, points) for row, points in best if row != front][:PASSAGES_PER_HIT]


def _hits(
    snapshot: Snapshot,
    ranking: Ranking,
    documents: Sequence[int],
    marker: Marker,
    reasons: Reasons,
    explain: bool,
) -> tuple[Hit, ...]:
    """Documents as they are shown."""
    rows = {number: _best_rows(snapshot, ranking, number) for number in documents}
    whys = reasons.of_all({number: [row for row, _ in best] for number, best in rows.items()})
    hits = []
    for (number, best), (why, missing) in zip(rows.items(), whys, strict=True):
        item, front = snapshot.documents[number], int(snapshot.columns.row_from[number])
        document = item.document
        hit = Hit(
            document=document,
            score=float(ranking.score[number]),
            title=marker.mark(document.title, _words_in(snapshot.columns, front, "title")),
            lead=marker.mark(document.lead, _words_in(snapshot.columns, front, "lead"))
            if document.lead
            else (),
            passages=tuple([_passage(snapshot, row, points, marker) for row, points in best]),
            file=item.file,
            reasons=why,
            missing=missing,
            parts=shares(snapshot.columns, TEXT_FIELDS, ranking, number) if explain else (),
        )
        hits.append(hit)
    return tuple(hits)


def _passage(snapshot: Snapshot, row: int, points: float, marker: Marker) -> PassageHit:
    passage = snapshot.passage(row)
    words = _words_in(snapshot.columns, row, "body")
    return PassageHit(passage, marker.excerpt(passage.text, words), points)


def _words_in(columns: Columns, row: int, field: str) -> Ints:
    """The words of a field of a row, which are one field after the other."""
    start, last = columns.row_start[row : row + 2].tolist()
    first, end = columns.field_of[start:last].searchsorted(_BOUNDS[field]).tolist()
    return columns.forward[start + first : start + end]

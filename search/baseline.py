"""The baseline: what a common search engine does with Swedish when nobody has tuned it.

Snowball stems of every word, no stop list, one field a document (title and all text), BM25 with
the k1 and b that Lucene, tantivy and Whoosh come with. Shares no code with the product's own
analysis and ranking, so that it stands still while they change.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import Stemmer

from search.document import Document

NAME = "snowball"

#: BM25 as the engines come (Robertson & Zaragoza 2009): saturation, and weight of length.
K1 = 1.2
B = 0.75

_WORD = re.compile(r"[^\W_]+")
#: Where a Markdown link leads. Readers do not see it; in judged corpora it is in most statutes.
_TARGET = re.compile(r"\]\([^)]*\)")

_Postings = tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]


class Baseline:
    """Ranks documents held in memory. Not to be shared between threads."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Reads every document once; the last with a key is the one that counts."""
        self._stemmer = Stemmer.Stemmer("swedish")
        texts = {document.key: _text(document) for document in documents}
        # In order of key, so that equal points leave the keys in order.
        self._keys = tuple(sorted(texts))
        counts = [Counter(self._stems(texts[key])) for key in self._keys]
        self._postings = _weighted(counts)

    def rank(self, question: str, depth: int) -> tuple[str, ...]:
        """The keys of the first ``depth`` documents with a word of the question, best first."""
        points = np.zeros(len(self._keys))
        for stem, times in Counter(self._stems(question)).items():
            if stem in self._postings:
                numbers, weights = self._postings[stem]
                points[numbers] += times * weights
        best = np.argsort(-points, kind="stable")[:depth]
        return tuple(self._keys[number] for number in best if points[number] > 0)

    def _stems(self, text: str) -> list[str]:
        # Soft hyphens stand inside words, where a browser does not show them.
        plain = unicodedata.normalize("NFC", _TARGET.sub(" ", text)).replace("\u00ad", "")
        return list(self._stemmer.stemWords(_WORD.findall(plain.lower())))


def _text(document: Document) -> str:
    return "\n".join(_pieces(document))


def _pieces(document: Document) -> Iterator[str]:
    yield from (document.title, document.kicker, document.subtitle, document.lead)
    for section in document.sections:
        yield section.heading
        yield from (block.text for block in section.blocks)


def _weighted(counts: list[Counter[str]]) -> dict[str, _Postings]:
    """Stem → the documents that have it and the points it gives each."""
    lengths = np.array([count.total() for count in counts], dtype=np.float64)
    mean = lengths.mean() if lengths.any() else 1.0
    norms = K1 * (1 - B + B * lengths / mean)
    numbers_of: dict[str, list[int]] = defaultdict(list)
    times_of: dict[str, list[int]] = defaultdict(list)
    for number, count in enumerate(counts):
        for stem, times in count.items():
            numbers_of[stem].append(number)
            times_of[stem].append(times)
    postings = {}
    for stem, listed in numbers_of.items():
        numbers, seen = np.array(listed), np.array(times_of[stem], dtype=np.float64)
        rarity = np.log(1 + (len(counts) - len(listed) + 0.5) / (len(listed) + 0.5))
        postings[stem] = (numbers, rarity * seen * (K1 + 1) / (seen + norms[numbers]))
    return postings

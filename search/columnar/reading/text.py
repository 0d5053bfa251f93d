"""A text field of a segment, open: pieces in order, their words, the terms of those."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from search.columnar import kernel
from search.columnar.storage.arrays import Array, ArrayFile
from search.columnar.storage.growing import expanded

_NOBODY = np.empty(0, np.uint64)


class OpenedText:
    """One text field of a segment. Threads share it."""

    def __init__(self, name: str, file: ArrayFile) -> None:
        fact = file.facts["fields"][name]
        self._first_term: int = fact["first"]
        self.words: int = fact["words"]
        self._arrays = kernel.ForwardArrays(
            pieces=file[f"{name}.pieces"],
            start=file[f"{name}.pieces.start"],
            word_start=file[f"{name}.piece.words.start"],
            word=file[f"{name}.piece.words"],
            word_first=file[f"{name}.piece.words.first"],
            word_end=file[f"{name}.piece.words.end"],
            held_start=file[f"{name}.word.pieces.start"],
            held_by=file[f"{name}.word.pieces"],
            text=file[f"{name}.piece.text"],
            text_start=file[f"{name}.piece.text.start"],
            odd_at=file[f"{name}.odd.at"],
            odd_space=file[f"{name}.odd.space"],
            space=file[f"{name}.space.text"],
            space_start=file[f"{name}.space.text.start"],
            words=self.words,
        )
        self.vocabulary = len(self._arrays.word_start) - 1
        self.forward = kernel.Forward(self._arrays)
        self._term_start = file[f"{name}.term.words.start"].data
        self._term_words = file[f"{name}.term.words"]
        self._forms = _Strings(file, f"{name}.word.text")
        self._texts = _Strings(file, f"{name}.piece.text")
        self._spaces = _Strings(file, f"{name}.space.text")
        self._terms = _Strings(file, "terms.text")
        self._word_terms = file[f"{name}.word.terms"]
        self._word_start = file[f"{name}.word.terms.start"].data

    def whole(self, document: int) -> bytes:
        """A document's text."""
        return kernel.excerpt(self.forward, (document,), _NOBODY, 1 << 40, 0)[0].text

    def forms(self) -> list[str]:
        """The forms of all words, by number."""
        return list(map(_decoded, self._forms))

    def words_with(self, term: int) -> Array:
        """The words that have a term of this segment."""
        number = term - self._first_term
        return self._term_words[self._term_start[number] : self._term_start[number + 1]]

    def pieces_of(self, documents: Array) -> tuple[Array, Array]:
        """The pieces of documents in order, and how many each has."""
        sizes, data = self._bytes_of(documents)
        last = np.flatnonzero(data < 128)
        starts = np.concatenate(([0], last[:-1] + 1)) if len(last) else last
        numbers = (data[starts] & 127).astype(np.int64)
        longer, digit = np.flatnonzero(last > starts), 1
        while len(longer):  # few numbers have many digits
            at = starts[longer] + digit
            numbers[longer] |= (data[at] & 127).astype(np.int64) << 7 * digit
            longer, digit = longer[last[longer] > at], digit + 1
        ends = np.searchsorted(last, np.cumsum(sizes))
        return numbers, np.diff(ends, prepend=0)

    def _bytes_of(self, documents: Array) -> tuple[Array, Array]:
        """How many bytes the pieces of each document take, and the bytes."""
        start, pieces = self._arrays.start, self._arrays.pieces
        first, count = int(documents[0]) if len(documents) else 0, len(documents)
        if np.array_equal(documents, np.arange(first, first + count)):
            held = start[first : first + count + 1]
            return np.diff(held), pieces[int(held[0]) : int(held[-1])]
        sizes, places = expanded(start, documents)
        return sizes, pieces[places]

    def words_of(self, documents: Array) -> tuple[Array, Array]:
        """The words of documents in order, and how many each has."""
        pieces, counts = self.pieces_of(documents)
        each, places = expanded(self._arrays.word_start.astype(np.int64), pieces)
        before = np.concatenate(([0], np.cumsum(each)))
        ends = before[np.cumsum(counts)]
        return self._arrays.word[places], np.diff(ends, prepend=0)

    def odd_spaces_of(self, documents: Array, counts: Array) -> tuple[Array, list[bytes]]:
        """White space of documents that is no single space between two pieces: the piece after it
        plus the document, both counted among these, which have ``counts`` pieces."""
        arrays = self._arrays
        first = arrays.start[documents] + documents
        last = arrays.start[documents + 1] + documents
        low, high = (
            np.searchsorted(arrays.odd_at, first),
            np.searchsorted(arrays.odd_at, last, "right"),
        )
        places, spaces = [], []
        before = np.concatenate(([0], np.cumsum(counts)))
        for n in np.flatnonzero(high > low).tolist():
            held = slice(low[n], high[n])
            keys = arrays.odd_at[held] - documents[n]
            data = arrays.pieces[arrays.start[documents[n]] : arrays.start[documents[n] + 1]]
            at = np.concatenate(([0], np.flatnonzero(data < 128) + 1)) + arrays.start[documents[n]]
            places.append(np.searchsorted(at, keys) + before[n] + n)
            spaces += [self._spaces[number] for number in arrays.odd_space[held].tolist()]
        return np.concatenate(places) if places else np.empty(0, np.int64), spaces

    def places(self, document: int, term: int) -> list[int]:
        """The places of a term of this segment among the words of a document."""
        words, _ = self.words_of(np.array([document]))
        # A word that has the term twice stands in two places, as far as frequencies go.
        times: dict[int, int] = {}
        for word in self.words_with(term).tolist():
            times[word] = times.get(word, 0) + 1
        found = np.flatnonzero(np.isin(words, list(times))).tolist()
        return [place for place in found for _ in range(times[int(words[place])])]

    def piece(self, number: int) -> tuple[bytes, list[tuple[str, tuple[str, ...], int, int]]]:
        """A piece's text, and its words: form, terms, and the bytes where each begins and ends."""
        arrays = self._arrays
        held = slice(*arrays.word_start[number : number + 2].tolist())
        columns = (arrays.word[held], arrays.word_first[held], arrays.word_end[held])
        return self._texts[number], [
            (*self._word(word), first, end)
            for word, first, end in zip(*(column.tolist() for column in columns), strict=True)
        ]

    def _word(self, number: int) -> tuple[str, tuple[str, ...]]:
        terms = self._word_terms[self._word_start[number] : self._word_start[number + 1]]
        texts = [self._terms[self._first_term + term] for term in terms.tolist()]
        return _decoded(self._forms[number]), tuple(map(_decoded, texts))


class _Strings:
    """Byte strings by number."""

    def __init__(self, file: ArrayFile, name: str) -> None:
        self._bytes = file[name].data
        self._start = file[f"{name}.start"].data

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self._start) - 1))

    def __getitem__(self, number: int) -> bytes:
        return self._bytes[self._start[number] : self._start[number + 1]].tobytes()


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogatepass")

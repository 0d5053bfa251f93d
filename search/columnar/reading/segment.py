"""One segment, open: its arrays in the shapes that search and merge them.

What is open is shared: a path is opened once for all readers of a process, as long as one lives.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from search.columnar import kernel
from search.columnar.layout import BLOCK, LONG
from search.columnar.reading.text import OpenedText
from search.columnar.storage.arrays import Array, ArrayFile
from search.columnar.storage.store import Store
from search.errors import IndexUnavailableError

#: Says which programs can read a segment; another number is another layout of the arrays.
FORMAT = 1

_NO_FIELD = {"first": 0, "last": 0}

#: By path, and what tells a file from another that was put in its place.
_open: WeakValueDictionary[tuple[Path, int, int, int], OpenedSegment] = WeakValueDictionary()
_lock = Lock()


class OpenedSegment:
    """A segment's arrays. Threads share it; nothing of it changes."""

    def __init__(self, path: Path) -> None:
        """Raises IndexUnavailableError when the file cannot be read or is of another format."""
        file = self.file = ArrayFile(path)
        facts = file.facts
        if facts["format"] != FORMAT:
            raise IndexUnavailableError(f"{path} has format {facts['format']}, not {FORMAT}")
        self.documents: int = facts["documents"]
        self.fields: dict[str, dict[str, Any]] = facts["fields"]
        self._open_postings(file)
        self._open_documents(file)
        self._text_fields = {
            name: OpenedText(name, file) for name, fact in self.fields.items() if "words" in fact
        }

    def _open_postings(self, file: ArrayFile) -> None:
        texts, starts = file["terms.text"], file["terms.text.start"]
        self._texts, self._starts = texts.data, starts.data
        self._entries = file["terms.entry"].data
        self._ranges: dict[tuple[str, ...], kernel.Ranges] = {}
        self._dictionary = kernel.Dictionary(
            kernel.TermArrays(texts, starts, file["terms.entry"], file["terms.documents"])
        )
        self._document, self._code = file["posting.document"], file["posting.code"]
        self._block, self._start = file["entry.block"], file["entry.start"]
        self._count = file["entry.count"]
        self.long_terms = frozenset(file["long.term"].tolist())
        arrays = (self._document, self._code, self._block, self._start, self._count)
        long_ones = (file["long.posting"], file["long.frequency"])
        self.postings = kernel.Postings(kernel.PostingArrays(self.documents, *arrays, *long_ones))

    def _open_documents(self, file: ArrayFile) -> None:
        facts = file.facts
        self._head_names: list[str] = facts["heads"]
        self._heads = Store("heads", file)
        self.stores = {name: Store(f"{name}.text", file) for name in facts["stores"]}
        self.texts: frozenset[str] = frozenset(facts["texts"])
        self.facets = {name: self._facet(name) for name in facts["facets"]}
        self._facet_values: dict[str, list[bytes]] = {}
        self.sort_keys = {name: file[f"{name}.key"] for name in facts["sort_keys"]}
        self.keys = {name: column.data for name, column in self.sort_keys.items()}

    def find(self, fields: tuple[str, ...], text: bytes) -> Sequence[kernel.Found]:
        """A text as a term of each of some fields."""
        ranges = self._ranges.get(fields)
        if ranges is None:
            facts = [self.fields.get(field, _NO_FIELD) for field in fields]
            ranges = kernel.ranges_of([(fact["first"], fact["last"]) for fact in facts])
            self._ranges[fields] = ranges
        return self._dictionary.find(text, ranges)

    def number(self, field: str, text: bytes) -> int:
        """The number of a term, or -1."""
        return self.find((field,), text)[0].number

    def following(self, field: str, text: bytes) -> int:
        """The number of the first term of a field that is not before a text."""
        low, high = self.fields[field]["first"], self.fields[field]["last"]
        while low < high:
            middle = (low + high) // 2
            if self.term(middle) < text:
                low = middle + 1
            else:
                high = middle
        return int(low)

    def term(self, number: int) -> bytes:
        """A term by its number."""
        return self._texts[self._starts[number] : self._starts[number + 1]].tobytes()

    def entries(self, number: int) -> tuple[int, int]:
        """Where a term's entries begin and end."""
        return self._entries[number], self._entries[number + 1]

    def postings_of(self, number: int) -> tuple[Array, Array, Array]:
        """A term's documents, ascending, and the frequency and length byte in each."""
        first, last = self.entries(number)
        counts = self._count[first:last].astype(np.int64)
        places = _ranges(self._start[first:last], counts)
        blocks = self._block[first:last].astype(np.int64) * BLOCK
        documents = self._document[places] + np.repeat(blocks, counts)
        codes = self._code[places]
        frequencies = (codes >> 8).astype(np.int64)
        if number in self.long_terms:
            at = np.flatnonzero(frequencies == LONG)
            found = np.searchsorted(self.file["long.posting"], places[at])
            frequencies[at] = self.file["long.frequency"][found]
        return documents, frequencies, codes & 255

    def facet_values(self, name: str) -> list[bytes]:
        """The values of a facet by code."""
        values = self._facet_values.get(name)
        if values is None:
            fact = self.fields[name]
            values = [self.term(number) for number in range(fact["first"], fact["last"])]
            self._facet_values[name] = values
        return values

    def lengths(self, field: str) -> Array | None:
        """The exact length of a field by document; None for one that has no lengths."""
        return self.file.get(f"{field}.length")

    def text(self, field: str) -> OpenedText | None:
        """The forward index of a text field."""
        return self._text_fields.get(field)

    def stored_text(self, field: str, document: int) -> bytes:
        """A stored text that lies apart; empty where there is none."""
        if field in self.stores:
            return self.stores[field].get(document)
        return self._text_fields[field].whole(document) if field in self._text_fields else b""

    def head(self, document: int) -> dict[str, Any]:
        """The small stored fields of a document."""
        values = pickle.loads(self._heads.get(document))  # noqa: S301 - as Whoosh's own tables
        return {
            name: value
            for name, value in zip(self._head_names, values, strict=True)
            if value is not None
        }

    def heads_as(self, names: Sequence[str], documents: Sequence[int]) -> list[bytes]:
        """The small stored fields of documents as another segment has them."""
        if list(names) == self._head_names:
            return [self._heads.get(document) for document in documents]
        heads = map(self.head, documents)
        return [pickle.dumps(tuple([head.get(name) for name in names]), 5) for head in heads]

    def bags(
        self, field: str, live: Array, numbered: Callable[[Iterable[bytes]], int]
    ) -> tuple[Array, Array]:
        """Of a field that is no text, each live document's terms as one number for all of them.

        ``numbered`` gives the number of terms that are met for the first time. Gives where each
        document's begin, and the numbers: one or none for each.
        """
        found = self._by_document(field)
        wanted = np.isin(found[1], live)
        terms, documents, frequencies = (column[wanted] for column in found)
        terms = np.repeat(terms, frequencies)
        documents = np.repeat(documents, frequencies)
        firsts = np.flatnonzero(np.diff(documents, prepend=-1))
        numbers: dict[tuple[int, ...], int] = {}
        made = np.empty(len(firsts), np.uint32)
        for n, bag in enumerate(np.split(terms, firsts[1:]) if len(firsts) else ()):
            key = tuple(bag.tolist())
            if key not in numbers:
                numbers[key] = numbered(map(self.term, key))
            made[n] = numbers[key]
        counts = np.zeros(self.documents + 1, np.int64)
        counts[documents[firsts] + 1] = 1
        return np.cumsum(counts), made

    def _by_document(self, field: str) -> tuple[Array, Array, Array]:
        fact = self.fields.get(field, _NO_FIELD)
        found = [self.postings_of(number) for number in range(fact["first"], fact["last"])]
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
        sizes = [len(documents) for documents, _, _ in found]
        terms = np.repeat(np.arange(fact["first"], fact["last"]), sizes)
        documents = np.concatenate([each for each, _, _ in found])
        order = np.argsort(documents, kind="stable")
        frequencies = np.concatenate([each for _, each, _ in found])
        return terms[order], documents[order], frequencies[order]

    def _facet(self, name: str) -> kernel.Facet:
        start, bits = (self.file.get(f"{name}.facet.{part}") for part in ("start", "bits"))
        values = self.fields[name]["last"] - self.fields[name]["first"]
        if bits is not None:
            bits = bits.reshape(values, (self.documents + 63) // 64)
        return kernel.Facet(kernel.FacetArrays(self.file[f"{name}.facet"], start, bits, values))


def opened(path: Path) -> OpenedSegment:
    """A segment, opened unless somebody has it open already.

    Raises IndexUnavailableError as ``OpenedSegment``.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise IndexUnavailableError(f"{path} cannot be read: {error}") from error
    key = (path, found.st_ino, found.st_mtime_ns, found.st_size)
    with _lock:
        segment = _open.get(key)
        if segment is None:
            segment = _open[key] = OpenedSegment(path)
        return segment


def _ranges(starts: Array, counts: Array) -> Array:
    """The numbers of ranges that begin at ``starts``, one range after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    found: Array = np.arange(total) + np.repeat(starts - (ends - counts), counts)
    return found

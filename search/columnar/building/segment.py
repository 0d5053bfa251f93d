"""Makes one segment: documents come in, from outside or from other segments, and a file comes out.

Everything is done by column: a batch's texts of a field are read together. What is gathered is
kept in spools, so that memory is bounded by the budget and the postings of one block.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.fields import TEXT, Schema

from search.columnar.building.dictionary import write_postings
from search.columnar.building.facets import FacetBuilder
from search.columnar.building.postings import PostingsBuilder
from search.columnar.building.texts import TextBuilder
from search.columnar.building.vocabulary import TextVocabulary, ValueVocabulary
from search.columnar.building.whole_texts import analysis_of
from search.columnar.layout import BLOCK, Layout
from search.columnar.reading.segment import FORMAT, OpenedSegment
from search.columnar.storage.arrays import Array, ArrayWriter
from search.columnar.storage.spool import Budget, Spool
from search.columnar.storage.store import LONG_BLOCK, SMALL_BLOCK, StoreWriter

#: What a missing key sorts as: before every other.
NO_KEY = -(2**53)


Row = Mapping[str, Any]


class SegmentBuilder:
    """Documents of one segment, numbered as they come."""

    def __init__(self, schema: Schema, layout: Layout, budget: Budget) -> None:
        self.count = 0
        self._layout = layout
        self._budget = budget
        names = sorted(schema.names())
        stored = set(schema.stored_names())
        self.heads = [name for name in names if name in stored - layout.texts]
        self._heads = StoreWriter(budget, SMALL_BLOCK)
        self._texts: dict[str, TextBuilder] = {}
        self._values: dict[str, ValueVocabulary] = {}
        self._postings: dict[str, PostingsBuilder] = {}
        self._facets: dict[str, FacetBuilder] = {}
        for name in (name for name in names if schema[name].indexed):
            field = schema[name]
            if isinstance(field, TEXT):
                words = TextVocabulary(analysis_of(field))
                self._texts[name] = TextBuilder(words, budget)
                self._postings[name] = PostingsBuilder(words, field.scorable, budget)
            else:
                values = self._values[name] = ValueVocabulary(field)
                self._postings[name] = PostingsBuilder(values, field.scorable, budget)
                if name in layout.facets:
                    self._facets[name] = FacetBuilder(values, budget)
        apart = sorted(layout.texts - self._texts.keys())
        self._stores = {name: StoreWriter(budget, LONG_BLOCK) for name in apart}
        self._keys = {name: Spool(np.int64, budget) for name in sorted(layout.sort_keys)}

    def add(self, rows: Sequence[Row]) -> None:
        """Add documents by their fields, as Whoosh's ``add_document`` takes them."""
        for some in _within_blocks(rows, self.count):
            for name, builder in self._texts.items():
                read = builder.read([row.get(name) or "" for row in some])
                self._postings[name].add(*read)
            for name, values in self._values.items():
                self._add_values(name, *values.read([row.get(name) for row in some]))
            for name, store in self._stores.items():
                texts = (row.get(f"_stored_{name}", row.get(name)) or "" for row in some)
                store.add([text.encode("utf-8", "surrogatepass") for text in texts])
            for name, keys in self._keys.items():
                keys.append(np.array([_key(row.get(name)) for row in some], np.int64))
            heads = self.heads
            dumps = pickle.dumps
            self._heads.add(
                [
                    dumps(tuple([row.get(f"_stored_{n}", row.get(n)) for n in heads]), 5)
                    for row in some
                ]
            )
            self._grow(len(some))

    def append(self, segment: OpenedSegment, live: Array) -> None:
        """Add the documents of another segment whose numbers, ascending, are ``live``."""
        sources = {name: builder.source(segment, name) for name, builder in self._texts.items()}
        bags = {
            name: segment.bags(name, live, values.of_terms) for name, values in self._values.items()
        }
        ends = [*range(BLOCK - self.count % BLOCK, len(live), BLOCK), len(live)]
        for first, last in pairwise([0, *ends]):
            some = live[first:last]
            for name, source in sources.items():
                self._postings[name].add(*source.take(some))
            for name, (start, items) in bags.items():
                counts = start[some + 1] - start[some]
                self._add_values(name, items[start[some][counts > 0]], counts)
            for name, store in self._stores.items():
                store.add([segment.stored_text(name, number) for number in some.tolist()])
            for name, keys in self._keys.items():
                column = segment.sort_keys.get(name)
                keys.append(np.full(len(some), NO_KEY) if column is None else column[some])
            self._heads.add(segment.heads_as(self.heads, some.tolist()))
            self._grow(len(some))

    def write(self, path: Path) -> int:
        """Write all of it to a new file, flushed to disk. Returns how many documents it has."""
        if self.count % BLOCK or not self.count:
            self._close_block()
        file = ArrayWriter(path)
        try:
            fields = write_postings(file, self._postings)
            for name, builder in self._texts.items():
                fields[name] |= builder.write(name, file, self._postings[name].rank)
            for name, facet in self._facets.items():
                facet.write(name, file, self._postings[name].rank)
            for name, store in self._stores.items():
                store.write(f"{name}.text", file)
            for name, keys in self._keys.items():
                file.put_pieces(f"{name}.key", np.int64, keys.pieces())
            self._heads.write("heads", file)
            file.finish(self._facts(fields))
        except BaseException:
            file.discard()
            path.unlink()
            raise
        finally:
            self.close()
        return self.count

    def close(self) -> None:
        """Give back memory and disk."""
        parts = (self._postings, self._texts, self._facets, self._stores, self._keys)
        for part in parts:
            for each in part.values():
                each.close()
        self._heads.close()

    def _add_values(self, name: str, items: Array, counts: Array) -> None:
        self._postings[name].add(items, counts)
        if name in self._facets:
            self._facets[name].add(items, counts)

    def _grow(self, count: int) -> None:
        self.count += count
        if count and self.count % BLOCK == 0:
            self._close_block()

    def _close_block(self) -> None:
        for builder in self._postings.values():
            builder.close_block()

    def _facts(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "documents": self.count,
            "fields": fields,
            "heads": self.heads,
            "texts": sorted(self._layout.texts),
            "stores": list(self._stores),
            "facets": list(self._facets),
            "sort_keys": list(self._keys),
        }


def _within_blocks(rows: Sequence[Row], count: int) -> Iterator[Sequence[Row]]:
    """Rows in runs that cross no border of blocks, when ``count`` documents stand before."""
    room = BLOCK - count % BLOCK
    if len(rows) <= room:
        yield rows
        return
    yield rows[:room]
    for first in range(room, len(rows), BLOCK):
        yield rows[first : first + BLOCK]


def _key(value: Any) -> int:
    return NO_KEY if value is None else int(value)

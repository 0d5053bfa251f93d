"""Writes the postings of all fields of a segment: terms in order, then entries, then postings."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, NamedTuple

import numpy as np

from search.columnar.building.postings import PostingsBuilder
from search.columnar.storage.arrays import Array, ArrayWriter
from search.columnar.storage.growing import starts_of


class _Entries(NamedTuple):
    """Entries by term, and within it by block; ``starts`` are where their postings begin."""

    terms: Array
    blocks: Array
    starts: Array
    counts: Array


_KINDS = _Entries(*map(np.dtype, (np.int64, np.uint16, np.int64, np.uint32)))  # type: ignore[arg-type]


def write_postings(file: ArrayWriter, fields: Mapping[str, PostingsBuilder]) -> dict[str, Any]:
    """Write them; gives each field's facts: where its terms begin and end, its length in all.

    Terms are numbered through the fields. ``terms.entry`` says where a term's entries begin,
    ``entry.start`` where an entry's postings do; those lie block by block as they were made.
    """
    facts: dict[str, Any] = {}
    found: list[_Entries] = []
    long_postings: list[Array] = []
    first = postings = 0
    for name, field in fields.items():
        last = first + len(field.sorted_terms)
        facts[name] = {"first": first, "last": last, "length": field.total_length}
        facts[name] |= {"scored": field.scored, "most": field.most_frequency}
        found.append(_entries(field, first, postings))
        long_postings.append(field.long_posting.whole() + postings)
        first, postings = last, postings + field.documents.count
    entries = _Entries(
        *(
            np.concatenate([np.empty(0, kind), *column]).astype(kind)
            for kind, *column in zip(_KINDS, *found, strict=True)
        )
    )
    _write_terms(file, [term for field in fields.values() for term in field.sorted_terms], entries)
    long_ones = np.concatenate([np.empty(0, np.int64), *long_postings])
    file.put("long.posting", long_ones)
    file.put("long.term", _owners(long_ones, entries))
    _write_columns(file, fields)
    return facts


def _entries(field: PostingsBuilder, first: int, postings: int) -> _Entries:
    counts = field.entry_count.whole()
    starts = np.cumsum(counts, dtype=np.int64) - counts + postings
    terms = field.rank[field.entry_term.whole()] + first
    order = np.argsort(terms, kind="stable")
    return _Entries(terms[order], field.entry_block.whole()[order], starts[order], counts[order])


def _write_terms(file: ArrayWriter, texts: list[bytes], entries: _Entries) -> None:
    file.put("terms.text", b"".join(texts))
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    file.put("terms.text.start", starts_of(lengths, np.uint32))
    firsts = np.searchsorted(entries.terms, np.arange(len(texts) + 1))
    file.put("terms.entry", firsts.astype(np.uint32))
    documents = np.bincount(entries.terms, entries.counts, len(texts))
    file.put("terms.documents", documents.astype(np.uint32))
    file.put("entry.block", entries.blocks)
    file.put("entry.start", entries.starts)
    file.put("entry.count", entries.counts)


def _write_columns(file: ArrayWriter, fields: Mapping[str, PostingsBuilder]) -> None:
    """What lies posting by posting, and the exact lengths."""
    builders = fields.values()
    documents = chain.from_iterable(field.documents.pieces() for field in builders)
    file.put_pieces("posting.document", np.uint16, documents)
    codes = chain.from_iterable(field.codes.pieces() for field in builders)
    file.put_pieces("posting.code", np.uint16, codes)
    frequencies = chain.from_iterable(field.long_frequency.pieces() for field in builders)
    file.put_pieces("long.frequency", np.uint32, frequencies)
    for name, field in fields.items():
        if field.scored:
            file.put_pieces(f"{name}.length", np.uint32, field.lengths.pieces())


def _owners(postings: Array, entries: _Entries) -> Array:
    """The terms whose entries hold these postings, each once."""
    order = np.argsort(entries.starts)
    found = order[np.searchsorted(entries.starts[order], postings, "right") - 1]
    return np.unique(entries.terms[found]).astype(np.uint32)

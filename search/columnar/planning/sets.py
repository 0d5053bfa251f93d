"""Any tree of nodes in one segment, by arithmetic with sorted document numbers.

What the kernel does not take as clauses comes here: nested trees, phrases among others, documents
that somebody else found. The work is proportional to what the branches find.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from search.columnar import kernel
from search.columnar.planning.nodes import All, Any, Constant, Matched, Node, Phrase, Term, Words
from search.columnar.planning.phrases import found_phrase, is_simple, standing, word_places
from search.columnar.planning.scoring import Table
from search.columnar.planning.snapshot import Snapshot
from search.columnar.storage.arrays import Array


@dataclass(frozen=True, slots=True)
class Scored:
    """Documents of a segment, ascending, and the score of each."""

    documents: Array
    scores: Array


def scored(snapshot: Snapshot, part: int, node: Node) -> Scored:
    """What a node finds in a part of a snapshot, deleted documents included."""
    match node:
        case Term():
            found = _term(snapshot, part, node.field, node.text)
        case Words(fields=fields, texts=texts):
            terms = [(field, text) for text in texts for field in fields]
            found = _sum([_term(snapshot, part, *term) for term in terms])
        case Any():
            found = _sum([scored(snapshot, part, member) for member in node.members])
        case All():
            found = _all(snapshot, part, node)
        case Phrase():
            found = _phrase(snapshot, part, node)
        case Constant():
            inner = scored(snapshot, part, node.node).documents
            return Scored(inner, np.full(len(inner), node.score))
        case Matched():
            return _here(snapshot, part, node)
    return Scored(found.documents, found.scores * node.boost) if node.boost != 1.0 else found


def _here(snapshot: Snapshot, part: int, node: Matched) -> Scored:
    first = snapshot.parts[part].first
    documents = np.array(node.documents, np.int64) - first
    inside = (documents >= 0) & (documents < snapshot.parts[part].segment.documents)
    return Scored(documents[inside], np.array(node.scores, np.float64)[inside])


def _nothing() -> Scored:
    return Scored(np.empty(0, np.int64), np.empty(0))


def _term(snapshot: Snapshot, part: int, field: str, text: bytes) -> Scored:
    leaf = snapshot.leaf(field, text)
    if leaf.numbers[part] < 0:
        return _nothing()
    postings = snapshot.parts[part].segment.postings_of(leaf.numbers[part])
    table = snapshot.table(field)
    weight = 1.0
    if table.k1 >= 0:
        weight = snapshot.scoring.idf(snapshot.documents_all, leaf.documents)
    return Scored(postings[0], weight * _worth(table, *postings[1:]))


def _worth(table: Table, frequencies: Array, lengths: Array) -> Array:
    """The scores of postings, also of those whose frequency is beyond the table."""
    if table.k1 < 0:
        return frequencies.astype(np.float64)
    norms = table.scores[(1 << 16) + lengths.astype(np.int64)]
    worth: Array = frequencies * (table.k1 + 1) / (frequencies + norms)
    return worth


def _sum(found: list[Scored]) -> Scored:
    if len(found) == 1:
        return found[0]
    if not found:
        return _nothing()
    documents = np.concatenate([each.documents for each in found])
    unique, place = np.unique(documents, return_inverse=True)
    scores = np.concatenate([each.scores for each in found])
    return Scored(unique, np.bincount(place, scores, len(unique)))


def _all(snapshot: Snapshot, part: int, node: All) -> Scored:
    must = [scored(snapshot, part, member) for member in node.must]
    if must:
        documents = must[0].documents
        for each in must[1:]:
            documents = np.intersect1d(documents, each.documents, assume_unique=True)
    else:
        documents = np.arange(snapshot.parts[part].segment.documents)
    for member in node.without:
        refused = scored(snapshot, part, member).documents
        documents = np.setdiff1d(documents, refused, assume_unique=True)
    scores = np.zeros(len(documents))
    for each in must + [scored(snapshot, part, member) for member in node.may]:
        at = np.searchsorted(each.documents, documents)
        at[at == len(each.documents)] = 0
        if len(each.documents):
            held = each.documents[at] == documents
            scores += np.where(held, each.scores[at], 0.0)
    return Scored(documents, scores)


def _phrase(snapshot: Snapshot, part: int, node: Phrase) -> Scored:
    text = snapshot.parts[part].segment.text(node.field)
    if text is None or not node.places:
        return _nothing()
    if is_simple(node):
        return _simple_phrase(snapshot, part, replace(node, boost=1.0))
    places = [Words((node.field,), place) for place in node.places]
    candidates = _all(snapshot, part, All(tuple(places)))
    pairs = word_places(snapshot, part, node)
    stands = standing(text, candidates.documents, pairs, len(node.places))
    return Scored(candidates.documents[stands], candidates.scores[stands])


def _simple_phrase(snapshot: Snapshot, part: int, node: Phrase) -> Scored:
    leaves = [snapshot.leaf(node.field, place[0]) for place in node.places]
    best = kernel.Best(min(leaf.documents for leaf in leaves))
    found_phrase(snapshot, part, node, best)
    scores, documents = best.unordered()
    order = np.argsort(documents)
    return Scored(documents[order] - snapshot.parts[part].first, scores[order])

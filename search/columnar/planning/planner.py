"""Turns a tree of nodes into results: the kernel's clauses where it can, else sets.

A union of terms is one call a segment. So are clauses, that is unions that must, must not or may be
there, and a phrase of single terms. Everything else is ``sets``, exact for any tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from search.columnar import kernel
from search.columnar.planning.filters import Filter
from search.columnar.planning.nodes import All, Any, Node, Phrase, Term, Words
from search.columnar.planning.phrases import found_phrase, is_simple
from search.columnar.planning.sets import scored
from search.columnar.planning.snapshot import Part, Snapshot
from search.columnar.storage.arrays import Array

#: What the kernel takes; more goes by ``sets``.
_MOST_CLAUSES = 32


@dataclass(frozen=True, slots=True)
class Found:
    """``count`` documents, the best of them with their scores, and facet → value → documents."""

    count: int
    documents: list[int]
    scores: list[float]
    facets: Mapping[str, Mapping[bytes, int]] = field(default_factory=dict)


#: Terms by part.
InParts = Sequence[kernel.Prepared]


@dataclass(slots=True)
class Clauses:
    """Terms by part: ``plain`` ones, and others with a boost and a clause; and which clauses must,
    must not or may be there."""

    plain: list[InParts] = field(default_factory=list)
    terms: list[tuple[InParts, float, int]] = field(default_factory=list)
    must: int = 0
    without: int = 0
    any_of: int = 0

    def of(self, part: int) -> kernel.Prepared:
        """All terms in a part."""
        made = [given[part] for given in self.plain]
        for given, boost, clause in self.terms:
            made.append(_changed(given[part], boost, clause))
        return kernel.joined(made)


def search(
    snapshot: Snapshot,
    node: Node,
    limit: int = 10,
    *,
    within: Filter | None = None,
    sort_key: str | None = None,
    facets: Sequence[str] = (),
) -> Found:
    """The best documents of a node, by score or by the greatest ``sort_key``; equals by number.

    Documents without the key come last. Scores are keys where there is one.
    """
    best = kernel.Best(limit)
    plan = clauses_of(snapshot, node)
    count = 0
    counted: dict[str, dict[bytes, int]] = {name: {} for name in facets}
    for at, part in enumerate(snapshot.parts):
        allowed = within.bits[at] if within else part.live
        keys = part.segment.sort_keys[sort_key] if sort_key else None
        found, matched = _in_part(snapshot, at, node, plan, best, allowed, keys, bool(facets))
        count += found
        if matched is not None and found:
            _count(part, facets, matched, counted)
    scores, documents = best.ordered()
    return Found(count, documents, scores, counted)


def clauses_of(snapshot: Snapshot, node: Node) -> Clauses | None:
    """A node as the kernel takes it, or None."""
    if type(node) is Words and node.boost == 1.0:  # nearly every question is one of these
        return Clauses([snapshot.words(node.fields, text) for text in node.texts])
    made = Clauses()
    match node:
        case Term() | Words() | Any():
            if not _flat(snapshot, node, 1.0, 0, made.terms):
                return None
            if any(boost <= 0 for _, boost, _ in made.terms):
                made.any_of = 1
        case All(must=must, without=without, may=may) if must:
            members = (*must, *without, *may)
            if len(members) > _MOST_CLAUSES:
                return None
            for clause, member in enumerate(members):
                if not _flat(snapshot, member, node.boost, clause, made.terms):
                    return None
            made.must = (1 << len(must)) - 1
            made.without = ((1 << len(without)) - 1) << len(must)
        case _:
            return None
    return made


def _flat(
    snapshot: Snapshot,
    node: Node,
    boost: float,
    clause: int,
    into: list[tuple[InParts, float, int]],
) -> bool:
    """Adds the terms of a union to a clause; says whether the node is one."""
    match node:
        case Words(fields=fields, texts=texts):
            boost *= node.boost
            into += [(snapshot.words(fields, text), boost, clause) for text in texts]
            return True
        case Term():
            leaf = snapshot.leaf(node.field, node.text)
            if leaf.documents:
                into.append((leaf.prepared, boost * node.boost, clause))
            return True
        case Any():
            boost *= node.boost
            return all(_flat(snapshot, each, boost, clause, into) for each in node.members)
    return False


def _changed(terms: kernel.Prepared, boost: float, clause: int) -> kernel.Prepared:
    if boost != 1.0:
        terms = kernel.boosted(terms, boost)
    return kernel.in_clause(terms, clause) if clause else terms


def _in_part(
    snapshot: Snapshot,
    at: int,
    node: Node,
    plan: Clauses | None,
    best: kernel.Best,
    allowed: Array | None,
    keys: Array | None,
    matched: bool,
) -> tuple[int, Array | None]:
    part = snapshot.parts[at]
    try:
        if plan is not None:
            terms, masks = plan.of(at), (plan.must, plan.without, plan.any_of)
            return kernel.score(
                part.segment.postings, terms, masks, best, part.first, allowed, keys, matched
            )
        if isinstance(node, Phrase) and is_simple(node):
            return found_phrase(snapshot, at, node, best, allowed, keys, matched)
    except kernel.TooManyError:
        pass
    return _by_sets(snapshot, at, node, best, allowed, keys)


def _by_sets(
    snapshot: Snapshot,
    at: int,
    node: Node,
    best: kernel.Best,
    allowed: Array | None,
    keys: Array | None,
) -> tuple[int, Array | None]:
    found = scored(snapshot, at, node)
    documents, points = found.documents, found.scores
    if allowed is not None:
        held = np.unpackbits(allowed.view(np.uint8), bitorder="little")[documents] == 1
        documents, points = documents[held], points[held]
    if keys is not None:
        points = keys[documents].astype(np.float64)
    best.keep(points, documents + snapshot.parts[at].first)
    return len(documents), documents.astype(np.uint32)


def _count(
    part: Part, names: Sequence[str], matched: Array, into: dict[str, dict[bytes, int]]
) -> None:
    segment = part.segment
    facets = [segment.facets[name] for name in names]
    counts = [np.zeros(facet.values, np.uint32) for facet in facets]
    kernel.count_facets(facets, matched, segment.documents, counts)
    for name, counted in zip(names, counts, strict=True):
        sums = into[name]
        found = zip(segment.facet_values(name), counted.tolist(), strict=True)
        if sums:
            for value, count in found:
                if count:
                    sums[value] = sums.get(value, 0) + count
        else:
            into[name] = {value: count for value, count in found if count}

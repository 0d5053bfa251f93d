"""Whoosh's query classes as nodes, so that its own syntax and wildcards are answered by ours.

Trees become trees. What is neither that nor a term or a phrase (wildcards, ranges, words near each
other) is walked by Whoosh's matchers over our postings, a segment at a time.
"""

from __future__ import annotations

from typing import Any as Anything

from whoosh import query
from whoosh.searching import Searcher

from search.columnar.planning import nodes
from search.columnar.planning.nodes import Node


def translated(asked: query.Query, searcher: Searcher) -> Node:
    """A query of Whoosh's. ``searcher`` is one over the same commit that nodes are searched in."""
    made = _tree(asked, searcher)
    return made if made is not None else _leaf(asked, searcher)


def _tree(asked: query.Query, searcher: Searcher) -> Node | None:
    kind = type(asked)
    if kind is query.Or:
        return nodes.Any(_each(asked, searcher), asked.boost)
    if kind is query.And:
        refused = [each.query for each in asked if isinstance(each, query.Not)]
        wanted = [each for each in asked if not isinstance(each, query.Not)]
        return nodes.All(_each(wanted, searcher), _each(refused, searcher), (), asked.boost)
    if kind is query.Not:
        return nodes.Constant(nodes.All((), (translated(asked.query, searcher),)))
    if kind in (query.AndNot, query.Require, query.AndMaybe):
        one, other = (translated(each, searcher) for each in (asked.a, asked.b))
        if kind is query.AndNot:
            return nodes.All((one,), (other,))
        if kind is query.AndMaybe:
            return nodes.All((one,), (), (other,))
        return nodes.All((one, nodes.Constant(other, 0.0)))
    if kind is query.ConstantScoreQuery:
        return nodes.Constant(translated(asked.child, searcher), asked.score)
    return None


def _each(asked: Anything, searcher: Searcher) -> tuple[Node, ...]:
    return tuple(translated(each, searcher) for each in asked)


def _leaf(asked: query.Query, searcher: Searcher) -> Node:
    if asked is query.NullQuery:
        return nodes.NOTHING
    if type(asked) is query.Term:
        text = _bytes(searcher, asked.fieldname, asked.text)
        return nodes.NOTHING if text is None else nodes.Term(asked.fieldname, text, asked.boost)
    if type(asked) is query.Phrase and asked.slop == 1 and asked.words:
        texts = [_bytes(searcher, asked.fieldname, word) for word in asked.words]
        places = tuple((text,) for text in texts if text is not None)
        if len(places) == len(texts):
            return nodes.Phrase(asked.fieldname, places, asked.boost)
        return nodes.NOTHING
    return _walked(asked, searcher)


def _bytes(searcher: Searcher, field: str, text: Anything) -> bytes | None:
    """A term as its field's index has it; None where it can have none."""
    if field not in searcher.schema:
        return None
    try:
        made: bytes = searcher.schema[field].to_bytes(text)
    except ValueError:
        return None
    return made


def _walked(asked: query.Query, searcher: Searcher) -> nodes.Matched:
    documents: list[int] = []
    scores: list[float] = []
    for part, first in searcher.leaf_searchers():
        matcher = asked.matcher(part, searcher.context() if hasattr(searcher, "context") else None)
        while matcher.is_active():
            documents.append(matcher.id() + first)
            scores.append(matcher.score())
            matcher.next()
    return nodes.Matched(tuple(documents), tuple(scores))

"""What the planner is asked: a tree of terms, free of Whoosh's query classes.

Terms are bytes as the fields' indexes have them. Scores add up; a boost multiplies what a node
adds. Nodes are values: equal ones may share what was found for them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """Documents that have a term."""

    field: str
    text: bytes
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """Documents that have one of some texts as a term of one of some fields.

    The same as an ``Any`` of all those terms, and quicker made.
    """

    fields: tuple[str, ...]
    texts: tuple[bytes, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Any:
    """Documents that have one of these; what they have adds up."""

    members: tuple[Node, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class All:
    """Documents that have all of ``must`` and none of ``without``; ``may`` only adds.

    With no ``must`` they are all documents without those.
    """

    must: tuple[Node, ...] = ()
    without: tuple[Node, ...] = ()
    may: tuple[Node, ...] = ()
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Documents in which terms of a text field stand side by side, in this order.

    Each place takes one of several terms.
    """

    field: str
    places: tuple[tuple[bytes, ...], ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Constant:
    """The documents of a node, all with the same score."""

    node: Node
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Matched:
    """Documents that somebody else found, ascending, with a score each."""

    documents: tuple[int, ...]
    scores: tuple[float, ...]


Node = Term | Words | Any | All | Phrase | Constant | Matched

#: What nothing matches.
NOTHING = Any(())
#: What every document matches, with a score of 1.
EVERYTHING = Constant(All())

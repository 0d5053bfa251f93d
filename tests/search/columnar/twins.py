"""The same small index twice: by Whoosh's own codec and by ours, through the same commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from whoosh.analysis import KeywordAnalyzer, RegexTokenizer, StopFilter
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema
from whoosh.index import FileIndex, create_in

from search.columnar.codec.codec import ColumnarCodec
from search.columnar.codec.writer import ColumnarWriter
from search.columnar.layout import Layout

WORDS = ("ask", "bi", "cykel", "dröm", "eka", "fågel", "och")
TAGS = ("röd", "grön", "blå")
LAYOUT = Layout(
    texts=frozenset({"body"}),
    facets=frozenset({"tags", "kind"}),
    sort_keys=frozenset({"day"}),
)


def schema() -> Schema:
    """Texts with and without stop words, keywords, names, a number to sort by."""
    stopped = RegexTokenizer(r"\w+") | StopFilter({"och"}, minsize=1, renumber=False)
    return Schema(
        id=ID(stored=True, unique=True),
        title=TEXT(analyzer=RegexTokenizer(r"\w+"), stored=True),
        body=TEXT(analyzer=stopped, stored=True),
        tags=KEYWORD(stored=True),
        kind=ID(stored=True),
        plain=TEXT(analyzer=KeywordAnalyzer(), phrase=False),
        day=COLUMN(NumericColumn("q")),
    )


_text = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
#: A document's fields, without its id.
rows = st.fixed_dictionaries(
    {"title": _text, "body": _text, "kind": st.sampled_from(("x", "y"))},
    optional={
        "tags": st.lists(st.sampled_from(TAGS), unique=True).map(" ".join),
        "plain": st.sampled_from(WORDS),
        "day": st.integers(-5, 5),
    },
)


@dataclass(frozen=True)
class Commit:
    """What one commit does: documents added, documents deleted by their place among all."""

    rows: Sequence[dict[str, Any]]
    deletes: Sequence[int] = ()
    optimize: bool = False


@dataclass
class Twins:
    """Both indexes in one folder, and what is in them: number → fields, without deleted ones."""

    folder: Path
    stock: FileIndex = field(init=False)
    ours: FileIndex = field(init=False)
    documents: dict[int, dict[str, Any]] = field(default_factory=dict)
    count: int = 0
    named: int = 0

    def __post_init__(self) -> None:
        for name in ("stock", "ours"):
            (self.folder / name).mkdir(parents=True)
            setattr(self, name, create_in(str(self.folder / name), schema()))

    def commit(self, commit: Commit) -> None:
        """Do the same to both."""
        writers = (self.stock.writer(), ColumnarWriter(self.ours, ColumnarCodec(LAYOUT)))
        gone = {number % self.count for number in commit.deletes} if self.count else set()
        for writer in writers:
            for number in gone:
                writer.delete_document(number)
            for n, row in enumerate(commit.rows):
                writer.add_document(id=str(self.named + n), **row)
            writer.commit(merge=False, optimize=commit.optimize)
        for number in gone:
            self.documents.pop(number, None)
        for n, row in enumerate(commit.rows):
            self.documents[self.count + n] = {"id": str(self.named + n), **row}
        self.count += len(commit.rows)
        self.named += len(commit.rows)
        if commit.optimize:
            # What a commit merges comes behind what it adds.
            fresh = range(self.count - len(commit.rows), self.count)
            order = [*fresh, *sorted(self.documents.keys() - set(fresh))]
            self.documents = {n: self.documents[old] for n, old in enumerate(order)}
            self.count = len(self.documents)


commits = st.lists(
    st.builds(
        Commit,
        rows=st.lists(rows, max_size=6),
        deletes=st.lists(st.integers(0, 30), max_size=3),
        optimize=st.sampled_from((False, False, True)),
    ),
    min_size=1,
    max_size=4,
)

"""The documents of a run: a collection read as it is, given facets, and grown to any size.

Facets are made up from a hash of the document's id, so that every machine has the same. What is
grown is windows of the real text joined to the lengths of real passages: its words are as common
and as rare as the collection's. Engines read documents from a spool, which holds at most a chunk in
memory once there are many.
"""

from __future__ import annotations

import marshal
import random
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date
from hashlib import blake2b
from itertools import accumulate, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.benchmark.analysis import stop_words
from bench.benchmark.engine import BenchDocument
from search.errors import SettingsError
from search.judged import CORPUS, has_corpus, read_corpus
from search.passages import passages_of
from search.settings import Settings

SOURCES, KINDS, TOPICS = 40, 12, 24
MOST_TOPICS = 3
FIRST_YEAR, LAST_YEAR = 1990, 2025
#: Words of the real text that stay together in what is grown: phrases survive, documents do not.
WINDOW = 50
#: The same growth everywhere.
SEED = 7

_CHUNK = 1_000
#: Spools of at most so many documents are held in memory, so that disks play no part.
_IN_MEMORY = 100_000
#: Change it when the same collection gives other documents than before.
_VERSION = 1


def with_facets(number: int, name: str, title: str, text: str) -> BenchDocument:
    """A document with the facets that its id gives it."""
    seed = int.from_bytes(blake2b(name.encode(), digest_size=16).digest())
    rest, source = divmod(seed, SOURCES)
    rest, kind = divmod(rest, KINDS)
    rest, years = divmod(rest, LAST_YEAR - FIRST_YEAR + 1)
    rest, days = divmod(rest, 365)
    rest, topics = divmod(rest, MOST_TOPICS)
    chosen = set()
    for _ in range(topics + 1):
        rest, topic = divmod(rest, TOPICS)
        chosen.add(f"t{topic:02}")
    year = FIRST_YEAR + years
    return BenchDocument(
        number=number,
        id=name,
        title=title,
        text=text,
        source=f"s{source:02}",
        kind=f"k{kind:02}",
        topics=tuple(sorted(chosen)),
        year=year,
        day=date(year, 1, 1).toordinal() + days,
    )


def read_collection(folder: Path | None) -> tuple[BenchDocument, ...]:
    """The documents of a folder in BEIR layout, or the passages of the bundled collection.

    Raises SettingsError for what cannot be read.
    """
    if folder is not None and not has_corpus(folder):
        raise SettingsError(f"{folder}: there is no {CORPUS}, packed or not")
    texts = _bundled() if folder is None else _judged(folder)
    documents = tuple(with_facets(n, *text) for n, text in enumerate(texts))
    if not documents:
        raise SettingsError(f"{folder}: there is no document in it")
    return documents


def grown(
    collection: Sequence[BenchDocument], size: int, seed: int = SEED
) -> Iterator[BenchDocument]:
    """Exactly ``size`` documents: real ones, evenly chosen when fewer are wanted, then grown."""
    real = min(size, len(collection))
    for number in range(real):
        yield replace(collection[number * len(collection) // real], number=number)
    if size > real:
        yield from _windows(collection, range(real, size), random.Random(seed))


@dataclass(frozen=True, slots=True)
class Spool:
    """Documents on disk, read in order as often as wanted. ``digest`` names their content."""

    path: Path
    size: int
    digest: str

    def __iter__(self) -> Iterator[BenchDocument]:
        with self.path.open("rb") as file:
            while True:
                try:
                    rows = marshal.load(file)  # noqa: S302
                except EOFError:
                    return
                for row in rows:
                    yield BenchDocument(*row)

    def documents(self) -> Iterable[BenchDocument]:
        """The documents as an engine gets them: in memory where they are not too many."""
        return tuple(self) if self.size <= _IN_MEMORY else self

    def some(self, count: int) -> Sequence[BenchDocument]:
        """A few of them, evenly chosen."""
        step = max(1, self.size // count)
        return tuple(islice(self, 0, step * count, step))


def spooled(collection: Sequence[BenchDocument], size: int, home: Path) -> Spool:
    """The collection at a size, in a folder of its own under ``home``; made once."""
    digest = _digest(collection, size)
    path = home / digest / "documents"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        documents = grown(collection, size)
        with draft.open("wb") as file:
            while chunk := [astuple(document) for document in islice(documents, _CHUNK)]:
                marshal.dump(chunk, file)
        draft.replace(path)
    return Spool(path, size, digest)


def _digest(collection: Sequence[BenchDocument], size: int) -> str:
    """What the documents are, and how they are analysed: both decide what an index holds."""
    content = blake2b(digest_size=8)
    facts = (_VERSION, size, SEED, WINDOW, sys.version_info[:2], sorted(stop_words()))
    content.update(repr(facts).encode())
    for document in collection:
        content.update(f"{document.id}\0{document.title}\0{document.text}\0".encode())
    return content.hexdigest()


def _windows(
    collection: Sequence[BenchDocument], numbers: Iterable[int], rolled: random.Random
) -> Iterator[BenchDocument]:
    """Documents of windows of the real text, one after the other until a real one's length."""
    words = [[sys.intern(word) for word in each.text.split()] for each in collection]
    longest = [max(1, len(text) - WINDOW + 1) for text in words]
    # A window begins at any word with the same chance, so that long texts give more of them.
    ends = list(accumulate(longest))
    for number in numbers:
        like = rolled.randrange(len(collection))
        length, text = max(1, len(words[like])), list[str]()
        while len(text) < length:
            start = rolled.randrange(ends[-1])
            which = bisect_right(ends, start)
            first = start - (ends[which] - longest[which])
            window = words[which][first : first + WINDOW]
            text += window or ["–"]
        yield with_facets(
            number, f"grown#{number}", collection[like].title, " ".join(text[:length])
        )


def _judged(folder: Path) -> Iterator[tuple[str, str, str]]:
    for document in read_corpus(folder):
        yield document.key, document.title, document.body


def _bundled() -> Iterator[tuple[str, str, str]]:
    """The passages of the documents that come with the product, as it parses them."""
    # Parsing stands on much that no other run needs.
    from indexer.context import Context
    from indexer.jobs import worker_name
    from indexer.tasks import examples, run

    with (
        TemporaryDirectory() as home,
        Context(replace(Settings(), home=Path(home))) as context,
    ):
        run(context, context.jobs.add("add", examples(context), worker=worker_name()))
        library = context.library
        for key in library.state_at(library.revision()):
            if version := library.version(key):
                for passage in passages_of(version.document):
                    yield f"{key}#{passage.number}", version.document.title, passage.text

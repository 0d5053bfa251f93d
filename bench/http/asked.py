"""What is asked of the site: the published index of a collection, and distinct questions to it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from markupsafe import escape

from bench.benchmark.corpus import read_collection, spooled
from bench.benchmark.engine import BenchDocument
from bench.benchmark.indexes import Indexes
from bench.benchmark.questions import read_questions
from bench.benchmark.registry import PRODUCT, load
from bench.http.wire import Target

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "bench"
#: The collection and the questions of the aim; without them the bundled documents are searched.
COLLECTION, QUESTIONS = SHARED / "sfs", SHARED / "swequad" / "queries.jsonl"
#: Words of a drawn question: people's own have from two to about so many.
SHORTEST, LONGEST = 2, 8
SEED = 23
#: So many draws may give nothing new before drawing ends: a small collection has few windows.
_PATIENCE = 2_000


@dataclass(frozen=True, slots=True)
class Collection:
    """A published index, how many documents it has, and what is asked of it, all distinct."""

    name: str
    documents: int
    index: Path
    questions: Sequence[str]
    real: int


def collection(
    home: Path, count: int, folder: Path | None = None, queries: Path | None = None
) -> Collection:
    """A folder in BEIR layout under a home, its index built once; without one the aim's, if here.

    Raises SettingsError as ``bench.benchmark.corpus`` does.
    """
    folder = folder or (COLLECTION if COLLECTION.is_dir() else None)
    queries = queries or (QUESTIONS if folder and QUESTIONS.is_file() else None)
    documents = read_collection(folder)
    spool = spooled(documents, len(documents), home)
    indexes, engine = Indexes(spool), load(PRODUCT)
    if not indexes.is_there(engine):
        indexes.build(engine, cores=1)
    real = read_questions(queries) if queries else ()
    questions = distinct(real, documents, count)
    return Collection(
        name=folder.name if folder else "bundled",
        documents=len(documents),
        index=indexes.folder(engine),
        questions=questions,
        real=min(len(set(real)), count),
    )


def distinct(real: Sequence[str], documents: Sequence[BenchDocument], count: int) -> list[str]:
    """People's questions and then windows of the text, mixed so that no stretch is of one kind."""
    rolled = random.Random(SEED)  # noqa: S311
    asked = dict.fromkeys(" ".join(text.split()) for text in real[:count])
    missed = 0
    for text in _windows(documents, rolled):
        if len(asked) >= count or missed >= _PATIENCE:
            break
        missed = missed + 1 if text in asked else 0
        asked[text] = None
    mixed = list(asked)
    rolled.shuffle(mixed)
    return mixed


def target(question: str, page: str) -> Target:
    """The page of results of a question; its own search field says whose it is."""
    return Target(f"{page}?{urlencode({'q': question})}", f'value="{escape(question)}"')


def _windows(documents: Sequence[BenchDocument], rolled: random.Random) -> Iterator[str]:
    while True:
        words = rolled.choice(documents).text.split()
        length = rolled.randint(SHORTEST, LONGEST)
        start = rolled.randrange(max(1, len(words) - length + 1))
        # Signs of the query language would ask for something else than words.
        kept = (word.strip("-–\"'”()[].,:;") for word in words[start : start + length])
        yield " ".join(filter(None, kept))

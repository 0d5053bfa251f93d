"""What the product's Swedish costs beside Snowball alone: tokens, bytes, time, and a search.

Indexes the same documents twice. *Metodsök* is what ``search.evaluation.index_of`` publishes.
*Snowball alone* is the same rows written by Whoosh as it comes: its own codec, its words in lower
case, each one's Swedish stem remembered; no splitter, no dictionary. Both are one segment.

A token is whatever is written for a word of a text:

- a position in a posting list of a text field, in Whoosh;
- a word in the order of its text, in Metodsök, which has the text itself by that too;
- a part of a compound, written once a distinct word (``words.tsv``) and not where the word stands.

Bytes are of all that lies in the generation, or in Whoosh's folder. Seconds begin with documents in
memory and end with what is on disk; Metodsök's have the dictionary's loading in them, and nothing
learnt in one run is known in the next. Exits with 1 when Metodsök takes more than ``MOST`` times as
much of anything.
"""

from __future__ import annotations

import argparse
import gc
import json
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import Stemmer
from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex, open_dir

from indexer.context import Context
from indexer.jobs import worker_name
from indexer.tasks import examples, run
from search.columns import Columns
from search.document import Document
from search.evaluation import index_of
from search.files import flush
from search.index import Index
from search.judged import DEPTH, QUERIES, read_corpus, read_queries
from search.query import read_query
from search.schema import TEXT_FIELDS, rows
from search.searcher import Searcher
from search.settings import Settings
from search.snapshot import Snapshot
from search.swedish import analyzer, compounds, lexicon
from search.swedish.lexicon import Lexicon

ROOT = Path(__file__).resolve().parent.parent
JUDGED = ROOT / "corpus" / "judged"
#: Whose questions are asked of a corpus that has none of its own.
OTHERS = ROOT.parent / "shared" / "bench" / "swequad"

#: So many times what Snowball alone takes is the most that Metodsök may take.
MOST = 2.5
#: The best of so many runs is a build's time, the two kinds by turns.
RUNS = 2
#: Memory for Whoosh's writer, in MB: what the product's may take.
_WRITER_MB = 128

#: The engine's files.
ENGINE = ("MAIN_*", "_MAIN_*")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one index took: tokens, bytes and seconds, each by what they went to."""

    tokens: Mapping[str, int]
    bytes: Mapping[str, int]
    seconds: Mapping[str, float]

    def total(self, measure: str) -> float:
        """The sum of one of MEASURES."""
        return float(sum(getattr(self, measure).values()))


MEASURES = ("tokens", "bytes", "seconds")


@dataclass(frozen=True, slots=True)
class Searches:
    """How long it takes to open a generation, and then to answer, in seconds."""

    questions: int
    opening: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Growth:
    """Both indexes of the same documents.

    ``parts_in_place`` is how many parts of compounds there would be if they were written wherever
    their word stands; in memory they are.
    """

    documents: int
    rows: int
    ours: Cost
    plain: Cost
    parts_in_place: int
    searches: Searches | None = None

    @property
    def ratios(self) -> Mapping[str, float]:
        """How many times as much Metodsök takes, by measure."""
        return {name: self.ours.total(name) / self.plain.total(name) for name in MEASURES}


def main() -> int:
    """Build, print and compare; 1 when a ratio is over MOST."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpus", type=Path, help="a folder in BEIR layout; else the bundled")
    parser.add_argument("--runs", type=int, default=RUNS, help="the best of so many is the time")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    asked = parser.parse_args()
    found = growth(_documents(asked.corpus), _questions(asked.corpus), asked.runs)
    if asked.json:
        print(json.dumps({**asdict(found), "ratios": found.ratios}, indent=2))
    else:
        print("\n".join(report(found)))
    return int(any(ratio > MOST for ratio in found.ratios.values()))


def growth(
    documents: Sequence[Document], questions: Sequence[str] = (), runs: int = RUNS
) -> Growth:
    """Index documents both ways, and ask the questions, if any, of Metodsök."""
    with TemporaryDirectory() as home:
        took: dict[str, list[Mapping[str, float]]] = {"plain": [], "ours": []}
        for _ in range(runs):
            for name, build in (("plain", build_plain), ("ours", build_ours)):
                shutil.rmtree(Path(home, name), ignore_errors=True)
                forget()
                took[name].append(build(documents, Path(home, name)))
        forget()
        seconds = {
            name: min(each, key=lambda run: sum(run.values())) for name, each in took.items()
        }
        ours = Index(Path(home, "ours"))
        searches = _searches(ours, questions) if questions else None
        columns = columns_of(ours)
        return Growth(
            documents=len(documents),
            rows=len(columns.document_of_row),
            ours=Cost(tokens_of(columns), sizes(generation_of(ours)), seconds["ours"]),
            plain=Cost(
                positions_in(Path(home, "plain")), sizes(Path(home, "plain")), seconds["plain"]
            ),
            parts_in_place=int(columns.part_lengths.sum()),
            searches=searches,
        )


def build_ours(documents: Sequence[Document], folder: Path) -> Mapping[str, float]:
    """Publish documents as the product does; returns seconds by what they went to."""
    started = time.perf_counter()
    dictionary = Lexicon(Settings().vocabulary)
    dictionary.known()
    loaded = time.perf_counter()
    index_of(documents, folder, dictionary)
    return {"dictionary": loaded - started, "documents": time.perf_counter() - loaded}


def build_plain(documents: Sequence[Document], folder: Path) -> Mapping[str, float]:
    """Write the same rows with Snowball alone; returns seconds."""
    started = time.perf_counter()
    usual = RegexTokenizer() | LowercaseFilter() | StemFilter(stemfn=_stemmed)
    text = {name: TEXT(analyzer=usual, phrase=True) for name in TEXT_FIELDS}
    whole = Schema(key=ID(), number=STORED(), front=STORED(), stored=STORED(), **text)
    folder.mkdir(parents=True)
    writer = FileIndex.create(FileStorage(str(folder)), whole, "MAIN").writer(limitmb=_WRITER_MB)
    for document in documents:
        for row in rows(document, "", ""):
            writer.add_document(**row)
    writer.commit()
    for path in folder.iterdir():
        flush(path)
    return {"documents": time.perf_counter() - started}


def _stemmed(word: str) -> str:
    """Found by name, as Whoosh pickles the schema."""
    return str(_stemmer().stemWord(word))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("swedish", 0)


def columns_of(index: Index) -> Columns:
    """What the serving generation of a Metodsök index is when it has been read."""
    return Snapshot(index, index.generation(index.current_number())).columns


def tokens_of(columns: Columns) -> Mapping[str, int]:
    """Metodsök's tokens on disk by kind."""
    return {
        "words in order": len(columns.forward),
        "parts of compounds": sum(map(len, columns.words.parts)),
    }


def positions_in(folder: Path) -> Mapping[str, int]:
    """Whoosh's tokens on disk."""
    with open_dir(str(folder)).reader() as reader:
        return {"positions": sum(int(reader.field_length(name)) for name in TEXT_FIELDS)}


def generation_of(index: Index) -> Path:
    """The folder of the only generation of an index."""
    (folder,) = (index.path / "generations").iterdir()
    return folder


def sizes(folder: Path) -> Mapping[str, int]:
    """Bytes on disk by file, the engine's under one name."""
    found: dict[str, int] = {}
    for path in sorted(folder.iterdir()):
        name = "postings and rows" if any(map(path.match, ENGINE)) else path.name
        found[name] = found.get(name, 0) + path.stat().st_size
    return found


def forget() -> None:
    """Forget what one build has learnt, so that it speeds up no other."""
    for remembered in (
        compounds.dictionary,
        *(lexicon._load, lexicon._known, lexicon._paradigms, lexicon._alike),
        analyzer.stem,
    ):
        remembered.cache_clear()
    gc.collect()


def report(found: Growth) -> Iterator[str]:
    """The figures as a table, a line each."""
    yield f"{found.documents:,} documents, {found.rows:,} rows"
    yield f"{'':24}{'Metodsök':>14}{'Snowball':>14}{'ratio':>8}"
    for measure, ratio in found.ratios.items():
        ours, plain = getattr(found.ours, measure), getattr(found.plain, measure)
        yield (
            _line(measure, found.ours.total(measure), found.plain.total(measure)) + f"{ratio:8.2f}"
        )
        for name, each in ours.items():
            beside = f"{each / plain[name]:8.2f}" if name in plain else ""
            yield _line(f"  {name}", each, plain.get(name, 0)) + beside
    over = [name for name, ratio in found.ratios.items() if ratio > MOST]
    yield f"over {MOST}: {', '.join(over)}" if over else f"nothing is over {MOST}"
    yield f"parts of compounds if each stood where its word does: {found.parts_in_place:,}"
    if asked := found.searches:
        yield (
            f"{asked.questions} searches: p50 {asked.p50 * 1000:.1f} ms, "
            f"p95 {asked.p95 * 1000:.1f} ms; opened in {asked.opening:.2f} s"
        )


def _line(name: str, ours: float, plain: float) -> str:
    form = ",.2f" if isinstance(ours, float) and not ours.is_integer() else ",.0f"
    return f"{name:24}{ours:14{form}}{plain:14{form}}"


def _searches(index: Index, questions: Sequence[str]) -> Searches:
    searcher = Searcher(index.path, Settings().vocabulary)
    started = time.perf_counter()
    searcher.search(read_query(""))  # opens the generation and asks nothing
    opening = time.perf_counter() - started
    took = []
    for question in questions:
        started = time.perf_counter()
        searcher.search(read_query(question, page_size=DEPTH))
        took.append(time.perf_counter() - started)
    p50, p95 = np.percentile(took, (50, 95)).tolist()
    return Searches(len(questions), opening, p50, p95)


def _documents(corpus: Path | None) -> Sequence[Document]:
    """A folder's documents, or the bundled ones as the product parses them."""
    if corpus:
        return tuple(read_corpus(corpus))
    with TemporaryDirectory() as home, Context(replace(Settings(), home=Path(home))) as context:
        job = context.jobs.add("add", examples(context), worker=worker_name())
        run(context, job)
        library = context.library
        versions = map(library.version, library.state_at(library.revision()))
        return tuple(version.document for version in versions if version)


def _questions(corpus: Path | None) -> Sequence[str]:
    """A folder's own questions, else the others', if they are here."""
    folder = corpus or JUDGED
    if not (folder / QUERIES).is_file():
        folder = OTHERS
    if not (folder / QUERIES).is_file():
        return ()
    return [query.text for query in read_queries(folder)]


if __name__ == "__main__":
    sys.exit(main())

"""What each weight of the ranking moves: the judged queries that answer worse or better without it.

Asks the tuning half of ``corpus/judged`` as the weights are, then with each of them at nothing and
at the double, and prints the queries whose nDCG@10 changes most. The test half is left alone: its
queries say nothing of weights. ``make ranking`` also puts the first query of each into
docs/ranking.md; other folders in BEIR layout are only printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.context import Context
from indexer.jobs import worker_name
from indexer.tasks import examples, run
from search import weights
from search.evaluation import Evaluation, evaluate, index_of
from search.judged import DEPTH, JudgedQuery, read_corpus, read_queries
from search.searcher import Searcher
from search.settings import Settings
from search.swedish.lexicon import Lexicon
from tools.ranking_table import PAGE, WEIGHTS, Weight, read_weights, table, with_table

JUDGED = PAGE.parent.parent / "corpus" / "judged"
TUNING = "dev"
MEASURE = f"nDCG@{DEPTH}"

#: A weight that is 0 cannot be doubled; it is tried at this, what a lead is worth.
INSTEAD_OF_NOTHING = 0.4
#: At 0 BM25 would divide by nothing.
LEAST_OF: Mapping[str, float] = {"K1": 0.01}
#: Changes smaller than this are a shuffle of places that nobody notices.
LEAST_CHANGE = 0.005
#: Queries printed a weight.
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Move:
    """A query that answers otherwise when a weight is ``value``; ``change`` is of its nDCG."""

    query: JudgedQuery
    value: float
    change: float


@dataclass(frozen=True, slots=True)
class Moved:
    """What a weight moves: the mean over all queries by the value tried, and single queries."""

    means: Mapping[float, float]
    queries: Sequence[Move]


def main() -> None:
    """Print what moves; write the table when the bundled queries were asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=JUDGED)
    parser.add_argument("--corpus", type=Path, help="take the documents from this folder")
    parser.add_argument("--split", default="", help="only this split; the bundled: dev")
    asked = parser.parse_args()
    is_bundled = asked.folder == JUDGED and not asked.corpus
    queries = read_queries(asked.folder, asked.split or (TUNING if is_bundled else ""))
    found = read_weights(WEIGHTS.read_text(encoding="utf-8"))
    moves: dict[str, Moved] = {}
    with TemporaryDirectory() as home:
        searcher = _searcher(Path(home), asked.corpus)
        usual = evaluate(searcher, queries)
        print(f"{len(queries)} queries, {MEASURE} {usual.total[MEASURE]:.3f} as the weights are")
        for weight in found:
            moves[weight.name] = moved(searcher, usual, weight)
            _print(weight, moves[weight.name])
    if is_bundled and not asked.split:
        said = {name: say(here) for name, here in moves.items()}
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(with_table(page, table(found, said)), encoding="utf-8")


def moved(searcher: Searcher, usual: Evaluation, weight: Weight) -> Moved:
    """What a weight moves; queries most moved first, each where it moves most."""
    means: dict[float, float] = {}
    most: dict[str, Move] = {}
    for value in tried(weight):
        with weighing(weight, value):
            other = evaluate(searcher, [answer.query for answer in usual.answers])
        means[value] = other.total[MEASURE] - usual.total[MEASURE]
        for before, after in zip(usual.answers, other.answers, strict=True):
            change = after.measures[MEASURE] - before.measures[MEASURE]
            known = most.get(before.query.id)
            if abs(change) >= LEAST_CHANGE and (not known or abs(known.change) < abs(change)):
                most[before.query.id] = Move(before.query, value, change)
    return Moved(means, sorted(most.values(), key=lambda move: (-abs(move.change), move.query.id)))


def tried(weight: Weight) -> tuple[float, ...]:
    """The values that a weight is tried at instead of its own."""
    value = float(weight.value)
    return (LEAST_OF.get(weight.constant, 0.0), 2 * value) if value else (INSTEAD_OF_NOTHING,)


@contextmanager
def weighing(weight: Weight, value: float) -> Iterator[None]:
    """Give a weight another value while the block lasts, in every module that took its name."""
    usual = getattr(weights, weight.constant)
    if isinstance(usual, Mapping):
        other: object = {**usual, weight.key: value}
    else:
        other = type(usual)(value)
    takers = [
        module
        for name, module in sys.modules.items()
        if name.startswith("search.") and vars(module).get(weight.constant) is usual
    ]
    try:
        for module in takers:
            setattr(module, weight.constant, other)
        yield
    finally:
        for module in takers:
            setattr(module, weight.constant, usual)


def say(moved: Moved) -> tuple[str, str]:
    """A weight's means and the first query that it moves, as the table has them."""
    means = ", ".join(f"{_signed(mean, 3)} at {value:g}" for value, mean in moved.means.items())
    if not moved.queries:
        return means, "none of them"
    first = moved.queries[0]
    change = f"{_signed(first.change, 2)} at {first.value:g}"
    return means, f"`{first.query.id}` *{first.query.text}* {change}"


def _signed(number: float, decimals: int) -> str:
    rounded = f"{abs(number):.{decimals}f}".removeprefix("0")
    if not rounded.strip(".0"):
        return "0"
    return ("−" if number < 0 else "+") + rounded


def _print(weight: Weight, moved: Moved) -> None:
    means, _ = say(moved)
    print(f"{weight.name} = {weight.value}: {means}")
    for move in moved.queries[:MOST_SHOWN]:
        print(f"  {move.change:+.3f} at {move.value:g}  {move.query.id}  {move.query.text}")


def _searcher(home: Path, corpus: Path | None) -> Searcher:
    """A searcher of the bundled documents, or of a folder's, in an index of its own."""
    settings = replace(Settings(), home=home)
    if corpus:
        index = index_of(read_corpus(corpus), home / "index", Lexicon(settings.vocabulary))
        return Searcher(index.path, settings.vocabulary)
    with Context(settings) as context:
        job = context.jobs.add("add", examples(context), worker=worker_name())
        run(context, job)
        return Searcher(context.index.path, settings.vocabulary)


if __name__ == "__main__":
    main()

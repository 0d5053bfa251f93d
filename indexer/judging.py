"""Judging the whole: from a folder of judged queries to what the product's answers are worth.

Builds an index of its own in a passing folder; nothing of the operator's is read or written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from indexer.context import Context
from indexer.intake import Progress
from indexer.jobs import worker_name
from indexer.tasks import examples, run
from search.baseline import Baseline
from search.document import Document
from search.errors import SettingsError
from search.evaluation import evaluate, evaluate_ranking, index_of
from search.judged import CORPUS, DEPTH, JudgedQuery, has_corpus, read_corpus, read_queries
from search.judged_compounds import CompoundScore, judge_splits, read_compounds
from search.judged_report import Report
from search.searcher import Searcher
from search.settings import Settings
from search.swedish.compounds import Splitter
from search.swedish.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class _Judged:
    """Documents, and a published index of them."""

    index: Path
    documents: Sequence[Document]


def judge(
    settings: Settings,
    folder: Path,
    *,
    split: str = "",
    corpus: Path | None = None,
    baseline: str | None = None,
    progress: Progress = lambda done, total, what: None,
) -> Report:
    """Ask the judged queries of a folder, of one split or all, and a baseline too if it is named.

    The documents are those of ``corpus``, else the folder's own, else the bundled ones. Raises
    SettingsError for what cannot be read, and when the documents are others than were judged.
    """
    queries = read_queries(folder, split)
    with TemporaryDirectory() as home:
        judged = _judged(settings, corpus or folder, corpus is not None, Path(home), progress)
        _check(queries, judged.documents, folder)
        found = evaluate(Searcher(judged.index, settings.vocabulary), queries, progress)
    if not baseline:
        return Report(found)
    other = Baseline(judged.documents)
    peer = evaluate_ranking(lambda text: other.rank(text, DEPTH), queries, progress)
    return Report(found, peer, baseline)


def judge_compounds(settings: Settings, folder: Path) -> CompoundScore:
    """Split the judged words of a folder. Raises SettingsError for what cannot be read."""
    judged = read_compounds(folder)
    return judge_splits(Splitter.load(settings.vocabulary).split, judged)


def _judged(
    settings: Settings, folder: Path, is_named: bool, home: Path, progress: Progress
) -> _Judged:
    if has_corpus(folder):
        documents = tuple(read_corpus(folder))
        lexicon = Lexicon(settings.vocabulary)
        index = index_of(_told(documents, progress), home / "index", lexicon)
        return _Judged(index.path, documents)
    if is_named:
        raise SettingsError(f"{folder}: there is no {CORPUS}, packed or not")
    with Context(replace(settings, home=home)) as context:
        job = context.jobs.add("add", examples(context), worker=worker_name())
        run(context, job, progress)
        library = context.library
        versions = map(library.version, library.state_at(library.revision()))
        return _Judged(context.index.path, tuple(v.document for v in versions if v))


def _told(documents: Sequence[Document], progress: Progress) -> Iterator[Document]:
    for done, document in enumerate(documents):
        progress(done, len(documents), document.title)
        yield document


def _check(queries: Sequence[JudgedQuery], documents: Sequence[Document], folder: Path) -> None:
    """Figures about other documents than were judged would all be 0 and say nothing."""
    there = {document.key for document in documents}
    if all(there.isdisjoint(query.grades) for query in queries):
        raise SettingsError(f"{folder}: no graded document is there; name their folder: --corpus")

"""A run of the benchmark, from what was asked for to the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.benchmark import wholes
from bench.benchmark.corpus import Spool, read_collection, spooled
from bench.benchmark.engine import Engine, Opened
from bench.benchmark.equality import Comparison, compare
from bench.benchmark.indexes import Indexes
from bench.benchmark.measuring import Pass, by_turns
from bench.benchmark.questions import QUESTIONS, Question, questions, read_questions
from bench.benchmark.registry import PEERS, PRODUCT, load, load_all
from bench.benchmark.registry import ours as ours_here
from bench.benchmark.report import Report, Samples
from bench.benchmark.tasks import ASKED, PRODUCTS, SEARCH, Answer, chosen
from search.errors import SettingsError
from search.judged import QUERIES
from search.settings import Settings

#: Is told what comes next. No more: a bar that moves while something is timed takes its time.
Progress = Callable[[str], object]

RUNS = 3
#: The folder under the home where documents and indexes are kept.
KEPT = "bench"


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure; see ``metodsok benchmark --help``. ``home`` is where indexes are kept."""

    home: Path
    folder: Path | None = None
    queries: Path | None = None
    peers: Sequence[str] = PEERS
    scale: int = 0
    tasks: Sequence[str] = ()
    runs: int = RUNS
    questions: int = QUESTIONS
    ours: str = ""


def benchmark(asked: Asked, progress: Progress = lambda what: None) -> Report:
    """Measure. Raises SettingsError for what cannot be, EngineError for an engine that fails."""
    tasks, names = chosen(asked.tasks), _names(asked)
    load_all([*names, *([PRODUCT] if asked.tasks and SEARCH in tasks else [])], asked.scale)
    collection = read_collection(asked.folder)
    size = asked.scale or len(collection)
    engines = load_all(names, size)
    notes: list[str] = []
    if SEARCH in tasks:
        tasks, engines, notes = _with_product(asked, tasks, engines, size)
    real = _real_questions(asked)
    put = questions(real, collection, asked.questions)
    spool = spooled(collection, size, asked.home / KEPT)
    run = Run(engines, tasks, put, spool, progress)
    for _ in range(asked.runs):
        run.once()
    return Report(
        collection=str(asked.folder or "bundled"),
        documents=size,
        questions=len(put),
        real=sum(question.real for question in put),
        ours=engines[0].name,
        peers=tuple(engine.name for engine in engines[1:] if engine.name != PRODUCT),
        engines=run.described,
        samples=run.samples,
        comparisons=run.comparisons(),
        notes=notes,
    )


class Run:
    """The engines and their indexes, and what has been measured of them so far.

    The first engine is ours.
    """

    def __init__(
        self,
        engines: Sequence[Engine],
        tasks: Sequence[str],
        put: Sequence[Question],
        spool: Spool,
        progress: Progress,
    ) -> None:
        self._engines = list(engines)
        self._ours = engines[0].name
        self._tasks = tasks
        self._questions = put
        self._spool = spool
        self._progress = progress
        self._indexes = Indexes(spool)
        #: Of each task asked question by question, the last answers.
        self._answers: dict[str, Mapping[str, Sequence[Answer]]] = {}
        self.samples: dict[str, list[Samples]] = {}
        self.described: dict[str, dict[str, object]] = {}

    def once(self) -> None:
        """Every task once. Who comes first changes from run to run."""
        self._build()
        opened = self._opened()
        try:
            for task in self._tasks:
                if task in ASKED or task == SEARCH:
                    self._add(task, self._ask(task, opened).seconds)
            if "rank" not in self._answers:
                self._ask("rank", opened)  # untimed, to see that the work is equal
        finally:
            for each in opened.values():
                each.close()
        self._measure_wholes()
        self._engines = [*self._engines[1:], self._engines[0]]

    def comparisons(self) -> Sequence[Comparison]:
        """Our answers held against each peer's, task by task."""
        ours = self._ours
        by_name = {engine.name: engine for engine in self._engines}
        return [
            compare(
                task,
                ours,
                peer,
                self._questions,
                answers,
                same_formula=not (by_name[ours].own_formula or by_name[peer].own_formula),
            )
            for task, answers in self._answers.items()
            for peer in answers
            if ours in answers and peer != ours
        ]

    def _build(self) -> None:
        for task, cores in (("index", 1), ("index2", 2)):
            if task in self._tasks:
                self._progress(task)
                self._add(task, self._indexes.timed(self._able(task), cores))
        for engine in self._engines:
            if not self._indexes.is_there(engine):
                self._progress(f"index of {engine.name}")
                self._indexes.build(engine, cores=1)

    def _opened(self) -> Mapping[str, Opened]:
        opened = {e.name: e.open(self._indexes.folder(e)) for e in self._engines}
        for engine in self._engines:
            about = {"version": engine.version, "lacks": sorted(engine.lacks)}
            self.described[engine.name] = {**about, **opened[engine.name].describe()}
        return opened

    def _ask(self, task: str, opened: Mapping[str, Opened]) -> Pass[Answer]:
        """A pass of a task asked question by question, with nothing in anyone's caches."""
        operation = ASKED["page" if task == SEARCH else task]

        def contestant(each: Opened) -> Callable[[Question], Answer]:
            return lambda question: operation(each, question)

        contestants = {}
        for engine in self._able(task):
            opened[engine.name].clear_caches()
            contestants[engine.name] = contestant(opened[engine.name])
        self._progress(task)
        found = by_turns(contestants, self._questions)
        if task != SEARCH:
            self._answers[task] = found.answers
        return found

    def _measure_wholes(self) -> None:
        indexes, put = self._indexes, self._questions
        measures: Mapping[str, Callable[[Sequence[Engine]], Samples]] = {
            "disk": lambda able: wholes.disk(able, indexes),
            "open": lambda able: wholes.openings(able, indexes),
            "start": lambda able: wholes.starts(able, indexes, put),
            "memory": lambda able: wholes.memories(able, indexes, put),
        }
        for task, measure in measures.items():
            if task in self._tasks:
                self._progress(task)
                self._add(task, measure(self._able(task)))
        if {"update", "merge"} & {*self._tasks}:
            self._progress("update")
            able = self._able("update")
            updated, merged = wholes.changes(able, indexes, self._spool, "merge" in self._tasks)
            for task, samples in (("update", updated), ("merge", merged)):
                if task in self._tasks:
                    self._add(task, samples)

    def _add(self, task: str, samples: Samples) -> None:
        self.samples.setdefault(task, []).append(samples)

    def _able(self, task: str) -> list[Engine]:
        """Who takes part in a task, in the order of their turns."""
        able = [engine for engine in self._engines if task not in engine.lacks]
        if task == SEARCH:
            return [engine for engine in able if engine.name != self._ours]
        return [engine for engine in able if engine.name != PRODUCT or task in PRODUCTS]


def _names(asked: Asked) -> list[str]:
    """The engines of a run, ours first."""
    ours = asked.ours or ours_here()
    if ours in asked.peers:
        raise SettingsError(f"{ours} is what peers are held against; name another peer")
    if PRODUCT in (ours, *asked.peers):
        raise SettingsError(f"{PRODUCT} takes part in the task {SEARCH} by itself, and is no peer")
    return [ours, *asked.peers]


def _with_product(
    asked: Asked, tasks: Sequence[str], engines: Sequence[Engine], size: int
) -> tuple[tuple[str, ...], tuple[Engine, ...], list[str]]:
    """The product too, unless nobody named its task and there is too much for it."""
    product = load(PRODUCT)
    if asked.tasks or product.most is None or size <= product.most:
        return tuple(tasks), (*engines, *load_all([PRODUCT], size)), []
    note = f"search is left out: the product takes part up to {product.most:,} documents"
    return tuple(task for task in tasks if task != SEARCH), tuple(engines), [note]


def _real_questions(asked: Asked) -> Sequence[str]:
    """The questions of a file, else of the collection's own folder, else none."""
    if asked.queries:
        return read_questions(asked.queries)
    folder = asked.folder or Settings().corpus / "judged"
    return read_questions(folder / QUERIES) if (folder / QUERIES).is_file() else ()

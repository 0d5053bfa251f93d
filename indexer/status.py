"""The state of the whole, as one value: what an operator looks at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.context import Context
from indexer.crawl.runs import Crawls
from indexer.folder import EXAMPLES
from indexer.history import now_text
from indexer.jobs import Job
from indexer.problems import Problem
from indexer.schedule import is_scheduled, next_due

_HIDE_EXAMPLES = "the bundled examples can be switched off now: metodsok sources off exempel"
_PUBLISH = "the library holds changes that readers do not see: metodsok index"
_HELD = "rolled back: the index stays as it is until something changes, or: metodsok index"
_REBUILD = "the index was made by another version or with other labels: metodsok index"


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source: how many documents the library holds of it, and whether readers see them.

    ``crawled`` is when its last crawl began and ``state`` how that ended; ``due`` is when the
    worker crawls it next, ``""`` where it does not.
    """

    name: str
    label: str
    documents: int
    shown: bool
    crawled: str = ""
    state: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Library, index, sources, problems, latest jobs and what to do about them (``hints``)."""

    home: str
    revision: int
    documents: int
    generation: int
    generation_revision: int
    published: int
    created: str
    waiting: int
    held: bool
    sources: tuple[SourceStatus, ...]
    problems: tuple[Problem, ...]
    jobs: tuple[Job, ...]
    hints: tuple[str, ...]


def read_status(context: Context) -> Status:
    """Look at everything once; raises IndexUnavailableError when the index is damaged."""
    library = context.library
    current = context.index.current()
    sources = tuple(_sources(context, library.counts()))
    waiting = len(context.publisher.waiting())
    held = context.publisher.is_held()
    hints = [_HIDE_EXAMPLES] if _has_own_documents(sources) else []
    if held:
        hints.append(_HELD)
    elif context.publisher.is_stale():
        hints.append(_REBUILD)
    elif waiting:
        hints.append(_PUBLISH)
    return Status(
        home=str(context.settings.home),
        revision=library.revision(),
        documents=sum(source.documents for source in sources),
        generation=current.number if current else 0,
        generation_revision=current.revision if current else 0,
        published=len(current.documents) if current else 0,
        created=current.created if current else "",
        waiting=waiting,
        held=held,
        sources=sources,
        problems=context.problems.all(),
        jobs=context.jobs.latest(),
        hints=tuple(hints),
    )


def _sources(context: Context, counts: Mapping[str, int]) -> list[SourceStatus]:
    hidden = context.library.hidden_sources()
    labels = {source.name: source.label for source in context.sources.values()}
    # A source may have left sources.toml and still have documents here.
    names = [*labels, *(name for name in counts if name not in labels)]
    return [
        SourceStatus(
            name,
            labels.get(name, name),
            counts.get(name, 0),
            name not in hidden,
            *_crawled(context, name),
        )
        for name in names
    ]


def _crawled(context: Context, name: str) -> tuple[str, str, str]:
    """When a source was last crawled, how that ended, and when it is due."""
    last = Crawls(context.library.engine).latest(name, limit=1)
    source = context.sources.get(name)
    due = ""
    if source and context.settings.crawl_contact and is_scheduled(context, source):
        due = next_due(context, source) or now_text()
    return (last[0].started, str(last[0].state), due) if last else ("", "", due)


def _has_own_documents(sources: tuple[SourceStatus, ...]) -> bool:
    """Whether examples are shown beside documents that are none."""
    shown = {source.name for source in sources if source.documents and source.shown}
    return EXAMPLES in shown and len(shown) > 1

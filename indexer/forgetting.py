"""Forgetting: a document leaves library, index and files, so that no byte of it is to be found.

Owns the order. First the library forgets and says so with a tombstone; then an index is made from
nothing, since files that are taken over from an older generation keep what was deleted in them;
every older generation goes, and the rollback with it; last the library's file is written anew. A
process killed in between has lost nothing: the same again goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

from indexer.context import Context
from indexer.database import compact
from indexer.erasure import Erased, erase
from indexer.grouping import group_around
from indexer.intake import Progress
from indexer.publish import Published, Publisher


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting did. ``published`` is None where nothing has ever been published.

    ``is_clean`` is False when somebody used the library for so long that free space in its file
    could not be given up: what was erased is overwritten, and forgetting again makes sure.
    """

    erased: Erased
    published: Published | None
    is_clean: bool


def forget(
    context: Context,
    key: str,
    why: str,
    progress: Progress = lambda done, total, what: None,
) -> Forgotten:
    """Forget a document; ``why`` is Swedish, for whoever tries to take it in again.

    Copies outside METODSOK_HOME, as exported archives, are the operator's to erase. Raises
    IndexUnavailableError when another process publishes for too long: then forget again.
    """
    erased = erase(context.library, key, why)
    group_around(context.library, context.sources, erased.keys)
    published = None
    if context.index.numbers() or not context.library.is_empty():
        published = _only_generation(context).publish(full=True, progress=progress)
    return Forgotten(erased, published, compact(context.library.engine))


def _only_generation(context: Context) -> Publisher:
    """A publisher that keeps no generation but its own."""
    return Publisher(
        context.library,
        context.index,
        context.sources,
        context.taxonomy.labels(),
        keep=1,
        wait_seconds=context.settings.wait_seconds,
    )

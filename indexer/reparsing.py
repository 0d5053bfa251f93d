"""Reading again what is in the library: today's parsers and rules on bytes that were kept.

Nothing is fetched and no folder is looked at. A document whose bytes were purged stays as it is.
What a server said of a page's charset was not kept; pages say it themselves, or are in UTF-8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from indexer.context import Context
from indexer.crawl.frontier import read_anew
from indexer.crawl.reader import lasting_key, read_as
from indexer.history import Outcome
from indexer.identity import is_web
from indexer.intake import Arrival, Example, Progress, Receipt
from indexer.library import Known, Version
from indexer.parse.raw import RawFile
from search.errors import ParseError

_EXAMPLE = "example"


def reparse(
    context: Context,
    sources: Collection[str] = (),
    *,
    anew: bool = False,
    progress: Progress = lambda done, total, what: None,
) -> Iterator[Receipt]:
    """Read the documents of sources again, or of all; one receipt each.

    Those that today's parsers have read, or have failed to read, are passed over unless ``anew``.
    """
    intake = context.intake
    waiting = [
        known
        for known in context.library.of_sources(sources)
        if known.source in context.sources and (anew or known.parsed_by != intake.parsed_by)
    ]
    for done, known in enumerate(waiting):
        progress(done, len(waiting), known.key)
        version = context.library.version(known.key)
        if version is None:  # removed meanwhile
            continue
        yield _read(context, known, version, anew) if version.digest else _purged(known, version)
    progress(len(waiting), len(waiting), "")


def _read(context: Context, known: Known, version: Version, anew: bool) -> Receipt:
    problem = context.problems.get(known.source, known.origin)
    taken = context.intake.read_and_take(_arrival(context, known, version, anew))
    if is_web(known.origin) and taken.document and taken.receipt.outcome is not Outcome.FAILED:
        engine = context.library.engine
        read_anew(engine, known.source, known.origin, read_as(taken.document))
    if problem and problem.digest != version.digest:
        # It is of newer bytes than these, and they have not been mended.
        said = asdict(problem)
        del said["at"]
        context.problems.record(**said)
    return taken.receipt


def _arrival(context: Context, known: Known, version: Version, anew: bool) -> Arrival:
    """The document as it came in."""
    document, source = version.document, context.source(known.source)
    is_page = is_web(known.origin)
    path = urlsplit(known.origin).path.rstrip("/") if is_page else known.origin
    name = unquote(PurePosixPath(path).name) if is_page else Path(path).name
    raw = RawFile(
        context.library.blob(version.digest),
        name,
        known.source,
        known.key,
        document.url,
        document.content_type if is_page else "",
    )
    is_example = _EXAMPLE in document.notices
    return Arrival(
        raw,
        known.origin,
        folder=known.folder,
        example=Example(shape=document.shape, facts=document.facts) if is_example else None,
        key=lasting_key(context.library.engine, source, document.url, known.key) if is_page else "",
        anew=anew,
    )


def _purged(known: Known, version: Version) -> Receipt:
    error = ParseError("purged", "Filens bytes är borttagna. Texten ligger kvar som den lästes då.")
    return Receipt(
        known.origin,
        Outcome.UNCHANGED,
        known.key,
        version.document.title,
        str(error),
        error.reason,
    )

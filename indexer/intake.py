"""Taking one file or page in: bytes → parsed → identified → enriched → library.

The one road for everything that becomes a document, whether found in a folder or fetched. A bad
file is recorded as a problem and never stops the rest; what was read of it before stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from indexer.enrich.facets import with_facets
from indexer.enrich.taxonomy import Taxonomy
from indexer.history import Outcome
from indexer.identity import canonical_url, key_for
from indexer.library import Known, Library, fingerprint
from indexer.parse.raw import RawFile
from indexer.problems import Problem, Problems
from indexer.sources import Source
from indexer.tombstones import FORGOTTEN, Tombstones
from search.document import Document
from search.errors import ParseError

#: What decides how a file is read. When any of it changes, files are read again.
_READING = ("indexer/parse", "indexer/enrich", "indexer/identity.py", "indexer/sources.py")
_READING_CONTENT = ("sources.toml", "vocabulary/taxonomy.toml", "vocabulary/clutter.toml")
#: The reason why a file that claims another file's document is refused.
_SAME_KEY = "same_key"


class Parser(Protocol):
    """Whatever turns bytes into a document, in this process or another."""

    def parse(self, raw: RawFile, source: Source, shape: str = "") -> Document:
        """Raises ParseError when the bytes cannot become a document."""


@dataclass(frozen=True, slots=True)
class Example:
    """What the manifest says of a bundled example: its shape, its notice and its facts' sources.

    A source is one line, ``Skollag (2010:800) <https://…>``, or without an address.
    """

    shape: str = ""
    notice: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one file or page. ``detail`` is Swedish and says why, where it failed.

    ``reason`` is the same in a word for programs, or why the arrival's ``refuse`` did not want it.
    """

    origin: str
    outcome: Outcome
    key: str = ""
    title: str = ""
    detail: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A receipt, and the document where the arrival was read: not where its bytes are known."""

    receipt: Receipt
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file or page at the door.

    A page's ``key`` is the one its address has had, whatever the address now says; ``refuse``
    says in English why a document is not to be kept, or ``""``. What is fetched changes in its
    bytes with every clock and counter: it is only kept anew when its text has changed. ``anew``
    has bytes read although they were read by the same parsers before.
    """

    raw: RawFile
    origin: str
    folder: int | None = None
    example: Example | None = None
    key: str = ""
    refuse: Callable[[Document], str] | None = None
    anew: bool = False

    @property
    def is_fetched(self) -> bool:
        """Whether it came from its address and no file."""
        return bool(self.raw.url) and self.origin == self.raw.url


#: Says how far a job is: steps done, steps in all, and what is in hand.
Progress = Callable[[int, int, str], None]


def reading_fingerprint(corpus: Path) -> str:
    """16 hexadecimal characters that change when the same bytes may be read differently."""
    root = Path(__file__).resolve().parent.parent
    files = [corpus / name for name in _READING_CONTENT]
    for name in _READING:
        path = root / name
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def read_document(arrival: Arrival, parser: Parser, source: Source, taxonomy: Taxonomy) -> Document:
    """The document an arrival becomes; nothing is stored. Raises ParseError."""
    example = arrival.example
    document = parser.parse(arrival.raw, source, example.shape if example else "")
    if example:
        document = replace(
            document,
            shape=example.shape,
            facts=example.facts,
            notices=(*document.notices, "example"),
            url="",
        )
    elif document.url:
        url = canonical_url(document.url, source)
        document = replace(
            document, url=url, key=arrival.key or key_for(source, url) or document.key
        )
    return with_facets(document, taxonomy)


class Intake:
    """The door of the library."""

    def __init__(
        self,
        library: Library,
        parser: Parser,
        sources: Mapping[str, Source],
        taxonomy: Taxonomy,
        parsed_by: str,
    ) -> None:
        self.library = library
        self.sources = sources
        self.parsed_by = parsed_by
        self._problems = Problems(library.engine)
        self._tombstones = Tombstones(library.engine)
        self._parser = parser
        self._taxonomy = taxonomy

    def take(self, arrival: Arrival) -> Receipt:
        """Take one arrival in; never raises because of what is in it."""
        return self.read_and_take(arrival).receipt

    def read_and_take(self, arrival: Arrival) -> Taken:
        """As ``take``, with the document that was read."""
        raw = arrival.raw
        digest = hashlib.sha256(raw.data).hexdigest()
        if refused := self._refusal(arrival):
            return Taken(refused)
        known = self.library.known(raw.source, arrival.origin)
        problem = self._problems.get(raw.source, arrival.origin)
        if known and not arrival.anew and self._is_unchanged(known, digest, arrival):
            if problem:
                # What could not be read has been put back as it was before.
                self._problems.clear(raw.source, arrival.origin)
            return Taken(Receipt(arrival.origin, Outcome.UNCHANGED, known.key))
        if problem and not arrival.anew and self._would_fail_again(problem, digest):
            failed = Receipt(
                arrival.origin, Outcome.FAILED, detail=problem.message, reason=problem.reason
            )
            return Taken(failed)
        try:
            document = self._read(arrival, known)
            if arrival.refuse and (why := arrival.refuse(document)):
                unwanted = Receipt(arrival.origin, Outcome.FAILED, document.key, reason=why)
                return Taken(unwanted, document)
            self._refuse_a_second_origin(document.key, arrival)
            outcome = self._store(document, arrival, known)
        except ParseError as error:
            if error.reason == FORGOTTEN:
                return Taken(_refused(arrival, error))
            return Taken(self.fail(raw.source, arrival.origin, error, digest))
        return Taken(Receipt(arrival.origin, outcome, document.key, document.title), document)

    def _store(self, document: Document, arrival: Arrival, known: Known | None) -> Outcome:
        """Keep a document; a page with the same text keeps the bytes that it was read from.

        What it belongs with is nothing it says itself: that stays until ``works`` looks again.
        """
        data = arrival.raw.data
        if before := self.library.version(document.key):
            placed = before.document
            document = replace(document, work=placed.work, variants=placed.variants)
            same_text = fingerprint(placed, "") == fingerprint(document, "")
            if arrival.is_fetched and same_text and before.digest:
                data = self.library.blob(before.digest)
        return self.library.store(
            document,
            data,
            origin=arrival.origin,
            parsed_by=self.parsed_by,
            folder=arrival.folder,
            instead_of=known.key if known and known.key != document.key else "",
        )

    def fail(self, source: str, origin: str, error: ParseError, digest: str = "") -> Receipt:
        """Record that something could not be read."""
        self._problems.record(
            source,
            origin,
            digest=digest,
            parsed_by=self.parsed_by,
            reason=error.reason,
            message=str(error),
        )
        return Receipt(origin, Outcome.FAILED, detail=str(error), reason=error.reason)

    def gone(self, known: Known) -> Receipt:
        """Mark a document removed, since its file has vanished."""
        self.library.remove(known.key, "the file is gone")
        return Receipt(known.origin, Outcome.REMOVED, known.key)

    def _refusal(self, arrival: Arrival) -> Receipt | None:
        """What was forgotten is not even read, where its address tells."""
        raw = arrival.raw
        source = self.sources[raw.source]
        url = canonical_url(raw.url, source) if raw.url else ""
        key = (key_for(source, url) if url else "") or ""
        try:
            self._tombstones.refuse(key, arrival.origin, url)
        except ParseError as error:
            return _refused(arrival, error)
        return None

    def _read(self, arrival: Arrival, known: Known | None) -> Document:
        raw = arrival.raw
        if not raw.url and known and (before := self.library.version(known.key)):
            # The address it was first given with still says where it is published.
            arrival = replace(arrival, raw=replace(raw, url=before.document.url))
        return read_document(arrival, self._parser, self.sources[raw.source], self._taxonomy)

    def _is_unchanged(self, known: Known, digest: str, arrival: Arrival) -> bool:
        """Whether nothing would be read otherwise: the bytes, the address, the manifest's words."""
        raw, example = arrival.raw, arrival.example
        if known.removed or (known.digest, known.parsed_by) != (digest, self.parsed_by):
            return False
        if not (raw.url or example):
            return True
        version = self.library.version(known.key)
        if version is None:
            return False
        document = version.document
        if example:
            return (document.shape, document.facts) == (example.shape, example.facts)
        return document.url == canonical_url(raw.url, self.sources[known.source])

    def _would_fail_again(self, problem: Problem, digest: str) -> bool:
        """Whether the fault is in the bytes; that of a second origin is in the other file."""
        same = (problem.digest, problem.parsed_by) == (digest, self.parsed_by)
        return same and problem.reason != _SAME_KEY

    def _refuse_a_second_origin(self, key: str, arrival: Arrival) -> None:
        """Two files that claim to be one document must not overwrite each other in turns."""
        other = self.library.known_by_key(key)
        if other is None or other.removed or other.origin == arrival.origin:
            return
        if Path(other.origin).is_file():
            raise ParseError(_SAME_KEY, f"Samma dokument ({key}) finns redan från {other.origin}.")


def _refused(arrival: Arrival, error: ParseError) -> Receipt:
    """No problem to solve and nothing for the diary: it is as it should be."""
    return Receipt(arrival.origin, Outcome.FAILED, detail=str(error), reason=error.reason)

"""Verifying: do library and index agree, down to every passage and every posting?

Reads only. The library is right by definition; each disagreement names a document (or the whole)
and says what differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from indexer.library import Library, Version, fingerprint
from indexer.publish import PUBLISHED
from search.errors import IndexUnavailableError, LibraryError
from search.index import Generation, Index
from search.passages import passages_of
from search.schema import TEXT_FIELDS, rows
from search.snapshot import Snapshot
from search.swedish.analyzer import tokens


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Something that differs; ``key`` is a document's, or ``""`` for the whole."""

    key: str
    what: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verifying found. ``waiting`` documents are in the library and not published yet."""

    generation: int
    generation_revision: int
    library_revision: int
    documents: int
    passages: int
    waiting: int
    disagreements: tuple[Disagreement, ...]

    @property
    def agrees(self) -> bool:
        """Whether everything the index shows is what the library held at its revision."""
        return not self.disagreements


def verify(library: Library, index: Index) -> Verdict:
    """Compare the serving generation with the library at that generation's revision."""
    revision = library.revision()
    try:
        generation = index.current()
        if generation is None:
            return _unpublished(library, revision)
        snapshot = Snapshot(index, generation)
        found = tuple(_disagreements(library, index, generation, snapshot))
    except IndexUnavailableError as error:
        return Verdict(0, 0, revision, 0, 0, 0, (Disagreement("", str(error)),))
    latest = library.state_at(revision)
    changed = {key for key, mark in latest.items() if generation.documents.get(key) != mark}
    gone = generation.documents.keys() - latest.keys()
    return Verdict(
        generation.number,
        generation.revision,
        revision,
        len(snapshot.documents),
        snapshot.passages,
        len(changed) + len(gone),
        found,
    )


def _unpublished(library: Library, revision: int) -> Verdict:
    waiting = len(library.state_at(revision))
    lost = library.fact(PUBLISHED)
    what = f"revision {lost} was published, but the index is gone; run 'metodsok index'"
    found = (Disagreement("", what),) if lost else ()
    return Verdict(0, 0, revision, 0, 0, waiting, found)


def _disagreements(
    library: Library, index: Index, generation: Generation, snapshot: Snapshot
) -> Iterator[Disagreement]:
    if generation.revision > library.revision():
        what = f"the index shows revision {generation.revision}, which the library has not reached"
        yield Disagreement("", what)
        return
    unreadable = snapshot.damaged_arrays()
    damaged = (*unreadable, *snapshot.damaged())
    for what in damaged:
        yield Disagreement("", f"{what} is damaged; run 'metodsok index --full'")
    if unreadable:
        return  # no document can be looked up
    lost = snapshot.lost()
    if not damaged and not lost:
        for what in snapshot.not_derived():
            told = f"{what} is not what was derived from the index's rows"
            yield Disagreement("", f"{told}; run 'metodsok index --full'")
    wanted = library.state_at(generation.revision)
    numbers = snapshot.number_of.items()
    shown = {key for key, number in numbers if number not in lost}
    if len(snapshot.documents) != len(shown) + len(lost):
        yield Disagreement("", "the index holds a document twice")
    for key in sorted(wanted.keys() - shown):
        yield Disagreement(key, "is in the library and not in the index")
    for key in sorted(shown - wanted.keys()):
        yield Disagreement(key, "is in the index and not in the library")
    for key in sorted(shown & wanted.keys()):
        try:
            version = library.version(key, generation.revision)
        except LibraryError as error:
            yield Disagreement(key, str(error))
            continue
        if version is None or generation.documents.get(key) != version.fingerprint:
            yield Disagreement(key, "the index shows another version than the library holds")
        else:
            label = generation.labels.get("source", {}).get(version.document.source, "")
            for what in _differences(library, index, snapshot, version, label):
                yield Disagreement(key, what)


def _differences(
    library: Library, index: Index, snapshot: Snapshot, version: Version, label: str
) -> Iterator[str]:
    number = snapshot.number_of[version.key]
    stored = snapshot.stored(number)
    if fingerprint(version.document, version.digest) != version.fingerprint:
        yield "the library's document is not the one it was fingerprinted as"
    try:
        data = library.blob(version.digest)
    except LibraryError as error:
        yield str(error)
    else:
        if hashlib.sha256(data).hexdigest() != version.digest:
            yield "the library's bytes are damaged"
    if stored.file:
        path = index.file(stored.file)
        if path is None or hashlib.sha256(path.read_bytes()).hexdigest() != stored.file:
            yield "the published original is missing or damaged"
    if stored.document != replace(version.document, sections=()):
        yield "the index's document is not the library's"
    if stored.passages != passages_of(version.document):
        yield "the index's passages are not the library's"
        return
    made = rows(version.document, label, stored.file)
    for row, texts in zip(snapshot.rows(number), made, strict=True):
        found = [tuple(tokens(texts.get(field, ""))) for field in TEXT_FIELDS]
        wanted = tuple(tuple(token.word for token in field) for field in found)
        if snapshot.words(row) != wanted:
            yield f"the words of row {texts['number']} are not those of its text"
        for field, held in zip(TEXT_FIELDS, found, strict=True):
            if not all(snapshot.holds(token.term, field, row) for token in held):
                part = f"passage {texts['number']}" if texts["number"] else "the document"
                yield f"{part} cannot be found by the words of its {field}"

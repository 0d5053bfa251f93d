"""Puts the documents of a source together into works, in the library.

Reads only what ``works`` needs, and writes a new version of those documents that now belong
elsewhere: a second time it finds nothing to do.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, and_, select, type_coerce

from indexer.database import writing
from indexer.history import now_text
from indexer.library import Library, add_version, fingerprint
from indexer.sources import Source
from indexer.tables import documents, tombstones, versions
from indexer.works import Part, Placed, works
from search.document import Document, Identifier, Link, variant_from_json

#: Words of a text that is enough to say that another is a copy of it: empty pages are all alike.
_ENOUGH_WORDS = 50
#: Keys in one question to the database.
_AT_ONCE = 400
#: Documents in one transaction: others that write wait for less than a second.
_STROKE = 100


def group(library: Library, source: Source) -> int:
    """Put a source's documents together anew; returns how many now belong elsewhere."""
    with library.engine.connect() as connection:
        parts, before = _read(connection, source)
        gone = _gone(connection, source)
    after = works(parts, source, gone)
    changed = [key for key, was in before.items() if after.get(key, Placed()) != was]
    restated = 0
    for start in range(0, len(changed), _STROKE):
        with writing(library.engine) as connection:
            for key in changed[start : start + _STROKE]:
                restated += _restate(connection, key, after.get(key, Placed()))
    return restated


def group_around(library: Library, sources: Mapping[str, Source], keys: Iterable[str]) -> None:
    """Put the sources together anew that some documents have come to or left."""
    known = [library.known_by_key(key) for key in keys]
    for name in {document.source for document in known if document}:
        if name in sources:
            group(library, sources[name])


def _restate(connection: Connection, key: str, placed: Placed) -> bool:
    """Give a document its place as a new version; what changed meanwhile is not overwritten."""
    query = (
        select(documents.c.removed, versions.c.document, versions.c.digest)
        .join(versions, versions.c.revision == documents.c.revision)
        .where(documents.c.key == key)
    )
    row = connection.execute(query).first()
    if row is None or row.removed:
        return False
    old = Document.from_json(json.loads(row.document))
    document = replace(old, work=placed.work, variants=placed.variants)
    if document == old:
        return False
    mark = fingerprint(document, row.digest or "")
    revision = add_version(connection, document, row.digest, mark, now_text())
    connection.execute(documents.update().where(documents.c.key == key).values(revision=revision))
    return True


def _read(connection: Connection, source: Source) -> tuple[tuple[Part, ...], Mapping[str, Placed]]:
    """The source's documents, and where each belonged so far."""
    names = (
        "title", "subtitle", "url", "language", "content_type", "published", "identifiers",
        "links", "facets", "work", "variants",
    )  # fmt: skip
    rows = list(_fields(connection, source, names))
    parts = [_part(row) for row in rows]
    before = {
        row["key"]: Placed(
            row["work"] or "", tuple(variant_from_json(item) for item in row["variants"] or ())
        )
        for row in rows
    }
    titles = Counter((part.title, part.content_type, part.language) for part in parts)
    alike = [p.key for p in parts if titles[p.title, p.content_type, p.language] > 1]
    texts = _texts(connection, source, alike)
    return tuple(replace(part, text=texts.get(part.key, "")) for part in parts), before


def part_of(document: Document) -> Part:
    """What of a document says where it belongs, its text included."""
    values = document.to_json()
    return replace(_part(values), text=_text(values["lead"], values["sections"]))


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        key=row["key"],
        title=row["title"],
        subtitle=row["subtitle"],
        url=row["url"],
        language=row["language"],
        content_type=row["content_type"],
        type=next(iter(row["facets"].get("type", ())), ""),
        published=row["published"]["day"] or "",
        identifiers=tuple(Identifier(**item) for item in row["identifiers"]),
        links=tuple(Link(**item) for item in row["links"]),
    )


def _texts(connection: Connection, source: Source, keys: list[str]) -> dict[str, str]:
    """The hash of each document's text."""
    texts = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = versions.c.key.in_(keys[start : start + _AT_ONCE])
        for row in _fields(connection, source, ("lead", "sections"), some):
            texts[row["key"]] = _text(row["lead"], row["sections"])
    return texts


def _text(lead: str, sections: list[dict[str, Any]]) -> str:
    """A hash of a document's whole text, or ``""`` where there is too little of it."""
    said = [
        (section["heading_path"], [block["text"] for block in section["blocks"]])
        for section in sections
    ]
    text = json.dumps((lead, said), ensure_ascii=False)
    is_enough = len(text.split()) >= _ENOUGH_WORDS
    return hashlib.sha256(text.encode()).hexdigest() if is_enough else ""


def _fields(
    connection: Connection,
    source: Source,
    names: tuple[str, ...],
    also: ColumnElement[bool] | None = None,
) -> Iterator[dict[str, Any]]:
    """Some fields of every document of a source that is not removed; None for one that lacks it."""
    document = type_coerce(versions.c.document, JSON)
    query = (
        select(documents.c.key, *(document[name].label(f"field_{name}") for name in names))
        .join(versions, versions.c.revision == documents.c.revision)
        .where(documents.c.source == source.name, ~documents.c.removed)
        .order_by(documents.c.key)
    )
    if also is not None:
        query = query.where(also)
    for key, *values in connection.execute(query):
        yield {"key": key, **dict(zip(names, values, strict=True))}


def _gone(connection: Connection, source: Source) -> frozenset[str]:
    """The keys of what was removed or forgotten."""
    removed = and_(documents.c.source == source.name, documents.c.removed)
    keys = connection.scalars(select(documents.c.key).where(removed)).all()
    forgotten = select(tombstones.c.key).where(tombstones.c.source == source.name)
    return frozenset((*keys, *connection.scalars(forgotten)))

"""The library's tables. Owns their shape only; migrations/ brings an old library up to it.

Times are ISO 8601 text in UTC, which sorts and reads the same in every database. Documents are
JSON text (``Document.to_json``).
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

#: Named constraints, so that migrations can speak of them in every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Raw bytes, once each, named by their SHA-256.
blobs = Table(
    "blobs",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

#: Folders somebody added. ``whole`` ones are looked through again for new and vanished files.
folders = Table(
    "folders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("whole", Boolean, nullable=False),
    UniqueConstraint("source", "name"),
)

#: Every document there has been: where it comes from, and what was last seen there.
documents = Table(
    "documents",
    metadata,
    Column("key", Text, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("origin", Text, nullable=False),
    Column("folder", Integer, ForeignKey("folders.id")),
    Column("digest", String(64), nullable=False),
    #: Which parsers and rules read it; others may read it differently.
    Column("parsed_by", String(16), nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("first_seen", String(32), nullable=False),
    Column("last_seen", String(32), nullable=False),
    Index("ix_documents_origin", "source", "origin"),
)

#: Every state each document has had. A revision is one change of the library, counted from 1.
versions = Table(
    "versions",
    metadata,
    Column("revision", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("source", String(64), nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("document", Text),
    Column("digest", String(64), ForeignKey("blobs.digest")),
    Column("fingerprint", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    Index("ix_versions_key", "key", "revision"),
)

#: What an editor decided of a source; the row with the highest revision holds.
switches = Table(
    "switches",
    metadata,
    Column("revision", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("at", String(32), nullable=False),
)

#: Files that could not be read, until they can.
problems = Table(
    "problems",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("origin", Text, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("parsed_by", String(16), nullable=False),
    Column("reason", String(64), nullable=False),
    Column("message", Text, nullable=False),
    Column("at", String(32), nullable=False),
)

#: What happened, in order.
history = Table(
    "history",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("source", String(64), nullable=False),
    Column("origin", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("detail", Text, nullable=False),
)

#: A run of a source's crawl: what was asked for, how it ended and what it came to.
crawls = Table(
    "crawls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked", Text, nullable=False),
    Column("totals", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("started", String(32), nullable=False),
    Column("ended", String(32), nullable=False),
    Index("ix_crawls_source", "source", "id"),
)

#: Every address that was ever found at a source, and what is known of it. ``crawl`` is the last
#: run that wanted it, ``claimed`` when a process took it in hand.
pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("depth", Integer, nullable=False),
    Column("found_by", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("crawl", Integer, ForeignKey("crawls.id")),
    Column("claimed", String(32), nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("http_status", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("text_digest", String(64), nullable=False),
    Column("words", Integer, nullable=False),
    Column("pages_without_text", Integer, nullable=False),
    Column("first_seen", String(32), nullable=False),
    Column("last_seen", String(32), nullable=False),
    Column("last_fetched", String(32), nullable=False),
    Column("last_changed", String(32), nullable=False),
    #: The day (UTC) of the first answer that said it is gone, and on how many days it was said.
    Column("gone_since", String(10), nullable=False),
    Column("gone_times", Integer, nullable=False),
    Column("next_due", String(32), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("source", "url"),
    Index("ix_pages_crawl", "crawl", "state"),
    Index("ix_pages_key", "source", "key"),
)

#: What became of each address in each run: the receipt's rows.
visits = Table(
    "visits",
    metadata,
    Column("crawl", Integer, ForeignKey("crawls.id"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("at", String(32), nullable=False),
    Column("http_status", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("key", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("words", Integer, nullable=False),
    Column("pages_without_text", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    #: How far the site's rules fit a page: see ``crawl/drift``. Empty where it was not compared.
    Column("drift", Text, nullable=False, server_default=""),
    Index("ix_visits_key", "key"),
)

#: What was erased and must not come back: a row for each address of it, and one without.
tombstones = Table(
    "tombstones",
    metadata,
    Column("key", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("why", Text, nullable=False),
    Index("ix_tombstones_address", "address"),
)

#: Work asked for; the only truth for its state, progress, cancel and history.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("lane", Integer, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("message", Text, nullable=False),
    Column("cancel", Boolean, nullable=False),
    Column("worker", Text, nullable=False),
    Column("created", String(32), nullable=False),
    Column("started", String(32), nullable=False),
    Column("alive", String(32), nullable=False),
    Column("ended", String(32), nullable=False),
    Index("ix_jobs_state", "state", "lane", "id"),
)

#: Facts of the library as a whole: name → value.
facts = Table(
    "facts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

"""Crawls: runs, the addresses of each source, what became of them, and what was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of crawls and erasure; what there was stays as it is."""
    op.create_table(
        "crawls",
        sa.Column("id", sa.Integer, nullable=False),
        *_text_columns("source:64 state:16 asked totals reason started:32 ended:32"),
        sa.PrimaryKeyConstraint("id", name="pk_crawls"),
    )
    op.create_index("ix_crawls_source", "crawls", ["source", "id"])
    _pages()
    op.create_table(
        "visits",
        sa.Column("crawl", sa.Integer, nullable=False),
        *_text_columns("url at:32 outcome:16 key digest:64 reason"),
        *_whole_columns("http_status words pages_without_text bytes milliseconds"),
        sa.PrimaryKeyConstraint("crawl", "url", name="pk_visits"),
        sa.ForeignKeyConstraint(["crawl"], ["crawls.id"], name="fk_visits_crawl"),
    )
    op.create_index("ix_visits_key", "visits", ["key"])
    op.create_table(
        "tombstones",
        *_text_columns("key address source:64 at:32 why"),
        sa.PrimaryKeyConstraint("key", "address", name="pk_tombstones"),
    )
    op.create_index("ix_tombstones_address", "tombstones", ["address"])


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer, nullable=False),
        *_text_columns("source:64 url key found_by:32 state:16 claimed:32 etag last_modified"),
        *_text_columns("digest:64 text_digest:64 first_seen:32 last_seen:32 last_fetched:32"),
        *_text_columns("last_changed:32 gone_since:10 next_due:32 reason"),
        *_whole_columns("depth http_status words pages_without_text gone_times failures"),
        sa.Column("crawl", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
        sa.UniqueConstraint("source", "url", name="uq_pages_source"),
        sa.ForeignKeyConstraint(["crawl"], ["crawls.id"], name="fk_pages_crawl"),
    )
    op.create_index("ix_pages_crawl", "pages", ["crawl", "state"])
    op.create_index("ix_pages_key", "pages", ["source", "key"])


def _text_columns(named: str) -> list[sa.Column[str]]:
    """Columns of ``name:length``, or ``name`` where the text may be of any length."""
    pairs = (name.partition(":") for name in named.split())
    return [
        sa.Column(name, sa.String(int(length)) if length else sa.Text, nullable=False)
        for name, _, length in pairs
    ]


def _whole_columns(named: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.Integer, nullable=False) for name in named.split()]

"""What editors decided of sources: shown to readers, or kept out. Rows inside a transaction."""

from __future__ import annotations

from sqlalchemy import Connection, select

from indexer.tables import switches


def said_at(connection: Connection, revision: int) -> dict[str, bool]:
    """What had been said of sources by a revision: source → whether it is shown."""
    rows = connection.execute(
        select(switches.c.source, switches.c.shown)
        .where(switches.c.revision <= revision)
        .order_by(switches.c.revision)
    )
    return {row.source: row.shown for row in rows}


def hidden_at(connection: Connection, revision: int) -> frozenset[str]:
    """The sources that were kept out at a revision."""
    said = said_at(connection, revision)
    return frozenset(source for source, is_shown in said.items() if not is_shown)

"""What happened to each file and page, in order: the library's own diary."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection

from indexer.tables import history


class Outcome(StrEnum):
    """What became of a file or page."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    FAILED = "failed"


def time_text(moment: datetime) -> str:
    """A moment as the library writes it: in UTC, so that texts sort as times do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def now_text() -> str:
    """This moment, as the library writes it."""
    return time_text(datetime.now(UTC))


def note(
    connection: Connection,
    at: str,
    source: str,
    origin: str,
    key: str,
    outcome: Outcome,
    detail: str = "",
) -> None:
    """Write a line in the diary, in the transaction that made it true."""
    connection.execute(
        history.insert().values(
            at=at, source=source, origin=origin, key=key, outcome=str(outcome), detail=detail
        )
    )

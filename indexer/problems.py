"""Files that could not be read, and why, until they can."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, select

from indexer.database import put_row, writing
from indexer.history import Outcome, note, now_text
from indexer.tables import problems


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read: reason (an identifier) and a Swedish message."""

    source: str
    origin: str
    digest: str
    parsed_by: str
    reason: str
    message: str
    at: str


class Problems:
    """The problems in a library's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Problem, ...]:
        """Every file that cannot be read now, latest first."""
        query = select(problems).order_by(problems.c.at.desc(), problems.c.origin)
        with self._engine.connect() as connection:
            return tuple(Problem(**row._asdict()) for row in connection.execute(query))

    def get(self, source: str, origin: str) -> Problem | None:
        """Why a file could not be read when last tried, or None."""
        query = select(problems).where(problems.c.source == source, problems.c.origin == origin)
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        return Problem(**row._asdict()) if row else None

    def record(
        self, source: str, origin: str, *, digest: str, parsed_by: str, reason: str, message: str
    ) -> None:
        """Note that a file could not be read. What was read of it before stays as it is."""
        now = now_text()
        values = {
            "digest": digest,
            "parsed_by": parsed_by,
            "reason": reason,
            "message": message,
            "at": now,
        }
        with writing(self._engine) as connection:
            put_row(connection, problems, {"source": source, "origin": origin}, values)
            note(connection, now, source, origin, "", Outcome.FAILED, f"{reason}: {message}")

    def clear(self, source: str, origin: str) -> None:
        """Forget a problem, since the file is gone."""
        with writing(self._engine) as connection:
            clear_problem(connection, source, origin)


def clear_problem(connection: Connection, source: str, origin: str) -> None:
    """Forget a problem, in the transaction that solved it."""
    connection.execute(
        problems.delete().where(problems.c.source == source, problems.c.origin == origin)
    )

"""Tombstones: what was erased, by key and by address, so that it does not come back.

Owns the refusal. What erasing takes with it is ``erasure``'s business.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, or_, select

from indexer.tables import tombstones
from search.errors import ParseError

#: The reason of a refusal, and the state of a page that is never fetched again.
FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A document that was erased: ``address`` is one of its own, or ``""`` in the row for its key.

    ``at`` is when, ``why`` what the editor said.
    """

    key: str
    address: str
    source: str
    at: str
    why: str


class Tombstones:
    """The tombstones in a library's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> tuple[Tombstone, ...]:
        """Every tombstone, the latest first."""
        query = select(tombstones).order_by(
            tombstones.c.at.desc(), tombstones.c.key, tombstones.c.address
        )
        with self._engine.connect() as connection:
            return tuple(Tombstone(**row._asdict()) for row in connection.execute(query))

    def refuse(self, key: str, *addresses: str) -> None:
        """Raises ParseError, in Swedish, where a key or an address is that of something erased."""
        with self._engine.connect() as connection:
            refuse_forgotten(connection, key, *addresses)


def refuse_forgotten(connection: Connection, key: str, *addresses: str) -> None:
    """As ``Tombstones.refuse``, in the transaction that would let it in."""
    named = [address for address in addresses if address]
    theirs = or_(
        and_(tombstones.c.key == key, tombstones.c.address == ""), tombstones.c.address.in_(named)
    )
    row = connection.execute(select(tombstones).where(theirs).limit(1)).first()
    if row:
        when = f"{row.at[:10]}: {row.why}"
        raise ParseError(FORGOTTEN, f"Dokumentet har glömts ({when}) och tas inte in igen.")

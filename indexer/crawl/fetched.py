"""What came back from an address, as everything after the connection sees it. Knows no Scrapy."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from indexer.crawl.addresses import Answer

#: Answers that say: not now. They have Retry-After.
BUSY = frozenset({429, 503})
#: Answers that say that something went wrong there, which may pass.
WRONG_THERE = frozenset({408, 500, 502, 504, 520, 521, 522, 523, 524})
#: Answers that send on to another address; those for good say that the old one is no more.
SENDS_ON = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})

#: No site is waited for longer than this at a time.
MOST_SECONDS = 300.0
_DIRECTIVE = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer to a request for ``url``. Names of headers are in lower case; ``status`` is 0
    where nothing came, and ``error`` says in English why."""

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    milliseconds: int = 0
    error: str = ""

    @property
    def content_type(self) -> str:
        """What the server says it is, or ``""``."""
        return self.headers.get("content-type", "")

    @property
    def digest(self) -> str:
        """The SHA-256 of the body."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def target(self) -> str:
        """Where it sends on to; ``""`` where that is nowhere."""
        try:
            return urljoin(self.url, self.headers.get("location", "").strip())
        except ValueError:
            return ""

    @property
    def wishes(self) -> frozenset[str]:
        """What X-Robots-Tag asks of everybody: ``noindex``, ``nofollow``."""
        said = set(_DIRECTIVE.findall(self.headers.get("x-robots-tag", "").lower()))
        return frozenset(said | ({"noindex", "nofollow"} if "none" in said else set()))

    def answer(self) -> Answer:
        """What the frontier remembers of it."""
        return Answer(
            http_status=self.status,
            etag=self.headers.get("etag", ""),
            last_modified=self.headers.get("last-modified", ""),
            digest=self.digest if self.status == 200 else "",
            bytes=len(self.body),
            milliseconds=self.milliseconds,
        )

    def retry_after(self, now: datetime | None = None) -> float | None:
        """The seconds that the server asks to be left alone, at most MOST_SECONDS.

        >>> Fetched("https://bra.se/", 503, {"retry-after": "7"}).retry_after()
        7.0
        """
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal():
            return min(float(said), MOST_SECONDS)
        try:
            moment = parsedate_to_datetime(said)
        except (TypeError, ValueError, IndexError, OverflowError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
        return min(max(seconds, 0.0), MOST_SECONDS)

"""What is known of an address of a source: the values that go in and out of the frontier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from indexer.tombstones import FORGOTTEN


class PageState(StrEnum):
    """Where an address is. A forgotten one was erased and is never fetched again."""

    WAITING = "waiting"
    FETCHED = "fetched"
    SKIPPED = "skipped"
    FAILED = "failed"
    GONE = "gone"
    FORGOTTEN = FORGOTTEN


@dataclass(frozen=True, slots=True)
class Seen:
    """An address that was found: by what, and so many links from where the crawl begins."""

    url: str
    depth: int = 0
    found_by: str = "link"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from an address, and what was read in it.

    ``digest`` is the SHA-256 of its bytes, ``text_digest`` of what a reader would see; ``key`` is
    the document's. ``http_status`` is 0 where nothing came back.
    """

    http_status: int = 0
    etag: str = ""
    last_modified: str = ""
    digest: str = ""
    text_digest: str = ""
    key: str = ""
    words: int = 0
    pages_without_text: int = 0
    bytes: int = 0
    milliseconds: int = 0

    @property
    def is_there(self) -> bool:
        """Whether the server says that the page exists, changed or not."""
        return self.http_status in (200, 304)

    @property
    def validators(self) -> dict[str, str]:
        """What tells whether another answer is the same."""
        return {
            "etag": self.etag,
            "last_modified": self.last_modified,
            "digest": self.digest,
            "text_digest": self.text_digest,
        }


@dataclass(frozen=True, slots=True)
class Page:
    """An address to fetch, and what is known of it.

    ``etag``, ``last_modified`` and the digests are empty where the library no longer holds what
    they stand for: then only the whole page will do.
    """

    url: str
    key: str
    depth: int
    found_by: str
    etag: str
    last_modified: str
    digest: str
    text_digest: str
    last_fetched: str
    failures: int

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that ask for the page only if it has changed."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}


#: Of a page that must be asked for whole.
FETCH_WHOLE: Mapping[str, str] = {"etag": "", "last_modified": "", "digest": ""}
#: What an answer that a page exists undoes.
IS_THERE: Mapping[str, object] = {"gone_since": "", "gone_times": 0}

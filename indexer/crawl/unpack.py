"""Bytes as a server sent them to text that can be searched for links, within bounds.

Owns unpacking of gzip (sitemaps come so) and the bound on it; charsets are ``parse/charset``'s.
"""

from __future__ import annotations

import zlib

from indexer.parse.charset import decode
from indexer.parse.raw import RawFile
from search.errors import ParseError

_GZIP = b"\x1f\x8b"
#: zlib's number for "gzip, with its largest window".
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
#: The longest text that is read; a sitemap of 50,000 addresses is about half of it.
MOST_BYTES = 20_000_000
#: Sitemaps shrink to a tenth or a thirtieth; what shrinks more was made to burst.
MOST_RATIO = 200
#: Below this a burst harms nobody, and small files of nothing but repeats are packed hard.
_HARMLESS = 1_000_000


class NotReadError(Exception):
    """Bytes that are not read for links; the text says why, for a receipt."""


def text_of(body: bytes, url: str, content_type: str) -> str:
    """The text of a page, list or feed.

    Raises NotReadError for a burst of gzip and for what is no text.
    """
    data = unpacked(body)
    try:
        return decode(RawFile(data[:MOST_BYTES], url, "", "", url, content_type))
    except ParseError as error:
        raise NotReadError("no text") from error


def unpacked(body: bytes) -> bytes:
    """What gzip holds, also when it was cut off; other bytes as they are.

    Raises NotReadError where it holds more than it may.
    """
    if not body.startswith(_GZIP):
        return body
    most = min(MOST_BYTES, max(_HARMLESS, len(body) * MOST_RATIO))
    reader = zlib.decompressobj(_GZIP_WINDOW)
    try:
        data = reader.decompress(body, most + 1)
    except zlib.error as error:
        raise NotReadError("damaged gzip") from error
    if len(data) > most:
        raise NotReadError(f"gzip of {len(body)} bytes that holds more than {most}")
    return data

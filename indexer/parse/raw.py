"""What parsers are given: bytes, what is known of where they came from, and limits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file or page as it was fetched or found, before anybody has understood it.

    ``name`` is the file name or the last part of the address; ``key`` the key the document gets
    unless its address says a better one; ``content_type`` what the server said, or ``""``.
    """

    data: bytes
    name: str
    source: str
    key: str
    url: str = ""
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Sizes in MB of 1,000,000 bytes, times in seconds."""

    seconds: int = 60
    memory_mb: int = 1500
    file_mb: int = 100
    html_mb: int = 20
    unpacked_mb: int = 300
    pdf_pages: int = 3000

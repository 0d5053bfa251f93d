"""Every error Metodsök raises on purpose.

::

    MetodsokError
    ├── SettingsError        a setting or a file in corpus/ is wrong; stops at start
    ├── ParseError           one file cannot be read; recorded, the rest goes on
    ├── LibraryError         the library refuses: unknown key, busy, wrong version
    ├── ForbiddenAddressError  a crawl was led to where it must not go; recorded, the rest goes on
    ├── ArchiveError         an archive given to ``import`` is not to be trusted
    └── IndexUnavailableError  no generation is published, or none can be opened

The message of a ``ParseError`` is Swedish: an editor reads it. The others speak English
to the person at the terminal.
"""


class MetodsokError(Exception):
    """The base of all; the front door prints its message and exits with 1."""


class SettingsError(MetodsokError):
    """A setting, or a file of content that is read at start, is wrong."""


class ParseError(MetodsokError):
    """A file that cannot become a document.

    ``reason`` is a short English identifier for programs (``"encrypted"``), the message a
    Swedish sentence for the editor.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class LibraryError(MetodsokError):
    """The library refuses what was asked of it."""


class ForbiddenAddressError(MetodsokError):
    """An address that a crawl must not ask or connect to; ``reason`` says why, without it."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


class ArchiveError(MetodsokError):
    """An archive that ``import`` does not trust."""


class IndexUnavailableError(MetodsokError):
    """There is no published generation to search."""

"""Why nothing came of a request, in a line of English for a receipt, and whether it may pass."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from search.errors import ForbiddenAddressError

_TOO_LARGE = "larger than may be fetched"
#: The first that fits: what was raised, what it means, and whether asking again may help.
_MEANS: tuple[tuple[type[BaseException], str, bool], ...] = (
    (DownloadTimeoutError, "no answer in time", True),
    (CannotResolveHostError, "the host is not known", False),
    (DownloadConnectionRefusedError, "the connection was refused", True),
    (DownloadCancelledError, _TOO_LARGE, False),
    (ResponseDataLossError, "the answer was cut off", True),
    (DownloadFailedError, "the connection failed", True),
)
_CERTIFICATE = ("certificate", "CERTIFICATE", "VerificationError")


def why_failed(error: BaseException) -> tuple[str, bool]:
    """What an exception of Scrapy's means, and whether it may pass."""
    if isinstance(error, ForbiddenAddressError):
        return f"not asked: {error.reason}", False
    if isinstance(error, IgnoreRequest):
        is_large = "DOWNLOAD_MAXSIZE" in str(error)
        return _TOO_LARGE if is_large else str(error) or "ignored", False
    for cause in _causes(error):
        if any(word in str(cause) for word in _CERTIFICATE):
            return f"the certificate is not to be trusted ({cause})", False
    for kind, meaning, may_pass in _MEANS:
        if isinstance(error, kind):
            return meaning, may_pass
    return f"the connection failed ({type(error).__name__})", True


def _causes(error: BaseException | None) -> list[BaseException]:
    """An error and what led to it; Twisted wraps reasons in lists."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        for reason in getattr(error, "reasons", None) or ():
            value = getattr(reason, "value", None)
            if isinstance(value, BaseException):
                found.append(value)
        error = error.__cause__ or error.__context__
    return found

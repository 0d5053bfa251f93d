"""Characters made plain: what every parser does to text before it becomes part of a document."""

from __future__ import annotations

import re
import unicodedata

#: Soft hyphens, zero-width characters, byte-order marks and directional marks: never read.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e]")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def clean_line(text: str) -> str:
    """One line: NFC, without invisible or control characters, single plain spaces, stripped.

    >>> clean_line(" brotts\u00adförebyggande\u00a0 arbete\\n")
    'brottsförebyggande arbete'
    """
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()

"""Bytes to text: declared, marked or detected, and repaired where the declaration is wrong.

Refuses what is no text at all. Valid UTF-8 with Swedish letters in it is never an accident, so it
goes before any declaration but a byte-order mark.
"""

from __future__ import annotations

import codecs
import re

from indexer.parse.raw import RawFile
from search.errors import ParseError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: How files that are no text begin: PDF, zip, gzip, old Office, pictures, RAR, 7-Zip, programs.
_BINARY = (
    b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8",
    b"Rar!", b"7z\xbc\xaf", b"\x7fELF", b"MZ\x90", b"RIFF", b"OggS", b"ID3", b"BZh", b"\xfd7zXZ",
)  # fmt: skip
#: Where a page may declare its own charset (HTML says within the first 1,024 bytes; pages do not).
_DECLARED_WITHIN = 4096
_META = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HEADER = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
#: Charsets that Swedish files are in when they are not in UTF-8.
_SWEDISH = ["cp1252", "mac_roman", "cp850"]
#: One broken byte in so many good letters outside ASCII leaves a text UTF-8.
_GOOD_TO_BROKEN = 10
#: Detection looks no further than this: what the letters are shows at once.
_DETECTED_WITHIN = 65_536
#: Text holds hardly any control characters; a picture or a program is full of them.
_MOST_CONTROL = 0.02
_CONTROL = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))


def decode(raw: RawFile, not_text: str = "not_text") -> str:
    """The text of a file.

    Raises ParseError: ``empty`` for a file with nothing in it, ``not_text`` for one that is no
    text.
    """
    data = raw.data
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ParseError("empty", "Filen är tom.")
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data.decode(charset, errors="replace").removeprefix("\ufeff")
    if _is_binary(data):
        message = "Filen innehåller inte text, trots sin filändelse. Kontrollera filtypen."
        raise ParseError(not_text, message)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_quite_utf8(data, _declared(raw))


def _is_binary(data: bytes) -> bool:
    start = data[:_DECLARED_WITHIN]
    control = len(start) - len(start.translate(None, _CONTROL))
    return data.startswith(_BINARY) or b"\x00" in start or control > _MOST_CONTROL * len(start)


def _declared(raw: RawFile) -> str:
    """The declared charset by its Python name, or ``""``."""
    header = _HEADER.search(raw.content_type)
    meta = _META.search(raw.data[:_DECLARED_WITHIN])
    name = header[1] if header else meta[1].decode("ascii") if meta else ""
    try:
        found = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    # Browsers read these as their Windows superset, and so do the people who wrote the pages.
    return "cp1252" if found in ("iso8859-1", "ascii") else found


def _not_quite_utf8(data: bytes, declared: str) -> str:
    if declared and declared != "utf-8":
        try:
            return data.decode(declared)
        except (UnicodeDecodeError, LookupError):
            pass
    repaired = data.decode("utf-8", errors="replace")
    broken = repaired.count("\ufffd")
    good = sum(character > "\x7f" for character in repaired) - broken
    if good > broken * _GOOD_TO_BROKEN:
        return repaired.replace("\ufffd", "")
    return _detected(data)


def _detected(data: bytes) -> str:
    from charset_normalizer import from_bytes

    # Whole words around the letters that tell charsets apart say more than long ASCII markup.
    telling = b" ".join(re.findall(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*", data))
    best = from_bytes(telling[:_DETECTED_WITHIN], cp_isolation=_SWEDISH).best()
    return data.decode(best.encoding if best else "cp1252", errors="replace").replace("\ufffd", "")

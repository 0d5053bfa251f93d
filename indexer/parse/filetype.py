"""What kind of file bytes are: by how they begin, else by the declared type, else by the name.

Owns the choice of parser and the Swedish names of what cannot be read yet; reads no further than
it must. Kinds go by their usual suffix, ``".pdf"``.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from indexer.parse.raw import Limits, RawFile
from search.errors import ParseError

MEGABYTE = 1_000_000

HTML, PDF, DOCX, TEXT = ".html", ".pdf", ".docx", ".txt"
#: An Office document that needs a password; its own kind stays hidden.
ENCRYPTED = ".encrypted"

#: A PDF may have junk before its mark; readers look this far.
_PDF_WITHIN = 1024
_HTML_WITHIN = 2048
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The stream in which Office keeps a document that needs a password, as OLE spells names.
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURE = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
#: Possessive and atomic: what has been passed over is never tried in another way.
_BEFORE_TAG = rb"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+"
_PAGE = re.compile(_BEFORE_TAG + rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(
    _BEFORE_TAG + rb"<(?:head|body|main|article|section|div|p|h[1-6]|ul|ol|table|title|meta)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_DECLARED = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "application/pdf": PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": DOCX,
    "text/plain": TEXT,
    "text/markdown": TEXT,
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_NAMED = {".htm": HTML, ".xhtml": HTML, ".md": TEXT, ".markdown": TEXT, ".docm": DOCX}
#: What an editor calls the files that cannot be read yet.
_UNSUPPORTED = {
    ".odt": "OpenDocument-text",
    ".ods": "OpenDocument-kalkylblad",
    ".odp": "OpenDocument-presentation",
    ".pptx": "PowerPoint",
    ".ppt": "äldre PowerPoint",
    ".xlsx": "Excel",
    ".xls": "äldre Excel",
    ".doc": "äldre Word",
    ".rtf": "RTF",
    ".epub": "EPUB",
    ".msg": "Outlook-meddelande",
    ".eml": "e-postmeddelande",
    ".pages": "Pages",
    ".csv": "tabelldata",
    ".json": "JSON-data",
    ".xml": "XML-data",
    ".zip": "zip-arkiv",
    ".gz": "gzip-arkiv",
    ".png": "bild",
    ".jpg": "bild",
    ".jpeg": "bild",
    ".gif": "bild",
    ".tif": "bild",
    ".svg": "bild",
    ".mp3": "ljud",
    ".mp4": "film",
}
#: The part of a zip container that says what it holds.
_ZIP_PARTS = {"word/document": DOCX, "ppt/": ".pptx", "xl/": ".xlsx"}
_ZIP_MIMETYPES = {"text": ".odt", "spreadsheet": ".ods", "presentation": ".odp"}


def kind_of(raw: RawFile) -> str:
    """The kind of file that the bytes are; text where nothing says otherwise."""
    data, claimed = raw.data, _claimed(raw)
    if _is_pdf(raw):
        return PDF
    if data.startswith(_OLE):
        return ENCRYPTED if _OLE_ENCRYPTED in data else _claimed_among(raw, ".doc .xls .ppt .msg")
    if data.startswith(_ZIP):
        return _inside_zip(raw)
    if data.startswith(b"{\\rtf"):
        return ".rtf"
    if is_html(raw):
        return HTML
    if data.startswith(_PICTURE) and claimed != TEXT:
        return ".png"
    return claimed if claimed in _UNSUPPORTED or claimed in (PDF, DOCX) else TEXT


def is_html(raw: RawFile) -> bool:
    """Whether a file is a page, or says that it is and nothing in it says otherwise."""
    start = raw.data[:_HTML_WITHIN].removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(start):
        return True
    if _is_pdf(raw) or start.startswith((*_ZIP, _OLE)):
        return False
    claimed = _claimed(raw)
    return claimed == HTML or (claimed == "" and _MARKUP.match(start) is not None)


def check_size(raw: RawFile, limits: Limits) -> None:
    """Raises ParseError: ``empty`` for no bytes, ``too_large`` for more than the limits allow."""
    size = len(raw.data)
    if size == 0:
        raise ParseError("empty", "Filen är tom.")
    if size > limits.file_mb * MEGABYTE:
        raise ParseError("too_large", f"Filen är större än gränsen på {limits.file_mb} MB.")
    if size > limits.html_mb * MEGABYTE and is_html(raw):
        raise ParseError("too_large", f"Webbsidan är större än gränsen på {limits.html_mb} MB.")


def unsupported(kind: str) -> ParseError:
    """The error for a kind of file that there is no parser for, naming it."""
    name = ", ".join(part for part in (_UNSUPPORTED.get(kind, ""), kind) if part)
    return ParseError("unsupported_type", f"Filtypen stöds inte ännu ({name}).")


def _is_pdf(raw: RawFile) -> bool:
    start = raw.data[:_PDF_WITHIN]
    return start.lstrip().startswith(b"%PDF-") or (b"%PDF-" in start and _claimed(raw) == PDF)


def _inside_zip(raw: RawFile) -> str:
    """The kind that fits what a zip container holds; where it is cut short, the claimed one."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw.data)) as container:
            names = container.namelist()
            mimetype = b""
            if "mimetype" in names:
                with container.open("mimetype") as entry:
                    mimetype = entry.read(100)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError):
        return _claimed_among(raw, ".zip .docx .odt .ods .odp .pptx .xlsx .epub .pages")
    for part, kind in _ZIP_PARTS.items():
        if any(name.startswith(part) for name in names):
            return kind
    if b"epub" in mimetype:
        return ".epub"
    named = mimetype.decode("latin-1").strip().rpartition(".")[2]
    return _ZIP_MIMETYPES.get(named) or _claimed_among(raw, ".zip .docx .pages")


def _claimed_among(raw: RawFile, kinds: str) -> str:
    """The claimed kind when it is one of these, else the first of them."""
    claimed, among = _claimed(raw), kinds.split()
    return claimed if claimed in among else among[0]


def _claimed(raw: RawFile) -> str:
    """The kind by the declared type, else by the name, else ``""``."""
    declared = _DECLARED.get(raw.content_type.partition(";")[0].strip().lower(), "")
    suffix = PurePath(raw.name.replace("\\", "/")).suffix.lower()
    named = _NAMED.get(suffix, suffix)
    known = named in (HTML, PDF, DOCX, TEXT) or named in _UNSUPPORTED
    # Servers call any file they do not know plain text, and any page that wraps one HTML.
    if declared == TEXT and known:
        return named
    return declared or (named if known else "")

"""A Word file's container: refused when it is a bomb, encrypted or broken, else its XML parts.

Owns the limits on unpacking. Knows of the XML only what must go before anybody reads the text:
hidden runs. Pictures and other parts are never unpacked.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from indexer.parse.filetype import MEGABYTE
from indexer.parse.raw import Limits
from search.errors import ParseError

#: A Word file has a few dozen parts, and one for each picture.
_MOST_ENTRIES = 10_000
#: XML packs 10 to 50 times; only made-up content packs better. Small files may do as they like.
_MOST_RATIO, _RATIO_FROM_MB = 200, 10
_PARTS = (".xml", ".rels")
_ROOTS = ("document", "footnotes", "endnotes")
_OFF = ("0", "false", "off")

_DAMAGED = "Word-filen är skadad och kan inte läsas."


def open_package(data: bytes, limits: Limits) -> Mapping[str, bytes]:
    """The XML parts by name.

    Raises ParseError: ``damaged``, ``encrypted``, or ``zip_bomb`` before anything is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = container.infolist()
            _check(entries, len(data), limits)
            parts = {e.filename: container.read(e) for e in entries if e.filename.endswith(_PARTS)}
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
        raise ParseError("damaged", _DAMAGED) from error
    except (RuntimeError, NotImplementedError) as error:
        raise ParseError("damaged", _DAMAGED) from error
    if any(b"<!DOCTYPE" in part for part in parts.values()):
        raise ParseError("damaged", "Word-filen innehåller otillåten kod och läses inte.")
    return parts


def root_of(part: bytes) -> Any:
    """The part's outermost element. Raises ParseError ``damaged``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise ParseError("damaged", _DAMAGED) from error


def without_hidden(parts: Mapping[str, bytes]) -> bytes:
    """The container packed again, with nothing in it but XML, and no hidden text in that."""
    hidden_styles = set(_hidden_styles(parts))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as container:
        for name, part in parts.items():
            container.writestr(name, _cleared(part, hidden_styles) if _has_text(name) else part)
    return file.getvalue()


def _check(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise ParseError("encrypted", "Filen är skyddad med lösenord och kan inte läsas.")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    absurd = unpacked > _RATIO_FROM_MB * MEGABYTE and unpacked > _MOST_RATIO * max(size, 1)
    if (
        len(entries) > _MOST_ENTRIES
        or unpacked > limits.unpacked_mb * MEGABYTE
        or packed > size  # entries that overlap: the same bytes unpacked again and again
        or absurd
    ):
        message = f"Filen packas upp till orimligt mycket (gränsen är {limits.unpacked_mb} MB)."
        raise ParseError("zip_bomb", message)


def _has_text(name: str) -> bool:
    return name.startswith("word/") and name.count("/") == 1 and name.endswith(".xml")


def _cleared(part: bytes, hidden_styles: set[str]) -> bytes:
    root = root_of(part)
    if etree.QName(root).localname not in _ROOTS:
        return part
    for run in list(_all(root, "r")):
        if _is_hidden(run, hidden_styles):
            run.getparent().remove(run)
    # Fields in their short form hold text that the next reader would pass over.
    for field in list(_all(root, "fldSimple")):
        at = field.getparent().index(field)
        field.getparent()[at : at + 1] = list(field)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _is_hidden(run: Any, hidden_styles: set[str]) -> bool:
    properties = next(_children(run, "rPr"), None)
    if properties is not None:
        own = next(_children(properties, "vanish"), None)
        if own is not None:
            return _is_on(own)
        style = next(_children(properties, "rStyle"), None)
        if style is not None and value(style) in hidden_styles:
            return True
    paragraph = run.getparent()
    for about in _children(paragraph, "pPr"):
        return any(value(style) in hidden_styles for style in _children(about, "pStyle"))
    return False


def _hidden_styles(parts: Mapping[str, bytes]) -> Iterator[str]:
    if "word/styles.xml" not in parts:
        return
    for style in _all(root_of(parts["word/styles.xml"]), "style"):
        for properties in _children(style, "rPr"):
            if any(_is_on(vanish) for vanish in _children(properties, "vanish")):
                yield attribute(style, "styleId")


def value(element: Any) -> str:
    """The ``w:val`` of an element, or ``""``."""
    return attribute(element, "val")


def attribute(element: Any, name: str) -> str:
    """An attribute of Word's own by its local name, or ``""``."""
    return next((str(v) for key, v in element.items() if etree.QName(key).localname == name), "")


def _is_on(element: Any) -> bool:
    return value(element).lower() not in _OFF


def _all(root: Any, name: str) -> Iterator[Any]:
    return (e for e in root.iter("{*}" + name))


def _children(element: Any, name: str) -> Iterator[Any]:
    return (e for e in element.iterchildren("{*}" + name))

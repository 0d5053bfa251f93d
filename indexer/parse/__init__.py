"""Bytes in, Document out: one module a kind of file, and here the choice between them.

Parsers are imported when first needed: the process that parses starts in a blink, and a command
that parses nothing never pays for them. Nothing here touches disk, network or the library.
"""

from __future__ import annotations

from indexer.parse.raw import Limits, RawFile
from indexer.sources import Source
from search.document import Document
from search.errors import ParseError


def parse(raw: RawFile, source: Source, limits: Limits) -> Document:
    """The document that a file or page is.

    Raises ParseError with the reason: ``empty``, ``too_large``, ``unsupported_type``,
    ``encrypted``, ``damaged``, or another that the parser of that kind of file names.
    """
    from indexer.parse import filetype

    filetype.check_size(raw, limits)
    kind = filetype.kind_of(raw)
    if kind == filetype.HTML:
        from indexer.parse import html

        return html.parse(raw, source)
    if kind == filetype.PDF:
        from indexer.parse import pdf

        return pdf.parse(raw, source, limits)
    if kind == filetype.DOCX:
        from indexer.parse import docx

        return docx.parse(raw, source, limits)
    if kind == filetype.TEXT:
        from indexer.parse import plaintext

        return plaintext.parse(raw, source)
    if kind == filetype.ENCRYPTED:
        raise ParseError("encrypted", "Filen är skyddad med lösenord och kan inte läsas.")
    raise filetype.unsupported(kind)

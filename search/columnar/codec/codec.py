"""What Whoosh sees of columnar segments: its codec interface, for reading.

Whoosh's own matchers, wildcards and spelling run on these. They are exact and slow; ranking goes
by ``snapshot``. Writing goes by ``writer``, since Whoosh's way is a call a posting.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whoosh.codec import base
from whoosh.reading import TermInfo, TermNotFound

from search.columnar.codec.matcher import PostingsMatcher
from search.columnar.layout import LENGTH_OF_BYTE, Layout, rounded
from search.columnar.reading.segment import OpenedSegment, opened

#: What a segment's one file is called, after its name.
EXTENSION = ".columns"


def path_of(storage: Any, segment: ColumnarSegment) -> Path:
    """A segment's file. ``storage`` is Whoosh's, of a folder."""
    return Path(storage.folder, str(segment.make_filename(EXTENSION)))


class ColumnarSegment(base.Segment):  # type: ignore[misc]
    """A segment as the table of contents has it: its name, size and deleted documents."""

    def __init__(self, codec: ColumnarCodec, index_name: str) -> None:
        super().__init__(index_name)
        self._codec = codec
        self._count = 0
        self._deleted: set[int] = set()

    def codec(self) -> ColumnarCodec:
        """The codec, and with it the layout, that wrote the segment."""
        return self._codec

    def set_doc_count(self, count: int) -> None:
        """Say how many documents were written."""
        self._count = count

    def doc_count_all(self) -> int:
        """Documents, deleted ones included."""
        return self._count

    def deleted_count(self) -> int:
        """Deleted documents."""
        return len(self._deleted)

    def deleted_docs(self) -> frozenset[int]:
        """Deleted documents' numbers."""
        return frozenset(self._deleted)

    def delete_document(self, number: int, delete: bool = True) -> None:
        """Mark a document as deleted, or no longer so."""
        # A set of its own: readers hold the table that this segment was read from.
        change = {number}
        self._deleted = self._deleted | change if delete else self._deleted - change

    def is_deleted(self, number: int) -> bool:
        """Whether a document is deleted."""
        return number in self._deleted

    def should_assemble(self) -> bool:
        """It is one file already."""
        return False


class ColumnarCodec(base.Codec):  # type: ignore[misc]
    """Segments of one file of arrays, laid out as ``layout`` says."""

    length_stats = False

    def __init__(self, layout: Layout | None = None) -> None:
        self.layout = layout or Layout()

    def new_segment(self, storage: Any, indexname: str) -> ColumnarSegment:
        """A segment that nothing is written of."""
        return ColumnarSegment(self, indexname)

    def terms_reader(self, storage: Any, segment: ColumnarSegment) -> TermsReader:
        """Terms and postings."""
        return TermsReader(opened(path_of(storage, segment)))

    def per_document_reader(self, storage: Any, segment: ColumnarSegment) -> DocumentReader:
        """Lengths and stored fields."""
        return DocumentReader(opened(path_of(storage, segment)), segment)

    def per_document_writer(self, storage: Any, segment: ColumnarSegment) -> NoWriter:
        """Nothing is written this way."""
        return NoWriter()

    def field_writer(self, storage: Any, segment: ColumnarSegment) -> NoWriter:
        """Nothing is written this way."""
        return NoWriter()


class NoWriter:
    """Stands where Whoosh's writer has writers of its own. Writing to it is an error."""

    is_closed = True

    def close(self) -> None:
        """There is nothing to close."""


class TermsReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment. Terms are (field, bytes)."""

    def __init__(self, segment: OpenedSegment) -> None:
        self._segment = segment

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return self._segment.number(*term) >= 0

    def cursor(self, fieldname: str, fieldobj: Any) -> TermCursor:
        """Walks a field's terms."""
        return TermCursor(self._segment, fieldname, fieldobj)

    def indexed_field_names(self) -> list[str]:
        """Fields that have terms."""
        return [name for name, fact in self._segment.fields.items() if fact["first"] < fact["last"]]

    def terms(self) -> Iterator[tuple[str, bytes]]:
        """All terms, in order."""
        for name, fact in sorted(self._segment.fields.items()):
            for number in range(fact["first"], fact["last"]):
                yield name, self._segment.term(number)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms of a field from a text on."""
        if fieldname not in self._segment.fields:
            return
        last = self._segment.fields[fieldname]["last"]
        for number in range(self._segment.following(fieldname, prefix), last):
            yield fieldname, self._segment.term(number)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """All terms and their figures."""
        for term in self.terms():
            yield term, self.term_info(*term)

    def items_from(
        self, fieldname: str, prefix: bytes
    ) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        """The terms of a field from a text on, and their figures."""
        for term in self.terms_from(fieldname, prefix):
            yield term, self.term_info(*term)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        """A term's figures, lengths as Whoosh rounds them. Raises KeyError."""
        number = self._found(fieldname, text)
        documents, frequencies, lengths = self._segment.postings_of(number)
        return TermInfo(
            weight=float(frequencies.sum()),
            df=len(documents),
            minlength=int(LENGTH_OF_BYTE[lengths.min()]),
            maxlength=int(LENGTH_OF_BYTE[lengths.max()]),
            maxweight=float(frequencies.max()),
            minid=int(documents[0]),
            maxid=int(documents[-1]),
        )

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        """How many documents have a term, deleted ones included."""
        return self._segment.find((fieldname,), text)[0].documents

    def matcher(
        self, fieldname: str, text: bytes, format_: Any, scorer: Any = None
    ) -> PostingsMatcher:
        """Walks a term's postings. Raises TermNotFound."""
        number = self._segment.number(fieldname, text)
        if number < 0:
            raise TermNotFound(f"{fieldname}:{text!r}")
        return PostingsMatcher(self._segment, fieldname, number, text, format_, scorer)

    def _found(self, fieldname: str, text: bytes) -> int:
        number = self._segment.number(fieldname, text)
        if number < 0:
            raise KeyError(f"{fieldname}:{text!r}")
        return number


class TermCursor(base.FieldCursor):  # type: ignore[misc]
    """Walks a field's terms in order."""

    def __init__(self, segment: OpenedSegment, fieldname: str, fieldobj: Any) -> None:
        self._segment, self._name, self._field = segment, fieldname, fieldobj
        fact = segment.fields.get(fieldname, {"first": 0, "last": 0})
        self._first, self._last = fact["first"], fact["last"]
        self._at = self._first

    def first(self) -> Any:
        """To the first term."""
        self._at = self._first
        return self.text()

    def find(self, string: Any) -> Any:
        """To the first term that is not before a text."""
        if self._first < self._last:
            text = string if isinstance(string, bytes) else self._field.to_bytes(string)
            self._at = self._segment.following(self._name, text)
        return self.text()

    def next(self) -> Any:
        """To the next term."""
        self._at = min(self._at + 1, self._last)
        return self.text()

    def text(self) -> Any:
        """The term here; None behind the last."""
        return self._field.from_bytes(self.term()) if self.is_valid() else None

    def term(self) -> bytes:
        """The bytes of the term here."""
        return self._segment.term(self._at)

    def is_valid(self) -> bool:
        """Whether it stands on a term."""
        return bool(self._at < self._last)


class DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """The documents of a segment, of which some may be deleted."""

    def __init__(self, segment: OpenedSegment, entry: ColumnarSegment) -> None:
        self.segment = segment
        self._entry = entry

    def doc_count(self) -> int:
        """Documents that are not deleted."""
        return int(self._entry.doc_count())

    def doc_count_all(self) -> int:
        """Documents, deleted ones included."""
        return self._entry.doc_count_all()

    def has_deletions(self) -> bool:
        """Whether any is deleted."""
        return bool(self._entry.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        """Whether one is deleted."""
        return self._entry.is_deleted(docnum)

    def deleted_docs(self) -> frozenset[int]:
        """The numbers of deleted ones."""
        return self._entry.deleted_docs()

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        """A field's length in a document, as Whoosh rounds it."""
        lengths = self.segment.lengths(fieldname)
        return default if lengths is None else rounded(lengths[docnum])

    def field_length(self, fieldname: str) -> int:
        """A field's length in all documents, exact."""
        return int(self.segment.fields.get(fieldname, {"length": 0})["length"])

    def min_field_length(self, fieldname: str) -> int:
        """The least length of a field."""
        lengths = self.segment.lengths(fieldname)
        return 0 if lengths is None else rounded(lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        """The greatest length of a field."""
        lengths = self.segment.lengths(fieldname)
        return 0 if lengths is None else rounded(lengths.max())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """All that is stored of a document."""
        fields = self.segment.head(docnum)
        for name in self.segment.texts:
            if text := self.segment.stored_text(name, docnum):
                fields[name] = text.decode("utf-8", "surrogatepass")
        return fields

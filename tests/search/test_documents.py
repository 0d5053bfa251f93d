from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from search import documents as tested
from search.document import Document, Variant, VariantKind
from search.documents import Documents
from search.results import StoredDocument

MakeDocument = Callable[..., Document]


class Reader:
    """Reads from a list, and counts."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents
        self.read: Counter[int] = Counter()

    def __call__(self, number: int) -> StoredDocument:
        self.read[number] += 1
        return StoredDocument(self.documents[number], (), "")

    def all(self) -> Documents:
        numbers = {document.key: number for number, document in enumerate(self.documents)}
        return Documents(len(self.documents), numbers, self)


def test_a_document_is_read_when_it_is_asked_for_and_then_kept(document: MakeDocument) -> None:
    reader = Reader([document(f"gr:{n}") for n in range(5)])
    documents = reader.all()
    assert (len(documents), reader.read) == (5, {})
    assert documents[3] is documents[-2]
    assert [item.document.key for item in documents[1:4]] == ["gr:1", "gr:2", "gr:3"]
    assert reader.read == {1: 1, 2: 1, 3: 1}
    with pytest.raises(IndexError):
        documents[5]


def test_no_more_are_kept_than_there_is_room_for(
    document: MakeDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tested, "KEPT", 2)
    reader = Reader([document(f"gr:{n}") for n in range(4)])
    documents = reader.all()
    assert [item.document.key for item in documents] == ["gr:0", "gr:1", "gr:2", "gr:3"]
    assert [documents[n].document.key for n in (3, 2, 0)] == ["gr:3", "gr:2", "gr:0"]
    assert reader.read == {0: 2, 1: 1, 2: 1, 3: 1}


def test_a_variant_has_the_title_of_its_document_and_no_key_where_there_is_none(
    document: MakeDocument,
) -> None:
    variants = (
        Variant(VariantKind.PAGE, "gr:2", "länk"),
        Variant(VariantKind.PAGE, "gr:borta", "länk"),
    )
    first = replace(document("gr:1"), variants=variants)
    found = Reader([first, document("gr:2", "Medling")]).all()[0].document.variants
    assert [(variant.key, variant.title) for variant in found] == [
        ("gr:2", "Medling"),
        ("", "länk"),
    ]


def test_what_is_known_of_the_main_document_holds_for_its_variant(document: MakeDocument) -> None:
    main = document("gr:main", facets={"type": ("rapport",)})
    facets = {"type": ("ovrigt",), "topic": ("gang",)}
    variant = replace(document("gr:pdf", facets=facets), work="gr:main")
    for order in ([main, variant], [variant, main]):
        documents = Reader(order).all()
        shown = documents[order.index(variant)].document
        assert shown.facets == {"type": ("rapport",), "topic": ("gang",)}
        assert documents[order.index(main)].document is main

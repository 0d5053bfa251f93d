"""What tests share: small documents, an index to publish them in, and the project's places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from search.document import Block, Document, Section
from search.index import Index
from search.searcher import Searcher

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def vocabulary() -> Path:
    return ROOT / "corpus" / "vocabulary"


def make_document(key: str, title: str = "Titel", *texts: str, **fields: object) -> Document:
    """A document with one section of paragraphs."""
    values: dict[str, object] = {
        "key": key,
        "source": key.partition(":")[0],
        "title": title,
        "sections": (Section((), 0, tuple(Block(text) for text in texts)),),
    }
    return Document(**{**values, **fields})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def document() -> Callable[..., Document]:
    return make_document


@pytest.fixture
def publish(tmp_path: Path) -> Callable[..., Index]:
    """Publish documents as the next generation of an index in a temporary folder."""
    index = Index(tmp_path / "index")

    def put(documents: Sequence[Document], removed: Sequence[str] = (), **options: bool) -> Index:
        revision = (index.current().revision if index.current() else 0) + 1  # type: ignore[union-attr]
        labels = {"source": {"gr": "GR", "bra": "Brå"}}
        with (
            index.locked(5),
            index.batch(revision=revision, labels=labels, keep=3, **options) as batch,
        ):
            for key in removed:
                batch.remove(key)
            for item in documents:
                batch.put(
                    item, fingerprint=item.title, source_label=labels["source"].get(item.source, "")
                )
        return index

    return put


@pytest.fixture
def searcher(publish: Callable[..., Index], vocabulary: Path) -> Callable[..., Searcher]:
    """Publish documents and search them."""

    def make(*documents: Document) -> Searcher:
        return Searcher(publish(documents).path, vocabulary)

    return make

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from indexer.grouping import group
from indexer.history import Outcome
from indexer.intake import Arrival, Intake
from indexer.library import Library, fingerprint
from indexer.parse.raw import RawFile
from indexer.sources import Source
from search.document import Document, Link, VariantKind

PAGE, FILE = "bra:2022-04-10-medling", "file:18.ab"
PAGE_URL = "https://bra.se/rapporter/arkiv/2022-04-10-medling"
FILE_URL = "https://bra.se/download/18.ab/1600000000000/medling.pdf"
TITLE = "Medling i kommunerna"
LONG = " ".join(f"ord{number}" for number in range(60))

Store = Callable[..., Outcome]


@pytest.fixture
def bra(sources: Mapping[str, Source]) -> Source:
    return sources["bra"]


@pytest.fixture
def store(library: Library, document: Callable[..., Document]) -> Store:
    def keep(key: str, *texts: str, title: str = TITLE, **fields: object) -> Outcome:
        made = document(key, title, *texts, **{"source": "bra", **fields})
        return library.store(made, made.title.encode(), origin=made.url or key, parsed_by="p1")

    return keep


@pytest.fixture
def report(store: Store) -> None:
    """A page that presents a report, and the report."""
    links = (Link(TITLE, FILE_URL),)
    store(PAGE, "Om.", url=PAGE_URL, links=links, facets={"type": ("rapport",)})
    store(FILE, "Allt.", url=FILE_URL, content_type="application/pdf")


def now(library: Library, key: str) -> Document:
    version = library.version(key)
    assert version is not None
    return version.document


def test_what_belongs_together_says_so_in_a_new_version(
    library: Library, bra: Source, report: None
) -> None:
    before = library.state_at(library.revision())
    assert group(library, bra) == 2
    after = library.state_at(library.revision())
    assert all(before[key] != after[key] for key in (PAGE, FILE))
    for key in (PAGE, FILE):
        version = library.version(key)
        assert version is not None
        assert version.document.work == PAGE
        assert [v.kind for v in version.document.variants] == [VariantKind.PAGE, VariantKind.FULL]
        assert version.fingerprint == fingerprint(version.document, version.digest)
        assert library.blob(version.digest) == TITLE.encode()


def test_a_second_time_there_is_nothing_to_do(library: Library, bra: Source, report: None) -> None:
    group(library, bra)
    revision = library.revision()
    assert group(library, bra) == 0
    assert library.revision() == revision


def test_documents_that_belong_with_no_other_are_left_alone(
    library: Library, bra: Source, store: Store
) -> None:
    store("bra:a", LONG, title="Medling")
    store("bra:b", LONG, title="Annat")
    assert group(library, bra) == 0
    assert library.revision() == 2


def test_a_removed_document_leaves_its_work(library: Library, bra: Source, report: None) -> None:
    group(library, bra)
    library.remove(FILE, "gone")
    assert group(library, bra) == 1
    assert (now(library, PAGE).work, now(library, PAGE).variants) == ("", ())
    assert library.version(FILE) is None


def test_a_document_whose_page_is_gone_is_a_work_of_its_own(
    library: Library, bra: Source, report: None
) -> None:
    group(library, bra)
    library.remove(PAGE, "gone")
    assert group(library, bra) == 1
    assert (now(library, FILE).work, now(library, FILE).variants) == ("", ())


def test_another_source_is_not_touched(
    library: Library, sources: Mapping[str, Source], report: None
) -> None:
    assert group(library, sources["skr"]) == 0


def test_the_same_text_twice_is_one_work_and_little_text_is_not(
    library: Library, bra: Source, store: Store
) -> None:
    store("bra:a", LONG)
    store("bra:b", LONG)
    store("bra:c", "Kort.", title="Tom")
    store("bra:d", "Kort.", title="Tom")
    store("bra:e", LONG + " med mera")
    assert group(library, bra) == 2
    assert [now(library, f"bra:{name}").work for name in "abcde"] == ["bra:a", "bra:a", "", "", ""]


def test_no_title_of_another_document_stands_in_a_variant(
    library: Library, bra: Source, report: None
) -> None:
    """So that a document can be forgotten without a word of it left in others."""
    group(library, bra)
    assert {v.title for v in now(library, PAGE).variants} == {""}


HTML = (
    f'<html lang="sv"><body><main><h1>{TITLE}</h1><p>Så här gick det.</p>'
    f'<p><a href="{FILE_URL}">{TITLE}</a></p></main></body></html>'
)


def take(intake: Intake, html: str) -> Outcome:
    raw = RawFile(html.encode(), "medling", "bra", PAGE, PAGE_URL, "text/html")
    return intake.take(Arrival(raw, PAGE_URL)).outcome


def test_a_page_that_is_read_again_keeps_its_work(
    library: Library, intake: Intake, bra: Source, store: Store
) -> None:
    take(intake, HTML)
    store(FILE, "Allt.", url=FILE_URL, content_type="application/pdf")
    assert group(library, bra) == 2
    revision = library.revision()
    assert take(intake, HTML) is Outcome.UNCHANGED
    # Other bytes with the same text, and other rules that read the same.
    assert take(intake, HTML.replace("<main>", "<main><!-- 12.03 -->")) is Outcome.UNCHANGED
    intake.parsed_by = "p2"
    assert take(intake, HTML) is Outcome.UNCHANGED
    assert group(library, bra) == 0
    assert library.revision() == revision
    assert take(intake, HTML.replace("gick", "kom")) is Outcome.CHANGED
    assert now(library, PAGE).work == PAGE
    assert group(library, bra) == 0


def test_what_is_taken_in_is_told_as_it_was_read(
    library: Library, intake: Intake, bra: Source, store: Store
) -> None:
    """A crawl compares texts, which belonging together is no part of."""
    take(intake, HTML)
    store(FILE, "Allt.", url=FILE_URL, content_type="application/pdf")
    group(library, bra)
    raw = RawFile(HTML.encode() + b" ", "medling", "bra", PAGE, PAGE_URL, "text/html")
    read = intake.read_and_take(Arrival(raw, PAGE_URL)).document
    assert read is not None
    assert (read.work, read.variants) == ("", ())

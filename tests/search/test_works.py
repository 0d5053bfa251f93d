"""One hit a work: its best variant, counted once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from search.document import DatedBy, DateGround, Document, Variant, VariantKind
from search.query import read_query
from search.results import Results
from search.searcher import Searcher

Make = Callable[..., Searcher]

PAGE, FILE = "bra:medling", "file:18.ab"
VARIANTS = (
    Variant(VariantKind.PAGE, PAGE, "", "https://bra.se/medling"),
    Variant(VariantKind.FULL, FILE, "", "https://bra.se/medling.pdf"),
    Variant(VariantKind.SUMMARY, "file:18.cd", "", "https://bra.se/kort.pdf"),
)


@pytest.fixture
def pair(document: Callable[..., Document]) -> tuple[Document, Document]:
    """The page of a report and the report, in which alone stands what a trade union does."""
    work = {"source": "bra", "work": PAGE, "variants": VARIANTS}
    page = document(
        PAGE,
        "Medling",
        "Om medling och en rapport.",
        facets={"type": ("rapport",)},
        published=DatedBy(date(2022, 4, 10), DateGround.SLUG),
        **work,
    )
    text = "Medling vid brott i tingsrätten. " * 5
    return page, document(
        FILE,
        "Medling i tal",
        text,
        "Fackförbundet är med.",
        facets={"type": ("ovrigt",), "topic": ("gang",)},
        published=DatedBy(date(2023, 1, 1), DateGround.TIME),
        **work,
    )


def ask(searcher: Searcher, text: str, **options: object) -> Results:
    return searcher.search(read_query(text, **options))  # type: ignore[arg-type]


def keys(results: Results) -> list[str]:
    return [hit.document.key for hit in results.hits]


def test_a_work_is_one_hit_shown_as_its_best_variant(
    searcher: Make, pair: tuple[Document, Document]
) -> None:
    site = searcher(*pair)
    for question, best in (("fackförbundet", FILE), ("rapport", PAGE)):
        results = ask(site, question)
        assert (keys(results), results.total) == ([best], 1)


def test_a_work_has_the_place_and_the_points_of_its_best_variant(
    searcher: Make, pair: tuple[Document, Document], document: Callable[..., Document]
) -> None:
    other = document("bra:annan", "Annat", "Om medling.")
    together = ask(searcher(*pair, other), "medling").hits
    apart = [replace(made, work="", variants=()) for made in pair]
    best, *rest = ask(searcher(*apart, other), "medling").hits
    assert len(rest) == 2
    assert (together[0].document.key, together[0].score) == (best.document.key, best.score)
    assert [hit.document.key for hit in together[1:]] == ["bra:annan"]


def test_its_passages_are_the_best_variants_own(
    searcher: Make, pair: tuple[Document, Document]
) -> None:
    (hit,) = ask(searcher(*pair), "fackförbundet medling").hits
    assert hit.document.key == FILE
    assert "Fackförbundet" in hit.passages[0].passage.text


def test_a_hit_says_what_else_the_work_is_published_as(
    searcher: Make, pair: tuple[Document, Document]
) -> None:
    (hit,) = ask(searcher(*pair), "fackförbundet").hits
    assert [(v.kind, v.key, v.title) for v in hit.document.other_variants] == [
        (VariantKind.PAGE, PAGE, "Medling"),
        # Not published: known by its address only.
        (VariantKind.SUMMARY, "", ""),
    ]


def test_a_work_is_counted_once_in_total_and_facets(
    searcher: Make, pair: tuple[Document, Document], document: Callable[..., Document]
) -> None:
    other = document("bra:annan", "Annan medling", "Medling.", facets={"type": ("nyhet",)})
    results = ask(searcher(*pair, other), "medling")
    assert results.total == 2
    counted = {facet: {c.value: c.count for c in results.facets[facet]} for facet in results.facets}
    assert counted["source"] == {"bra": 2}
    assert counted["type"] == {"rapport": 1, "nyhet": 1}


def test_what_the_main_document_is_its_variants_are(
    searcher: Make, pair: tuple[Document, Document]
) -> None:
    site = searcher(*pair)
    for filters in ({"type": ("rapport",)}, {"topic": ("gang",)}, {"year": ("2022",)}):
        assert keys(ask(site, "fackförbundet", filters=filters)) == [FILE]
    for filters in ({"type": ("ovrigt",)}, {"year": ("2023",)}):
        assert keys(ask(site, "fackförbundet", filters=filters)) == []
    (hit,) = ask(site, "fackförbundet").hits
    assert hit.document.facets == {"type": ("rapport",), "topic": ("gang",)}


def test_pages_of_results_have_every_work_once(
    searcher: Make, document: Callable[..., Document]
) -> None:
    made = [
        document(f"bra:{n}-{part}", f"Medling {n}", "Medling. " * (1 + part), work=f"bra:{n}-0")
        for n in range(7)
        for part in range(3)
    ]
    site = searcher(*made)
    pages = [ask(site, "medling", page=number, page_size=3) for number in (1, 2, 3)]
    assert [results.total for results in pages] == [7, 7, 7]
    assert [len(results.hits) for results in pages] == [3, 3, 1]
    works = [hit.document.work for results in pages for hit in results.hits]
    assert sorted(works) == sorted({document.work for document in made})


def test_variants_go_together_when_their_main_document_is_not_published(
    searcher: Make, pair: tuple[Document, Document], document: Callable[..., Document]
) -> None:
    summary = document("file:18.cd", "Medling", "Medling.", work=PAGE, variants=VARIANTS)
    assert ask(searcher(pair[1], summary), "medling").total == 1


def test_every_document_is_found_by_its_key(
    searcher: Make, pair: tuple[Document, Document]
) -> None:
    site = searcher(*pair)
    for made in pair:
        stored = site.document(made.key)
        assert stored is not None
        assert stored.document.title == made.title

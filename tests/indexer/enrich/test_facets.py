from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.enrich.facets import with_facets
from indexer.enrich.taxonomy import Taxonomy, load_taxonomy
from search.document import Block, Document, Section

Make = Callable[..., Document]


@pytest.fixture(scope="module")
def taxonomy(vocabulary: Path) -> Taxonomy:
    return load_taxonomy(vocabulary / "taxonomy.toml")


def sections(heading: str, *texts: str) -> tuple[Section, ...]:
    return (Section((heading,), 2, tuple(Block(text) for text in texts)),)


def test_a_title_speaks_for_a_topic(document: Make, taxonomy: Taxonomy) -> None:
    found = with_facets(document("a:1", "Motverka välfärdsbrott"), taxonomy)
    assert found.facets["topic"] == ("valfardsbrott",)


def test_a_body_alone_never_suffices(document: Make, taxonomy: Taxonomy) -> None:
    found = with_facets(document("a:1", "Titel", *["Om välfärdsbrott."] * 50), taxonomy)
    assert "topic" not in found.facets


def test_a_heading_that_the_text_takes_up_suffices(document: Make, taxonomy: Taxonomy) -> None:
    only_heading = document("a:1", sections=sections("Välfärdsbrott", "Om annat."))
    taken_up = document("a:1", sections=sections("Välfärdsbrott", "Mot välfärdsbrott."))
    assert "topic" not in with_facets(only_heading, taxonomy).facets
    assert with_facets(taken_up, taxonomy).facets["topic"] == ("valfardsbrott",)


def test_what_nothing_speaks_for_has_no_value_but_a_type(
    document: Make, taxonomy: Taxonomy
) -> None:
    assert with_facets(document("a:1", "Titel", "Text."), taxonomy).facets == {"type": ("ovrigt",)}


def test_a_kicker_beats_the_title_and_an_address_the_kicker(
    document: Make, taxonomy: Taxonomy
) -> None:
    news = document("a:1", "Nytt metodstöd och en handbok", kicker="Nyhet")
    assert with_facets(news, taxonomy).facets["type"] == ("nyhet",)
    placed = document("a:1", kicker="Nyhet", url="https://bra.se/forebygga-brott/erfarenhetsbank/x")
    assert with_facets(placed, taxonomy).facets["type"] == ("utvardering",)


def test_of_several_types_the_first_in_the_taxonomy_wins(
    document: Make, taxonomy: Taxonomy
) -> None:
    found = with_facets(document("a:1", "Handbok: en rapport"), taxonomy)
    assert found.facets["type"] == ("metodstod",)


def test_an_agency_named_for_extremism_is_no_extremism(document: Make, taxonomy: Taxonomy) -> None:
    found = with_facets(document("a:1", "CVE presenterade sitt arbete", "CVE."), taxonomy)
    assert "topic" not in found.facets


def test_facets_are_found_anew(document: Make, taxonomy: Taxonomy) -> None:
    old = document("a:1", "Titel", facets={"topic": ("gang",), "type": ("rapport",)})
    assert with_facets(old, taxonomy).facets == {"type": ("ovrigt",)}

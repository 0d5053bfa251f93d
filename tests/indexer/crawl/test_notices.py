"""Pages that are no documents though they answer as one: soft 404s, and pages that lead on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.crawl.notices import only_leads_on, says_it_is_gone
from search.document import Block, BlockKind, Document, Section


def page(title: str, *texts: str, headings: tuple[str, ...] = ()) -> Document:
    sections = [Section(blocks=tuple(Block(text) for text in texts))]
    sections += [
        Section((heading,), 2, (Block("En kort puff om något annat."),)) for heading in headings
    ]
    return Document(key="k", source="bra", title=title, sections=tuple(sections))


@pytest.mark.parametrize(
    "title",
    [
        "Sidan finns inte",
        "Sidan du söker finns inte",
        "Sidan kunde inte hittas",
        "Sidan hittades inte",
        "404 – sidan saknas",
        "404",
        "Fel 404",
        "Artikeln har tagits bort",
        "Dokumentet kan inte visas",
        "Page not found",
    ],
)
def test_a_notice_is_known_by_its_title(title: str) -> None:
    assert says_it_is_gone(page(title, "Sidan kan ha flyttats. Sök gärna efter den."))


@pytest.mark.parametrize(
    "title",
    [
        "När barn inte hittas",
        "Försvunna personer som inte hittas",
        "Medling vid brott",
        "Den osynliga sidan av hedersförtryck",
        "Lägesbild 404 kommuner",
        "Vad finns inte i statistiken?",
        "Innehåll och upplägg",
    ],
)
def test_a_title_about_something_is_no_notice(title: str) -> None:
    assert not says_it_is_gone(page(title, "En text."))


@given(st.integers(121, 900))
def test_a_long_text_is_never_a_notice(words: int) -> None:
    assert not says_it_is_gone(page("Sidan finns inte", "ord " * words))


def test_a_list_of_links_leads_on() -> None:
    block = Block("– Medling\n– Grannsamverkan\n– Nattvandring", BlockKind.LIST)
    lists = Document(key="k", source="bra", title="Metoder", sections=(Section(blocks=(block,)),))
    assert only_leads_on(lists, ["Medling", "Grannsamverkan", "Nattvandring"])


def test_teasers_under_linked_headings_lead_on() -> None:
    headings = ("Medling", "Grannsamverkan", "Nattvandring")
    assert only_leads_on(page("Metoder", headings=headings), headings)


@pytest.mark.parametrize("linked", [(), ("Medling",), ("Läs mer",)])
def test_an_article_with_some_links_does_not(linked: tuple[str, ...]) -> None:
    article = page(
        "Medling", "Medling är ett samtal. " * 9, headings=("Så går det till", "Medling")
    )
    assert not only_leads_on(article, linked)


@given(st.lists(st.text("abc åäö", min_size=1, max_size=20), max_size=30))
def test_a_text_of_its_own_is_never_taken_for_a_list(links: list[str]) -> None:
    article = page("Rapport", " ".join(f"ZX{n}QW" for n in range(60)))
    assert not only_leads_on(article, links)

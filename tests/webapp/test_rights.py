"""How much of a text the site shows, and where search engines are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search.document import Block, Document, Link, Section
from search.passages import as_far_as_shown as passages_shown
from search.passages import passages_of
from search.results import MOST_PASSAGES, SHOW, Passage, StoredDocument
from tests.webapp.conftest import LABELS
from webapp.public.rights import as_far_as_shown

KEY, SOURCE = "bra:rapport", "https://bra.se/rapport"
WORDS = ("alfa", "beta", "gamma", "delta", "epsilon", "medling")


def report(url: str = SOURCE, words: Sequence[str] = WORDS, **fields: Any) -> Document:
    sections = tuple(Section((word,), 2, (Block(f"Om {word} och mer."),)) for word in words)
    given = {"lead": "Ingressen om medling.", "links": (Link("Länken", SOURCE),), **fields}
    return Document(key=KEY, source="bra", title="Rapport", sections=sections, url=url, **given)


def page(client: FlaskClient, engine: Any, right: str, address: str = KEY) -> BeautifulSoup:
    engine.documents = (report(),)
    engine.labels_given = {**LABELS, SHOW: {"bra": right}}
    return BeautifulSoup(client.get(f"/dokument/{address}").get_data(as_text=True), "lxml")


def said(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def texts(soup: BeautifulSoup) -> list[str]:
    return [word for word in WORDS if f"Om {word} och mer." in said(soup)]


def test_a_source_that_lets_us_is_shown_in_full(client: FlaskClient, engine: Any) -> None:
    soup = page(client, engine, "full")
    assert texts(soup) == list(WORDS)
    assert "Läs hela texten" not in said(soup)


def test_of_others_the_first_three_passages_are_shown(client: FlaskClient, engine: Any) -> None:
    soup = page(client, engine, "passages")
    assert texts(soup) == ["alfa", "beta", "gamma"]
    assert "Här ser du de 3 första av textens 6 delar. Läs hela texten hos bra.se ." in said(soup)


def test_or_those_that_answer_the_question(client: FlaskClient, engine: Any) -> None:
    soup = page(client, engine, "passages", f"{KEY}?q=medling")
    assert "medling" in texts(soup)
    assert len(texts(soup)) == 3
    assert "3 av textens 6 delar, med det som bäst svarar på din sökning" in said(soup)


def test_where_a_part_of_a_chapter_is_left_out_the_page_says_so(
    client: FlaskClient, engine: Any
) -> None:
    blocks = tuple(Block(f"Om {word} och mer. " + "Ord ord. " * 99) for word in WORDS)
    engine.documents = (replace(report(), sections=(Section(("Ett",), 2, blocks),)),)
    engine.labels_given = {**LABELS, SHOW: {"bra": "passages"}}
    html = client.get(f"/dokument/{KEY}?q=medling").get_data(as_text=True)
    soup = BeautifulSoup(html, "lxml")
    assert texts(soup) == ["alfa", "beta", "medling"]
    assert said(soup).count("[…]") == 1


def test_a_short_text_is_shown_whole(client: FlaskClient, engine: Any) -> None:
    engine.documents = (report(words=WORDS[:3]),)
    engine.labels_given = {**LABELS, SHOW: {"bra": "passages"}}
    soup = BeautifulSoup(client.get(f"/dokument/{KEY}?q=beta").get_data(as_text=True), "lxml")
    assert texts(soup) == list(WORDS[:3])
    assert "Läs hela texten" not in said(soup)


def test_a_heading_with_nothing_under_it_is_none_of_the_three(
    client: FlaskClient, engine: Any
) -> None:
    bare = tuple(Section((name,), 2) for name in ("Del ett", "Del två"))
    engine.documents = (replace(report(), sections=(*bare, *report().sections)),)
    engine.labels_given = {**LABELS, SHOW: {"bra": "passages"}}
    soup = BeautifulSoup(client.get(f"/dokument/{KEY}").get_data(as_text=True), "lxml")
    assert texts(soup) == ["alfa", "beta", "gamma"]
    assert "de 3 första av textens 6 delar" in said(soup)


def test_the_way_to_the_source_stands_above_the_text_and_below_it(
    client: FlaskClient, engine: Any
) -> None:
    soup = page(client, engine, "passages")
    order = [
        "source" if tag.name == "a" else "text"
        for tag in soup.select(f'.head a[href="{SOURCE}"], .passage, .text > p a.button')
    ]
    assert order == ["source", "source", "text", "text", "text", "source"]


def test_of_a_snippet_source_no_passage_is_shown(client: FlaskClient, engine: Any) -> None:
    soup = page(client, engine, "snippet")
    assert texts(soup) == []
    notice = "Metodsök visar bara uppgifter om det här dokumentet. Läs texten hos bra.se ."
    assert notice in said(soup)
    assert "Ingressen" not in said(soup)
    assert "Länken" not in said(soup)


def test_not_even_of_a_snippet_source_s_shortest_text(client: FlaskClient, engine: Any) -> None:
    engine.documents = (report(words=()),)
    engine.labels_given = {**LABELS, SHOW: {"bra": "snippet"}}
    soup = BeautifulSoup(client.get(f"/dokument/{KEY}").get_data(as_text=True), "lxml")
    assert "Ingressen" not in said(soup)
    assert "Läs texten hos bra.se" in said(soup)


@pytest.mark.parametrize(("right", "has_lead"), [("snippet", 0), ("passages", 1), ("full", 1)])
def test_of_a_snippet_source_a_hit_shows_excerpts_only(
    client: FlaskClient, engine: Any, right: str, has_lead: int
) -> None:
    engine.documents = (report(),)
    engine.labels_given = {**LABELS, SHOW: {"bra": right}}
    soup = BeautifulSoup(client.get("/sok?q=medling").get_data(as_text=True), "lxml")
    assert len(soup.select(".hit .lead")) == has_lead
    assert "Om medling och mer." in " ".join(said(soup).split())
    assert 1 <= len(soup.select(".hit .passages li")) <= MOST_PASSAGES
    (link,) = soup.select(f'.hit a[href="{SOURCE}"]')
    assert link.get_text() == "Läs hos bra.se"


@pytest.mark.parametrize("right", ["", "allt", "none"])
def test_what_is_no_right_shows_the_least(client: FlaskClient, engine: Any, right: str) -> None:
    assert texts(page(client, engine, right)) == []


def test_a_source_that_a_generation_says_nothing_of_shows_passages(
    client: FlaskClient, engine: Any
) -> None:
    engine.documents = (report(),)
    engine.labels_given = {name: table for name, table in LABELS.items() if name != SHOW}
    soup = BeautifulSoup(client.get(f"/dokument/{KEY}").get_data(as_text=True), "lxml")
    assert len(texts(soup)) == 3


@pytest.mark.parametrize("right", ["snippet", "passages", "full"])
def test_the_source_is_linked_and_is_the_address_for_search_engines(
    client: FlaskClient, engine: Any, right: str
) -> None:
    soup = page(client, engine, right)
    canonical, robots = soup.select_one("link[rel=canonical]"), soup.select_one("meta[name=robots]")
    assert canonical is not None and canonical["href"] == SOURCE
    assert robots is not None and robots["content"] == "noindex"
    assert client.get(f"/dokument/{KEY}").headers["X-Robots-Tag"] == "noindex"
    assert soup.select(f'main a[href="{SOURCE}"]')


def test_search_engines_may_fetch_a_copy_or_they_would_not_see_that_it_is_one(
    client: FlaskClient,
) -> None:
    assert "/dokument" not in client.get("/robots.txt").get_data(as_text=True)


def test_an_address_that_is_none_is_nobodys_canonical(client: FlaskClient, engine: Any) -> None:
    engine.documents = (report("javascript:alert(1)"),)
    assert "canonical" not in client.get(f"/dokument/{KEY}").get_data(as_text=True)


def test_an_example_is_a_copy_of_nobody_s_page(client: FlaskClient, engine: Any) -> None:
    engine.documents = (report(notices=("example",)),)
    assert "canonical" not in client.get(f"/dokument/{KEY}").get_data(as_text=True)


@given(
    st.integers(0, 40),
    st.lists(st.integers(-3, 50), max_size=9),
    st.sampled_from(["snippet", "passages"]),
)
def test_never_more_than_three_passages_are_shown(number: int, best: list[int], right: str) -> None:
    passages = tuple(Passage(n, f"text {n}" if n % 5 else "") for n in range(1, number + 1))
    shown = as_far_as_shown(StoredDocument(report(), passages), right, best)
    kept = shown.stored.passages
    saying = [passage for passage in kept if passage.text]
    assert len(saying) == shown.passages <= MOST_PASSAGES
    assert right != "snippet" or not kept
    assert shown.by_passages == (right == "passages")
    assert list(kept) == sorted(kept, key=lambda passage: passage.number)


@given(st.lists(st.integers(0, 700), max_size=9), st.sampled_from(["snippet", "passages"]))
def test_nor_from_the_library(lengths: list[int], right: str) -> None:
    blocks = tuple(Block("Ord här. " * (length // 2)) for length in lengths)
    sections = tuple(Section((str(n),), 2, (block,)) for n, block in enumerate(blocks))
    whole = report().to_json() | {"sections": []}
    document = replace(Document.from_json(whole), sections=sections)
    shown = passages_shown(document, right)
    passages = passages_of(shown)
    assert len(passages) <= (MOST_PASSAGES if right == "passages" else 0)
    assert passages == passages_of(document)[: len(passages)]
    assert passages_shown(document, "full") is document

"""How much of a text the site shows, and where search engines are sent."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from search.document import Block, Document, Section
from search.results import SHOW, Passage, StoredDocument
from tests.webapp.conftest import LABELS
from webapp.public.rights import MOST_PASSAGES, as_far_as_shown

KEY, SOURCE = "bra:rapport", "https://bra.se/rapport"
WORDS = ("alfa", "beta", "gamma", "delta", "epsilon", "medling")


def report(url: str = SOURCE) -> Document:
    sections = tuple(Section((word,), 2, (Block(f"Om {word} och mer."),)) for word in WORDS)
    return Document(key=KEY, source="bra", title="Rapport", sections=sections, url=url)


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
    assert "Här ser du de 3 första styckena av 6. Läs hela texten hos bra.se ." in said(soup)


def test_or_those_that_answer_the_question(client: FlaskClient, engine: Any) -> None:
    soup = page(client, engine, "passages", f"{KEY}?q=medling")
    assert "medling" in texts(soup)
    assert len(texts(soup)) == 3
    assert "som bäst svarar på din sökning" in said(soup)


def test_of_a_snippet_source_no_passage_is_shown(client: FlaskClient, engine: Any) -> None:
    soup = page(client, engine, "snippet")
    assert texts(soup) == []
    assert "Den här texten får vi inte visa. Läs den hos bra.se ." in said(soup)


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


@given(
    st.integers(0, 40),
    st.lists(st.integers(-3, 50), max_size=9),
    st.sampled_from(["snippet", "passages"]),
)
def test_never_more_than_three_passages_are_shown(number: int, best: list[int], right: str) -> None:
    passages = tuple(Passage(n, f"text {n}", ()) for n in range(1, number + 1))
    shown = as_far_as_shown(StoredDocument(report(), passages), right, best)
    kept = shown.stored.passages
    assert len(kept) == shown.passages <= min(MOST_PASSAGES, number)
    assert list(kept) == sorted(kept, key=lambda passage: passage.number)

"""No document claims what no row of facts carries, and no row is without an address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.corpus.claims import Claim, unsupported
from tools.corpus.facts import ORGANISATIONS, Fact, read_facts
from tools.corpus.manuscripts import Manuscript, read_manuscripts

CORPUS = Path(__file__).parents[2] / "corpus"
FACTS = read_facts(CORPUS / "facts.toml")
MANUSCRIPTS = read_manuscripts(CORPUS / "manuscripts", FACTS)
OF_ALL = tuple(fact for fact in FACTS if ORGANISATIONS in fact.about)


def text_of(manuscript: Manuscript) -> str:
    """All that the author wrote, as it stands in the file."""
    path = CORPUS / "manuscripts" / f"{manuscript.name}.md"
    body = path.read_text("utf-8").split("+++\n", 2)[2]
    return "\n".join((manuscript.title, manuscript.subtitle, manuscript.lead, body))


def rows_of(manuscript: Manuscript) -> tuple[Fact, ...]:
    """What a text is held to: the rows it names; all where it still names sources in words."""
    names_words = len(manuscript.rows) < len(manuscript.facts)
    return FACTS if names_words else (*manuscript.rows, *OF_ALL)


def inventions(manuscript: Manuscript, text: str) -> list[Claim]:
    return unsupported(text, rows_of(manuscript))


@pytest.mark.parametrize("manuscript", MANUSCRIPTS, ids=lambda manuscript: manuscript.name)
def test_every_claim_of_a_document_stands_in_a_row(manuscript: Manuscript) -> None:
    assert inventions(manuscript, text_of(manuscript)) == []


@pytest.mark.parametrize(
    "invention",
    [
        "Metoden minskar brotten med 73 procent.",
        "Den infördes 1987.",
        "Det står i 94 §.",
        "Myndigheten för lokal trygghet ansvarar.",
        "Den prövades i 4 711 fall.",
    ],
)
@pytest.mark.parametrize("manuscript", MANUSCRIPTS[::9], ids=lambda manuscript: manuscript.name)
def test_a_planted_invention_is_found(manuscript: Manuscript, invention: str) -> None:
    found = inventions(manuscript, f"{text_of(manuscript)}\n\n{invention}\n")
    assert len(found) == 1


def test_every_row_has_an_address_and_a_month_of_checking() -> None:
    for fact in FACTS:
        assert fact.source.startswith("https://"), fact.id
        assert fact.checked, fact.id


def test_a_document_that_states_law_says_when_it_was_checked() -> None:
    for manuscript in MANUSCRIPTS:
        if any(row.states_law for row in manuscript.rows):
            assert "Kontrollera gällande lydelse" in manuscript.check_line, manuscript.name
